package tiff

import (
	"bytes"
	"encoding/binary"
	"image"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// entry is a value of a directory; several 16-bit ones are put behind it.
type entry struct {
	tag    uint16
	values []int
}

// file writes a little-endian TIFF file of uncompressed strips, one a page.
func file(pages ...[]entry) []byte {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00")
	for i, entries := range pages {
		at := len(b)
		end := at + 2 + 12*len(entries) + 4
		var behind []byte
		b = le.AppendUint16(b, uint16(len(entries)))
		for _, e := range entries {
			b = le.AppendUint16(b, e.tag)
			switch {
			case len(e.values) == 1:
				b = le.AppendUint16(b, 4)
				b = le.AppendUint32(b, 1)
				b = le.AppendUint32(b, uint32(e.values[0]))
			default:
				b = le.AppendUint16(b, 3)
				b = le.AppendUint32(b, uint32(len(e.values)))
				b = le.AppendUint32(b, uint32(end+len(behind)))
				for _, v := range e.values {
					behind = le.AppendUint16(behind, uint16(v))
				}
			}
		}
		next := 0
		if i+1 < len(pages) {
			next = end + len(behind)
		}
		b = append(le.AppendUint32(b, uint32(next)), behind...)
	}
	return b
}

// dataAt is where pixels lie in files of one strip.
const dataAt = 1000

// grey is the entries of a picture of 3x2 pixels, changed.
func grey(bits int, changes ...entry) []entry {
	entries := []entry{
		{tagWidth, []int{3}}, {tagHeight, []int{2}}, {tagBits, []int{bits}}, {tagCompression, []int{1}}, {tagPhotometric, []int{1}},
		{tagStripOffsets, []int{dataAt}}, {tagSamples, []int{1}}, {tagStripByteCounts, []int{6 * bits / 8}},
	}
	for _, c := range changes {
		entries = slices.DeleteFunc(entries, func(e entry) bool { return e.tag == c.tag })
		entries = append(entries, c)
	}
	return entries
}

// padded puts pixels where grey says they are.
func padded(head []byte, pixels ...byte) []byte {
	return append(append(head, make([]byte, dataAt-len(head))...), pixels...)
}

func TestValues(t *testing.T) {
	eight := []byte{0, 1, 2, 100, 254, 255}
	words := []byte{0, 0, 1, 0, 0, 0x80, 0xff, 0x7f, 0xff, 0xff, 0, 0xfc} // 0, 1, -32768, 32767, -1, -1024
	cases := []struct {
		name string
		data []byte
		want []int
	}{
		{"grey", padded(file(grey(8)), eight...), []int{0, 1, 2, 100, 254, 255}},
		{"white is zero", padded(file(grey(8, entry{tagPhotometric, []int{0}})), eight...), []int{255, 254, 253, 155, 1, 0}},
		{"16 bits", padded(file(grey(16)), words...), []int{0, 1, 0x8000, 0x7fff, 0xffff, 0xfc00}},
		{"signed", padded(file(grey(16, entry{tagSampleFormat, []int{2}})), words...), []int{32768, 32769, 0, 65535, 32767, 31744}},
		{"16 bits, white is zero", padded(file(grey(16, entry{tagPhotometric, []int{0}})), words...), []int{65535, 65534, 32767, 32768, 0, 1023}},
		{"predictor", padded(file(grey(8, entry{tagPredictor, []int{2}})), eight...), []int{0, 1, 3, 100, 98, 97}},
	}
	for _, c := range cases {
		pages, err := Pages(bytes.NewReader(c.data))
		if err != nil || len(pages) != 1 {
			t.Fatalf("%s: %d pages, %v", c.name, len(pages), err)
		}
		m, err := pages[0].Decode(bytes.NewReader(c.data))
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []int
		switch m := m.(type) {
		case *image.Gray:
			for _, v := range m.Pix {
				got = append(got, int(v))
			}
		case *image.Gray16:
			for i := 0; i < len(m.Pix); i += 2 {
				got = append(got, int(m.Pix[i])<<8|int(m.Pix[i+1]))
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestRefusals(t *testing.T) {
	loop := file(grey(8), grey(8))
	binary.LittleEndian.PutUint32(loop[len(loop)-4:], 8)
	cases := []struct {
		name string
		data []byte
		want string
	}{
		{"BigTIFF", []byte("II+\x00\x08\x00\x00\x00"), "BigTIFF"},
		{"short", []byte("II*\x00\x08\x00\x00\x00\x09"), "cut short"},
		{"no entries", []byte("II*\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"), "0 entries"},
		{"many entries", append([]byte("II*\x00\x08\x00\x00\x00\xff\xff"), make([]byte, 900000)...), "65535 entries"},
		{"a loop", loop, "lead back"},
		{"huge", file(grey(8, entry{tagWidth, []int{1 << 30}})), "too large"},
		{"huge tiles", file(grey(8, entry{tagTileWidth, []int{1 << 20}}, entry{tagTileHeight, []int{1 << 20}})), "tiles of"},
		{"more tiles than picture", file(grey(8, entry{tagHeight, []int{1 << 22}}, entry{tagTileWidth, []int{1 << 20}}, entry{tagTileHeight, []int{16}})), "tiles of"},
		{"one bit", file(grey(1)), "1 bits"},
		{"32 bits", file(grey(32)), "32 bits"},
		{"floats", file(grey(32, entry{tagSampleFormat, []int{3}})), "floating-point"},
		{"YCbCr", file(grey(8, entry{tagPhotometric, []int{6}})), "neither grey nor RGB"},
		{"alpha", file(grey(8, entry{tagSamples, []int{2}})), "2 values a pixel"},
		{"planes", file(grey(8, entry{tagPhotometric, []int{2}}, entry{tagSamples, []int{3}}, entry{tagPlanar, []int{2}})), "colours are stored"},
		{"JPEG", file(grey(8, entry{tagCompression, []int{7}})), "compression 7 (JPEG)"},
		{"predictor", file(grey(8, entry{tagPredictor, []int{3}})), "predictor 3"},
		{"no strips", padded(file(grey(8, entry{tagStripOffsets, []int{1, 2}}, entry{tagRowsPerStrip, []int{1}})), 1), "instead of 2"},
		{"no pixels", padded(file(grey(8)), 1, 2, 3), "cut short"},
		{"no palette", padded(file(grey(8, entry{tagPhotometric, []int{3}})), 1, 2, 3, 4, 5, 6), "lacks its entry 320"},
		{"bad LZW", padded(file(grey(8, entry{tagCompression, []int{5}})), 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "stands for nothing"},
		{"bad Deflate", padded(file(grey(8, entry{tagCompression, []int{8}})), 1, 2, 3, 4, 5, 6), "damaged"},
	}
	for _, c := range cases {
		if err := decodeFirst(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// decodeFirst decodes the first page; the error is the first one met.
func decodeFirst(data []byte) error {
	r := bytes.NewReader(data)
	pages, err := Pages(r)
	if err != nil {
		return err
	}
	_, err = pages[0].Decode(r)
	return err
}

// FuzzDecode checks that no bytes make the decoder panic or return a picture of
// another size than it said.
func FuzzDecode(f *testing.F) {
	six := []byte{0, 1, 2, 100, 254, 255, 6, 7, 8, 9, 10, 11}
	f.Add(padded(file(grey(8)), six...))
	f.Add(padded(file(grey(16), grey(8)), six...))
	f.Add(padded(file(grey(8, entry{tagCompression, []int{lzw}})), 0x80, 0x00, 0x00, 0x50, 0x28, 0x08))
	f.Add(padded(file(grey(8, entry{tagCompression, []int{packBits}})), 0xfc, 7, 0, 1, 0, 2))
	f.Add(padded(file(grey(8, entry{tagCompression, []int{deflate}})), 0x78, 0x9c, 0x63, 0x60, 0x64, 0x4a, 0xf9, 0xf7, 0x1f, 0, 4, 0xb9, 2, 0x63))
	f.Add(padded(file(grey(8, entry{tagTileWidth, []int{16}}, entry{tagTileHeight, []int{16}}, entry{tagTileOffsets, []int{0}}, entry{tagTileByteCounts, []int{256}})), six...))
	f.Add(padded(file(grey(8, entry{tagPhotometric, []int{2}}, entry{tagSamples, []int{3}}, entry{tagBits, []int{8, 8, 8}})), six...))
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		r := bytes.NewReader(data)
		pages, err := Pages(r)
		if err != nil {
			return
		}
		for _, p := range pages[:min(len(pages), 3)] {
			m, err := p.Decode(r)
			if err == nil && m.Bounds() != image.Rect(0, 0, p.W, p.H) {
				t.Fatalf("%v for %dx%d", m.Bounds(), p.W, p.H)
			}
		}
	})
}
