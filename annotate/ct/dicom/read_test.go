package dicom

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

func read(data []byte) (*Image, error) { return Read(bytes.NewReader(data), int64(len(data))) }

func ramp16(n, first int) []uint16 {
	p := make([]uint16, n)
	for i := range p {
		p[i] = uint16(first + i)
	}
	return p
}

// wantHU decodes frame i of data and compares it.
func wantHU(t *testing.T, data []byte, i int, want []int16, wantPad []bool) {
	t.Helper()
	im, err := read(data)
	if err != nil {
		t.Fatal(err)
	}
	hu, pad, err := im.Decode(bytes.NewReader(data), i)
	if err != nil {
		t.Fatal(err)
	}
	for p := range want {
		if hu[p] != want[p] {
			t.Fatalf("pixel %d is %d, want %d; all: %v", p, hu[p], want[p], hu)
		}
		if wantPad != nil && pad[p] != wantPad[p] {
			t.Fatalf("padding %v, want %v", pad, wantPad)
		}
	}
	if wantPad == nil && pad != nil {
		t.Errorf("there is padding: %v", pad)
	}
}

func TestEncodingsReadTheSame(t *testing.T) {
	d := dicomtest.CT(4, 2, 5, ramp16(8, 1000))
	d.Set(0x0008103e, "LO", "Thorax")
	d.Set(0x00081140, "SQ", []dicomtest.Dataset{{0x00081155: {Tag: 0x00081155, VR: "UI", Value: "1.2"}}})
	d.Set(0x00091001, "UN", []byte{1, 2, 3, 4})
	want := []int16{-24, -23, -22, -21, -20, -19, -18, -17}
	little := dicomtest.Bare(dicomtest.ExplicitLittle, d)
	lying := dicomtest.Write(dicomtest.ImplicitLittle, dicomtest.Dataset{})
	meta := dicomtest.Bare(dicomtest.ImplicitLittle, dicomtest.Dataset{0x00020010: {Tag: 0x00020010, VR: "UI", Value: dicomtest.ImplicitLittle}})
	implicitMeta := append(append(make([]byte, 128), "DICM"...), meta...)
	large := d.Clone()
	large.Set(0x00091002, "OB", make([]byte, 70_000))
	large.Set(0x00091003, "UV", []byte{1, 2, 3, 4, 5, 6, 7, 8})
	large.Set(0x00091004, "SV", make([]byte, 16))
	large.Set(0x00091005, "OV", make([]byte, 16))
	cases := map[string][]byte{
		"implicit":                  dicomtest.Write(dicomtest.ImplicitLittle, d),
		"explicit":                  dicomtest.Write(dicomtest.ExplicitLittle, d),
		"big endian":                dicomtest.Write(dicomtest.ExplicitBig, d),
		"deflated":                  dicomtest.Write(dicomtest.Deflated, d),
		"bare explicit":             little,
		"bare implicit":             dicomtest.Bare(dicomtest.ImplicitLittle, d),
		"bare big endian":           dicomtest.Bare(dicomtest.ExplicitBig, d),
		"meta without preamble":     dicomtest.Write(dicomtest.ExplicitLittle, d)[132:],
		"implicit by name only":     append(lying, little...),
		"implicit meta group":       append(implicitMeta, dicomtest.Bare(dicomtest.ImplicitLittle, d)...),
		"long and odd private data": dicomtest.Write(dicomtest.ExplicitLittle, large),
		"trailing bytes":            append(dicomtest.Write(dicomtest.ExplicitLittle, d), 0, 0, 0),
		"group length, meta length": append(dicomtest.Bare(dicomtest.ExplicitLittle, dicomtest.Dataset{0x00080000: {Tag: 0x00080000, VR: "UL", Value: []byte{9, 9, 9, 9}}}), little...),
	}
	for name, data := range cases {
		t.Run(name, func(t *testing.T) {
			wantHU(t, data, 0, want, nil)
			im, err := read(data)
			if err != nil {
				t.Fatal(err)
			}
			f := im.Frames[0]
			if im.SeriesDescription != "Thorax" || im.Modality != "CT" || !f.Placed || f.Position != [3]float64{-100, -120, 5} || f.Spacing != [2]float64{0.8, 0.7} {
				t.Errorf("read %+v", im)
			}
		})
	}
}

func TestPixelFormats(t *testing.T) {
	us := func(tag uint32, v int) dicomtest.Element { return dicomtest.Element{Tag: tag, VR: "US", Value: v} }
	ds := func(tag uint32, v string) dicomtest.Element { return dicomtest.Element{Tag: tag, VR: "DS", Value: v} }
	none := ds(0x00281052, "0")
	cases := []struct {
		name   string
		syntax string
		change []dicomtest.Element
		pixels any
		want   []int16
		pad    []bool
	}{
		{"signed", "", nil, []uint16{0, 0xffff, 0x8000, 0x7fff}, []int16{-1024, -1025, -32768, 31743}, nil},
		{"unsigned", "", []dicomtest.Element{us(0x00280103, 0), none}, []uint16{0, 1, 0x7fff, 0xffff}, []int16{0, 1, 32767, 32767}, nil},
		{"12 bits with overlays above", "", []dicomtest.Element{us(0x00280101, 12), us(0x00280102, 11), us(0x00280103, 0), none},
			[]uint16{0xf001, 0x0fff, 0x1000, 0x8800}, []int16{1, 4095, 0, 0x800}, nil},
		{"12 signed bits", "", []dicomtest.Element{us(0x00280101, 12), us(0x00280102, 11), none},
			[]uint16{0x0fff, 0x0800, 0xf7ff, 5}, []int16{-1, -2048, 2047, 5}, nil},
		{"high bits", "", []dicomtest.Element{us(0x00280101, 12), us(0x00280102, 15), us(0x00280103, 0), none},
			[]uint16{0x0010, 0xfff0, 0x123f, 0x000f}, []int16{1, 4095, 0x123, 0}, nil},
		{"8 bits", "", []dicomtest.Element{us(0x00280100, 8), us(0x00280101, 8), us(0x00280102, 7), us(0x00280103, 0), none},
			[]byte{0, 1, 128, 255}, []int16{0, 1, 128, 255}, nil},
		{"8 bits in big-endian words", dicomtest.ExplicitBig, []dicomtest.Element{us(0x00280100, 8), us(0x00280101, 8), us(0x00280102, 7), us(0x00280103, 0), none},
			[]byte{1, 0, 255, 128}, []int16{0, 1, 128, 255}, nil},
		{"32 bits", "", []dicomtest.Element{us(0x00280100, 32), us(0x00280101, 32), us(0x00280102, 31), none},
			[]byte{1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 1, 0, 0, 0, 0, 128}, []int16{1, -1, 32767, -32768}, nil},
		{"the pixels alone big endian", privateGE, nil, []byte{0, 0, 0, 1, 0xff, 0xff, 4, 0}, []int16{-1024, -1023, -1025, 0}, nil},
		{"scaled and rounded", "", []dicomtest.Element{ds(0x00281053, " 5E-1 "), ds(0x00281052, "-10")},
			[]uint16{1, 3, 4, 0xffff}, []int16{-10, -8, -8, -10}, nil},
		{"padding by sign of pixels", "", []dicomtest.Element{us(0x00280120, 63536)},
			[]uint16{63536, 0, 1, 63536}, []int16{-1024, -1024, -1023, -1024}, []bool{true, false, false, true}},
		{"padding range", "", []dicomtest.Element{us(0x00280120, 63536), {Tag: 0x00280121, VR: "SS", Value: -2002}},
			[]uint16{63536, 63535, 63533, 63534}, []int16{-1024, -1024, -3027, -1024}, []bool{true, true, false, true}},
		{"padding beyond the stored bits", "", []dicomtest.Element{us(0x00280101, 12), us(0x00280102, 11), us(0x00280103, 0), us(0x00280120, 63536), none},
			[]uint16{63536, 0x830, 0, 1}, []int16{-1024, 0x830, 0, 1}, []bool{true, false, false, false}},
		{"no scale", "", []dicomtest.Element{ds(0x00281053, ""), ds(0x00281052, "")}, []uint16{1, 2, 3, 4}, []int16{1, 2, 3, 4}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := dicomtest.CT(2, 2, 0, nil)
			for _, e := range c.change {
				d[e.Tag] = e
			}
			d.Set(0x7fe00010, "OW", c.pixels)
			syntax := c.syntax
			if syntax == "" {
				syntax = dicomtest.ExplicitLittle
			}
			wantHU(t, dicomtest.Write(syntax, d), 0, c.want, c.pad)
		})
	}
}

func TestFramesOverruleSharedGroups(t *testing.T) {
	for _, syntax := range []string{dicomtest.ExplicitLittle, dicomtest.ImplicitLittle, dicomtest.ExplicitBig, dicomtest.Deflated} {
		data := dicomtest.Write(syntax, dicomtest.Enhanced(3))
		im, err := read(data)
		if err != nil {
			t.Fatal(err)
		}
		if len(im.Frames) != 3 || !im.Frames[2].Placed || im.Frames[2].Position[2] != 3 || im.Frames[0].Spacing != [2]float64{0.5, 0.6} {
			t.Fatalf("%s: %+v", syntax, im.Frames)
		}
		wantHU(t, data, 0, []int16{-10, -9}, nil)
		wantHU(t, data, 1, []int16{104, 106}, nil)
		wantHU(t, data, 2, []int16{-6, -5}, nil)
	}
}

func TestRefusals(t *testing.T) {
	with := func(elements ...dicomtest.Element) []byte {
		d := dicomtest.CT(2, 2, 0, ramp16(4, 0))
		for _, e := range elements {
			d[e.Tag] = e
		}
		return dicomtest.Write(dicomtest.ExplicitLittle, d)
	}
	us := func(tag uint32, v int) dicomtest.Element { return dicomtest.Element{Tag: tag, VR: "US", Value: v} }
	text := func(tag uint32, vr, v string) dicomtest.Element { return dicomtest.Element{Tag: tag, VR: vr, Value: v} }
	noPixels := dicomtest.CT(2, 2, 0, nil)
	delete(noPixels, 0x7fe00010)
	floats := noPixels.Clone()
	floats.Set(0x7fe00008, "OF", make([]byte, 16))
	whole := with()
	deflated := dicomtest.Write(dicomtest.Deflated, dicomtest.CT(64, 64, 0, ramp16(4096, 0)))
	deep := []dicomtest.Dataset{{}}
	for range limits.depth + 1 {
		deep = []dicomtest.Dataset{{0x00081140: {Tag: 0x00081140, VR: "SQ", Value: deep}}}
	}
	frames := dicomtest.Enhanced(3)
	frames.Set(0x00280008, "IS", "2")
	cases := []struct {
		name string
		data []byte
		want string
	}{
		{"retired JPEG", dicomtest.Write("1.2.840.10008.1.2.4.53", noPixels), "JPEG Spectral Selection (retired) is not supported"},
		{"video", dicomtest.Write("1.2.840.10008.1.2.4.102", noPixels), "MPEG-4 video is not supported"},
		{"compressed without pixels", dicomtest.Write("1.2.840.10008.1.2.4.90", noPixels), "no pixels in it"},
		{"compressed by name only", dicomtest.Write("1.2.840.10008.1.2.4.90", dicomtest.CT(2, 2, 0, ramp16(4, 0))), "the pixels are not compressed"},
		{"JPIP", dicomtest.Write("1.2.840.10008.1.2.4.94", noPixels), "JPIP Referenced"},
		{"unknown syntax", dicomtest.Write("9.9.9", noPixels), `"9.9.9" is not known`},
		{"no pixels", dicomtest.Write(dicomtest.ExplicitLittle, noPixels), "no pixels in it (CT Image Storage)"},
		{"float pixels", dicomtest.Write(dicomtest.ExplicitLittle, floats), "floating-point"},
		{"pixels cut short", whole[:len(whole)-3], "cut short"},
		{"header cut short", whole[:len(whole)-32], "cut short"},
		{"deflated and cut short", deflated[:len(deflated)-40], "cut short"},
		{"deflated and damaged", append(deflated[:200:200], bytes.Repeat([]byte{0xff}, 200)...), "damaged"},
		{"colour", with(text(0x00280004, "CS", "RGB"), us(0x00280002, 3)), "colour"},
		{"palette", with(text(0x00280004, "CS", "PALETTE COLOR")), "colour"},
		{"1 bit", with(us(0x00280100, 1), us(0x00280101, 1), us(0x00280102, 0)), "1 bits"},
		{"no bits", with(us(0x00280100, 0)), "how many bits"},
		{"more bits stored than there are", with(us(0x00280101, 17)), "contradicts"},
		{"high bit too low", with(us(0x00280102, 3)), "contradicts"},
		{"no rows", with(us(0x00280010, 0)), "not possible"},
		{"too large", with(us(0x00280010, 65535), us(0x00280011, 65535)), "not possible"},
		{"more rows than pixels", with(us(0x00280010, 200)), "cut short"},
		{"2^31 frames", with(text(0x00280008, "IS", "2147483648")), "number of frames"},
		{"a negative number of frames", with(text(0x00280008, "IS", "-1")), "number of frames"},
		{"more frames than pixels", with(text(0x00280008, "IS", "3")), "cut short"},
		{"frames that nobody describes", dicomtest.Write(dicomtest.ExplicitLittle, frames), "describes 3 frames but has 2"},
		{"segmentation", with(text(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.66.4")), "segmentation"},
		{"nested", dicomtest.Write(dicomtest.ExplicitLittle, deep[0]), "deep"},
		{"a length beyond the end", append(whole[:len(whole)-20:len(whole)-20], 0x28, 0, 0, 0x20, 'O', 'B', 0, 0, 0, 0, 0, 0x70), "cut short"},
		{"an unknown type", append(whole[:len(whole)-20:len(whole)-20], 0x28, 0, 0, 0x20, 'X', 'X', 0, 0), "damaged"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := read(c.data)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
		})
	}
}

// TestMissingPadding reads a picture of an odd number of bytes whose last byte,
// which only makes the number even, is not there.
func TestMissingPadding(t *testing.T) {
	d := dicomtest.CT(3, 3, 0, nil)
	d.Set(0x00280100, "US", 8)
	d.Set(0x00280101, "US", 8)
	d.Set(0x00280102, "US", 7)
	d.Set(0x7fe00010, "OB", []byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	file := dicomtest.Write(dicomtest.ExplicitLittle, d)
	want := []int16{-1023, -1022, -1021, -1020, -1019, -1018, -1017, -1016, -1015}
	wantHU(t, file, 0, want, nil)
	wantHU(t, file[:len(file)-1], 0, want, nil)
	if _, err := read(file[:len(file)-2]); err == nil || !strings.Contains(err.Error(), "cut short: 8 of 9 bytes") {
		t.Errorf("got %v", err)
	}
}

func TestWindow(t *testing.T) {
	cases := []struct {
		width, level, function string
		want                   [2]float64
	}{
		{"401", "40.5", "", [2]float64{400, 40}},
		{`401\100`, `40.5\0`, "LINEAR", [2]float64{400, 40}},
		{"400", "40", "LINEAR_EXACT", [2]float64{400, 40}},
		{"1", "40", "", [2]float64{}},
		{"", "40", "", [2]float64{}},
	}
	for _, c := range cases {
		d := dicomtest.CT(2, 2, 0, ramp16(4, 0))
		d.Set(0x00281050, "DS", c.level)
		d.Set(0x00281051, "DS", c.width)
		d.Set(0x00281056, "CS", c.function)
		im, err := read(dicomtest.Write(dicomtest.ExplicitLittle, d))
		if err != nil {
			t.Fatal(err)
		}
		if im.Window != c.want {
			t.Errorf("%+v: got %v", c, im.Window)
		}
	}
}

func TestOtherFilesAreNotDICOM(t *testing.T) {
	for _, data := range []string{"", "hello", strings.Repeat("text ", 100), "\x1f\x8b\x08", "{\"a\": 1}", "\x08\x00\xff\xff\xff\xff\xff\xff"} {
		if _, err := read([]byte(data)); !errors.Is(err, ErrNotDICOM) {
			t.Errorf("%.10q: got %v", data, err)
		}
	}
}

func TestUnusableGeometryIsNotPlaced(t *testing.T) {
	cases := map[string]dicomtest.Element{
		"two numbers":       {Tag: 0x00200032, VR: "DS", Value: `1\2`},
		"no number":         {Tag: 0x00200032, VR: "DS", Value: `1\2\x`},
		"infinite":          {Tag: 0x00200032, VR: "DS", Value: `1\2\inf`},
		"far away":          {Tag: 0x00200032, VR: "DS", Value: `1\2\1e300`},
		"not a unit vector": {Tag: 0x00200037, VR: "DS", Value: `2\0\0\0\1\0`},
		"no right angle":    {Tag: 0x00200037, VR: "DS", Value: `1\0\0\1\0\0`},
		"no size":           {Tag: 0x00280030, VR: "DS", Value: `0\0.5`},
		"empty":             {Tag: 0x00280030, VR: "DS", Value: ``},
	}
	for name, e := range cases {
		d := dicomtest.CT(2, 2, 0, ramp16(4, 0))
		d[e.Tag] = e
		im, err := read(dicomtest.Write(dicomtest.ExplicitLittle, d))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if im.Frames[0].Placed {
			t.Errorf("%s: it was given a place", name)
		}
	}
}
