package dicom

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// mapped is a slice of four pixels whose values go through a lookup table.
func mapped(signed int, descriptor []int, data any) dicomtest.Dataset {
	table := dicomtest.Dataset{}
	table.Set(0x00283002, "US", descriptor)
	table.Set(0x00283004, "LO", "HU")
	table.Set(0x00283006, "OW", data)
	d := dicomtest.CT(4, 1, 5, []uint16{0, 10, 11, 0xffff})
	d.Set(0x00280103, "US", signed)
	d.Set(0x00283000, "SQ", []dicomtest.Dataset{table})
	return d
}

// A modality lookup table makes the values, and nothing else does; stored values
// before and behind it are as its ends.
func TestModalityTable(t *testing.T) {
	long := make([]uint16, 1<<16)
	for i := range long {
		long[i] = uint16(i / 4)
	}
	for _, c := range []struct {
		name   string
		data   dicomtest.Dataset
		want   []int16
		reason string
	}{
		{"words", mapped(0, []int{3, 9, 16}, []uint16{100, 200, 300}), []int16{100, 200, 300, 300}, ""},
		{"signed", mapped(1, []int{3, 0xffff, 16}, []uint16{100, 200, 300}), []int16{200, 300, 300, 100}, ""},
		{"bytes", mapped(0, []int{3, 9, 8}, []byte{7, 8, 9, 0}), []int16{7, 8, 9, 9}, ""},
		{"bytes in words", mapped(0, []int{3, 9, 8}, []uint16{7, 8, 9}), []int16{7, 8, 9, 9}, ""},
		{"65,536 entries", mapped(0, []int{0, 0, 16}, long), []int16{0, 2, 2, 16383}, ""},
		{"too short", mapped(0, []int{4, 9, 16}, []uint16{1, 2, 3}), nil, "lookup table that its values go through is damaged"},
		{"without a description", mapped(0, []int{3, 9}, []uint16{1, 2, 3}), nil, "damaged"},
		{"bits", mapped(0, []int{3, 9, 32}, []uint16{1, 2, 3}), nil, "32 bits"},
		{"too large", mapped(0, []int{3, 9, 16}, []uint16{1, 2, 40000}), nil, "40000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, syntax := range []string{dicomtest.ImplicitLittle, dicomtest.ExplicitBig} {
				if c.name == "bytes" && syntax == dicomtest.ExplicitBig {
					continue // its words are swapped
				}
				data := dicomtest.Write(syntax, c.data)
				im, err := read(data)
				if c.reason != "" {
					if err == nil || !strings.Contains(err.Error(), c.reason) {
						t.Errorf("%v", err)
					}
					continue
				}
				if err != nil {
					t.Fatal(err)
				}
				hu, _, err := im.Decode(bytes.NewReader(data), 0)
				if err != nil || !slices.Equal(hu, c.want) || im.LookupTable != "HU" {
					t.Errorf("%s: %v, %v, %q", syntax, hu, err, im.LookupTable)
				}
			}
		})
	}
}
