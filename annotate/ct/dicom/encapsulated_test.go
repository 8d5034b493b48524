package dicom

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

const rleLossless = "1.2.840.10008.1.2.5"

// rle16 compresses words, none of them well.
func rle16(words []uint16) []byte {
	out := make([]byte, 64)
	binary.LittleEndian.PutUint32(out, 2)
	for plane, shift := range []int{8, 0} {
		binary.LittleEndian.PutUint32(out[4+4*plane:], uint32(len(out)))
		for _, w := range words {
			out = append(out, 0, byte(w>>shift))
		}
	}
	return out
}

// frames is a CT of n frames of 2x2 pixels, of which those of frame i are 4*i
// and on before rescaling.
func frames(n int) (d dicomtest.Dataset, streams [][]byte) {
	d = dicomtest.CT(2, 2, 0, nil)
	d.Set(0x00280008, "IS", string(rune('0'+n)))
	for i := range n {
		streams = append(streams, rle16(ramp16(4, 4*i)))
	}
	return d, streams
}

func TestRLEFrames(t *testing.T) {
	d, s := frames(3)
	for i, want := range [][]int16{{-1024, -1023, -1022, -1021}, {-1020, -1019, -1018, -1017}, {-1016, -1015, -1014, -1013}} {
		wantHU(t, dicomtest.Encapsulated(rleLossless, d, nil, s...), i, want, nil)
	}
}

// table is an offset table.
func table(size int, offsets ...uint64) (b []byte) {
	for _, o := range offsets {
		if size == 4 {
			b = binary.LittleEndian.AppendUint32(b, uint32(o))
		} else {
			b = binary.LittleEndian.AppendUint64(b, o)
		}
	}
	return b
}

// TestFragments cuts the two frames of a picture into pieces.
func TestFragments(t *testing.T) {
	d, s := frames(2)
	pieces := [][]byte{s[0][:30], s[0][30:], s[1][:10], s[1][10:70], s[1][70:]} // of 30, 50, 10, 60, 10 bytes
	second := uint64(30 + 50 + 2*8)
	begun := func(k int) []byte { return append([]byte("\xff\xd8\xff"), make([]byte, k)...) }
	extended := d.Clone()
	extended.Set(0x7fe00001, "OV", table(8, 0, second))
	extended.Set(0x7fe00002, "OV", table(8, 96, 104))
	cases := []struct {
		name  string
		d     dicomtest.Dataset
		table []byte
		parts [][]byte
		want  string // the refusal
	}{
		{"basic table", d, table(4, 0, second), pieces, ""},
		{"extended table", extended, nil, pieces, ""},
		{"extended table before the basic one", extended, table(4, 0, 38), pieces, ""},
		{"one piece a frame", d, nil, s, ""},
		{"one piece a frame, wrong table", d, table(4, 0, 7), s, ""},
		{"table of backward offsets", d, table(4, 0, 0), s, ""},
		{"no table", d, nil, pieces, "which of the 5 pieces"},
		{"wrong table", d, table(4, 0, second+2), pieces, "which of the 5 pieces"},
		{"table of one frame", d, table(4, 0), pieces, "which of the 5 pieces"},
		{"too few pieces", d, nil, s[:1], "cut short"},
		{"no pieces", d, nil, nil, "no pixels"},
		{"pieces that do not begin a frame", d, nil, [][]byte{{1, 2}, begun(3), begun(5)}, "which of the 3 pieces"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			file := dicomtest.Encapsulated(rleLossless, c.d, c.table, c.parts...)
			if c.want == "" {
				wantHU(t, file, 0, []int16{-1024, -1023, -1022, -1021}, nil)
				wantHU(t, file, 1, []int16{-1020, -1019, -1018, -1017}, nil)
				wantHU(t, file[:len(file)-8], 1, []int16{-1020, -1019, -1018, -1017}, nil) // no last delimiter
				return
			}
			if _, err := read(file); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestFragmentsByBeginning cuts JPEG streams, which show where they begin.
func TestFragmentsByBeginning(t *testing.T) {
	d, _ := frames(2)
	a, b := []byte("\xff\xd8\xff\xee first"), []byte("\xff\xd8\xff\xee second")
	im, err := read(dicomtest.Encapsulated("1.2.840.10008.1.2.4.70", d, nil, a[:4], a[4:], b[:6], b[6:8], b[8:]))
	if err != nil {
		t.Fatal(err)
	}
	if s := im.format.starts; len(s) != 2 || s[0] != 0 || s[1] != 2 {
		t.Errorf("the frames begin at %v", s)
	}
}

func TestFragmentsCutShort(t *testing.T) {
	d, s := frames(2)
	file := dicomtest.Encapsulated(rleLossless, d, nil, s...)
	for n := len(file) - 9; n > len(file)-150; n-- {
		if _, err := read(file[:n]); err == nil {
			t.Errorf("all but %d bytes were read", len(file)-n)
		}
	}
	file = dicomtest.Encapsulated(rleLossless, d, nil, s[0], s[1][:76])
	im, err := read(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := im.Decode(bytes.NewReader(file), 1); err == nil || !strings.Contains(err.Error(), "cut short") {
		t.Errorf("got %v", err)
	}
}

func TestWrappedFrames(t *testing.T) {
	d := dicomtest.CT(2, 2, 0, nil)
	raw := []byte{0, 0, 1, 0, 0xff, 0xff, 0, 4}
	want := []int16{-1024, -1023, -1025, 0}
	wantHU(t, dicomtest.Encapsulated(encapsulatedLittle, d, nil, raw), 0, want, nil)
	wantHU(t, dicomtest.Encapsulated(encapsulatedLittle, d, nil, raw[:6], raw[6:]), 0, want, nil)
	wantHU(t, dicomtest.Encapsulated(deflatedFrames, d, nil, dicomtest.Deflate(raw)), 0, want, nil)
	for _, file := range [][]byte{
		dicomtest.Encapsulated(encapsulatedLittle, d, nil, raw[:6]),
		dicomtest.Encapsulated(deflatedFrames, d, nil, dicomtest.Deflate(raw[:6])),
		dicomtest.Encapsulated(deflatedFrames, d, nil, raw),
	} {
		im, err := read(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err = im.Decode(bytes.NewReader(file), 0); err == nil {
			t.Error("broken pixels were decoded")
		}
	}
}

// TestPaddingInCompressedPixels finds padding whose word has bits beyond those
// stored.
func TestPaddingInCompressedPixels(t *testing.T) {
	d := dicomtest.CT(2, 2, 0, nil)
	d.Set(0x00280120, "SS", -2000)
	wantHU(t, dicomtest.Encapsulated(rleLossless, d, nil, rle16([]uint16{0xf830, 0, 1, 0xf830})), 0,
		[]int16{-1024, -1024, -1023, -1024}, []bool{true, false, false, true})
}
