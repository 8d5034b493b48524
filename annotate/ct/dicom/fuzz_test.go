package dicom

import (
	"bytes"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/fuzzlimit"
)

// FuzzParse checks that no bytes make the reader panic, and that whatever it
// accepts can be decoded, unless compressed pixels turn out to be damaged.
func FuzzParse(f *testing.F) {
	d := dicomtest.CT(4, 2, 5, ramp16(8, 1000))
	d.Set(0x00080005, "CS", `\\ISO 2022 IR 87\ISO 2022 IR 149`)
	d.Set(0x0008103e, "LO", "\x1b$B;3ED\x1b(B^\x1b$)C\xfb\xf3")
	d.Set(0x00280120, "US", 63536)
	groups := dicomtest.Enhanced(3)
	for _, syntax := range []string{dicomtest.ImplicitLittle, dicomtest.ExplicitLittle, dicomtest.ExplicitBig, dicomtest.Deflated, "1.2.840.10008.1.2.4.90", privateGE} {
		f.Add(dicomtest.Write(syntax, d))
		f.Add(dicomtest.Write(syntax, groups))
		f.Add(dicomtest.Bare(syntax, d))
	}
	for _, form := range sequenceForms {
		f.Add(dicomtest.Write(dicomtest.ExplicitLittle, remade(groups, form.make)))
	}
	cut, streams := frames(2)
	f.Add(dicomtest.Encapsulated(rleLossless, cut, table(4, 0, 88), streams...))
	f.Add(dicomtest.Encapsulated(rleLossless, cut, nil, streams[0], streams[1][:9], streams[1][9:]))
	f.Add(dicomtest.Encapsulated(deflatedFrames, d, nil, dicomtest.Deflate(make([]byte, 16))))
	records := dicomtest.Group(dicomtest.Element{Tag: 0x00041500, VR: "CS", Value: `A\B`})
	f.Add(dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.Group(dicomtest.Element{Tag: 0x00041220, VR: "SQ", Value: records})[0]))
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		im, err := read(data)
		if err != nil {
			return
		}
		for i := range im.Frames[:min(3, len(im.Frames))] {
			hu, pad, err := im.Decode(bytes.NewReader(data), i)
			if err != nil && im.format.decoder != nil {
				continue
			}
			if err != nil {
				t.Fatalf("frame %d: %v", i, err)
			}
			if len(hu) != im.Rows*im.Columns || pad != nil && len(pad) != len(hu) {
				t.Fatalf("%d pixels and %d of padding for %dx%d", len(hu), len(pad), im.Columns, im.Rows)
			}
		}
	})
}

// FuzzFrames checks that each frame that is found in compressed pixels has
// fragments of its own, which lie in the file one behind the other.
func FuzzFrames(f *testing.F) {
	item := func(data ...byte) []byte {
		return append([]byte{0xfe, 0xff, 0x00, 0xe0, byte(len(data)), byte(len(data) >> 8), 0, 0}, data...)
	}
	two := bytes.Join([][]byte{item(1, 2, 3, 4), item(5, 6)}, nil)
	pictures := bytes.Join([][]byte{item(0xff, 0xd8, 0xff, 0xf7), item(1, 2), item(0xff, 0xd8, 0xff, 0xf7), item(3, 4)}, nil)
	end := []byte("\xfe\xff\xdd\xe0\x00\x00\x00\x00")
	f.Add(byte('1'), []byte{}, []byte{}, append(two, end...))
	f.Add(byte('2'), []byte{}, []byte{}, two)
	f.Add(byte('2'), table(4, 0, 12), []byte{}, append(two, end...))
	f.Add(byte('2'), []byte{}, table(8, 0, 12), append(two, end...))
	f.Add(byte('2'), table(4, 0, 1<<31), table(8, 0, 1<<63), pictures)
	f.Add(byte('2'), []byte{}, []byte{}, pictures)
	f.Fuzz(func(t *testing.T, count byte, basic, extended, pixels []byte) {
		defer fuzzlimit.Start()()
		d := dicomtest.CT(2, 2, 0, nil)
		d.Set(0x00280008, "IS", string(rune(count)))
		d.Set(0x7fe00001, "OV", extended)
		empty := dicomtest.Encapsulated("1.2.840.10008.1.2.4.70", d, basic)
		file := append(empty[:len(empty)-8], pixels...)
		im, err := read(file)
		if err != nil {
			return
		}
		starts, fragments := im.format.starts, im.format.fragments
		if len(starts) != len(im.Frames) || starts[0] != 0 {
			t.Fatalf("%d frames begin at %v", len(im.Frames), starts)
		}
		for i, s := range starts {
			if s >= len(fragments) || i > 0 && s <= starts[i-1] {
				t.Fatalf("frames begin at %v of %d fragments", starts, len(fragments))
			}
		}
		last := int64(len(empty) - 8)
		for _, g := range fragments {
			if g.offset < last+8 || g.length < 0 || g.offset+g.length > int64(len(file)) {
				t.Fatalf("a fragment of %d bytes at %d, behind %d of %d", g.length, g.offset, last, len(file))
			}
			last = g.offset + g.length
		}
	})
}
