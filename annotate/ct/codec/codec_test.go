package codec_test

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/codec"
)

// rle puts byte planes behind their table of offsets.
func rle(planes ...[]byte) []byte {
	out := make([]byte, 64)
	binary.LittleEndian.PutUint32(out, uint32(len(planes)))
	for i, p := range planes {
		binary.LittleEndian.PutUint32(out[4+4*i:], uint32(len(out)))
		out = append(out, p...)
	}
	return out
}

// TestRLEByHand has literal bytes, runs, bytes that stand for nothing, and runs
// that go on behind the last pixel.
func TestRLEByHand(t *testing.T) {
	plane := []byte{2, 1, 2, 3, 0x80, 0xfe, 9, 0, 7, 0xfc, 5} // 1 2 3 9 9 9 7 5 5...
	bytes8 := []int32{1, 2, 3, 9, 9, 9, 7, 5}
	zero := []byte{0xf9, 0} // eight zeros
	ones := []byte{0xf9, 0xff}
	cases := []struct {
		name   string
		planes [][]byte
		p      codec.Params
		want   []int32
	}{
		{"8 bits", [][]byte{plane}, codec.Params{Rows: 2, Columns: 4, Bits: 8}, bytes8},
		{"16 bits", [][]byte{zero, plane}, codec.Params{Rows: 4, Columns: 2, Bits: 16}, bytes8},
		{"16 signed bits", [][]byte{ones, plane}, codec.Params{Rows: 8, Columns: 1, Bits: 16, Signed: true}, []int32{-255, -254, -253, -247, -247, -247, -249, -251}},
		{"32 bits", [][]byte{zero, plane, zero, zero}, codec.Params{Rows: 1, Columns: 8, Bits: 32}, []int32{1 << 16, 2 << 16, 3 << 16, 9 << 16, 9 << 16, 9 << 16, 7 << 16, 5 << 16}},
		{"32 signed bits", [][]byte{ones, ones, ones, ones}, codec.Params{Rows: 1, Columns: 8, Bits: 32, Signed: true}, slices.Repeat([]int32{-1}, 8)},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := codec.DecodeRLE(rle(c.planes...), c.p)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, got, c.want, 0)
		})
	}
}

// TestJP2 wraps a codestream in the boxes of a JP2 file.
func TestJP2(t *testing.T) {
	i := slices.IndexFunc(seeds, func(s seed) bool { return s.name == "j2k" })
	stream, p := seeds[i].stream(t)
	box := func(kind string, body []byte) []byte {
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), kind...), body...)
	}
	head := slices.Concat(box("jP  ", []byte("\r\n\x87\n")), box("ftyp", []byte("jp2 \x00\x00\x00\x00jp2 ")))
	p.decodes(t, codec.DecodeJPEG2000, append(slices.Clone(head), box("jp2c", stream)...), 0)
	open := box("jp2c", stream)
	copy(open, "\x00\x00\x00\x00") // up to the end
	p.decodes(t, codec.DecodeJPEG2000, append(slices.Clone(head), open...), 0)
	if _, err := codec.DecodeJPEG2000(head, p.params()); err == nil {
		t.Error("a file without a picture was decoded")
	}
}

// TestFor has a decoder for each transfer syntax of grey pictures that is in use,
// and none for those that are not.
func TestFor(t *testing.T) {
	const root = "1.2.840.10008.1.2."
	for _, s := range strings.Fields("5 4.50 4.51 4.57 4.70 4.80 4.81 4.90 4.91 4.201 4.202 4.203") {
		if codec.For(root+s) == nil {
			t.Errorf("there is no decoder for %s", s)
		}
	}
	for _, s := range strings.Fields("1 4.53 4.55 4.92 4.93 4.100 4.110 4.204") {
		if codec.For(root+s) != nil {
			t.Errorf("there is a decoder for %s", s)
		}
	}
}

// TestRefusals are streams of kinds that are known and not decoded.
func TestRefusals(t *testing.T) {
	change := func(name string, at string, by int, value byte) []byte {
		i := slices.IndexFunc(seeds, func(s seed) bool { return s.name == name })
		stream, _ := seeds[i].stream(t)
		k := strings.Index(string(stream), at)
		if k < 0 {
			t.Fatalf("%s has no %q", name, at)
		}
		stream = slices.Clone(stream)
		stream[k+by] = value
		return stream
	}
	cases := []struct {
		name   string
		decode codec.Decoder
		data   []byte
		want   string
	}{
		{"progressive JPEG", codec.DecodeJPEG, change("jpeg8", "\xff\xc0", 1, 0xc2), "progressive"},
		{"arithmetic JPEG", codec.DecodeJPEG, change("jpeg8", "\xff\xc0", 1, 0xc9), "process 9"},
		{"three colours", codec.DecodeJPEG, change("jpeg8", "\xff\xc0", 9, 3), "3 colours"},
		{"JPEG-LS as JPEG", codec.DecodeJPEG, change("jls8", "\xff\xf7", 1, 0xf7), "JPEG-LS"},
		{"JPEG as JPEG-LS", codec.DecodeJPEGLS, change("lossless1", "\xff\xc3", 1, 0xc3), "header says JPEG-LS"},
		{"JPEG-LS of two colours", codec.DecodeJPEGLS, change("jls8", "\xff\xf7", 9, 2), "2 colours"},
		{"JPEG 2000 of four colours", codec.DecodeJPEG2000, change("j2k", "\xff\x51", 39, 4), "4 colours"},
		{"mixed HTJ2K", codec.DecodeJPEG2000, change("htj2k", "\xff\x52", 12, 0xc0), "style c0"},
		{"JPEG 2000 Part 2", codec.DecodeJPEG2000, change("htj2k", "\xff\x50", 4, 0x40), "another part"},
		{"packed headers", codec.DecodeJPEG2000, change("j2k", "\xff\x64", 1, 0x60), "packed packet headers"},
		{"nothing", codec.DecodeJPEG2000, nil, "not JPEG 2000"},
		{"RLE of three colours", codec.DecodeRLE, rle(nil, nil, nil), "3 byte planes"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, s := range seeds {
				_, err := c.decode(c.data, s.picture.params())
				if err == nil {
					t.Fatal("it was decoded")
				}
				if strings.Contains(err.Error(), c.want) {
					return
				}
			}
			t.Errorf("no refusal with %q", c.want)
		})
	}
}
