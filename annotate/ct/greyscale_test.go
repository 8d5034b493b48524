package ct

import (
	"encoding/binary"
	"image"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// tiffOf is a TIFF file of 16-bit pages of 2x1 pixels.
func tiffOf(signed bool, pages ...[2]uint16) []byte {
	le := binary.LittleEndian
	b := []byte("II*\x00\x08\x00\x00\x00")
	format := uint32(1)
	if signed {
		format = 2
	}
	for i, pixels := range pages {
		const size = 2 + 9*12 + 4
		at := uint32(len(b))
		b = le.AppendUint16(b, 9)
		for _, e := range [][2]uint32{{256, 2}, {257, 1}, {258, 16}, {259, 1}, {262, 1}, {273, at + size}, {277, 1}, {279, 4}, {339, format}} {
			b = le.AppendUint16(le.AppendUint16(b, uint16(e[0])), 4)
			b = le.AppendUint32(le.AppendUint32(b, 1), e[1])
		}
		next := uint32(0)
		if i+1 < len(pages) {
			next = at + size + 4
		}
		b = le.AppendUint32(b, next)
		b = le.AppendUint16(le.AppendUint16(b, pixels[0]), pixels[1])
	}
	return b
}

func TestWindowCard(t *testing.T) {
	eight := pngBytes(t, &image.Gray{Pix: []byte{0, 255}, Stride: 2, Rect: image.Rect(0, 0, 2, 1)})
	sixteen := pngBytes(t, &image.Gray16{Pix: []byte{4, 0, 0x10, 0}, Stride: 4, Rect: image.Rect(0, 0, 2, 1)})
	cases := []struct {
		name, file string
		data       []byte
		card       string
		window     Window
		want       []int16
		values     string
		warning    string
	}{
		{"none", "a.png", eight, "", Lung, []int16{-1350, 150}, "8-bit grey: black is -1350 HU, white is 150 HU (a lung window, as no window.json says otherwise)", ""},
		{"window", "a.png", eight, `{"width": 400, "level": 40}`, Window{400, 40}, []int16{-160, 240}, "8-bit grey: black is -160 HU, white is 240 HU, as window.json says", ""},
		{"slope", "a.png", eight, `{"slope": 2, "intercept": -500.4}`, Lung, []int16{-500, 10}, "8-bit grey: HU = 2 x value -500.4, as window.json says", ""},
		{"16 bits", "a.png", sixteen, "", Lung, []int16{-1327, -1256}, "16-bit grey: black is -1350 HU", "may be Hounsfield units with an offset"},
		{"16 bits, slope", "a.png", sixteen, `{"slope": 1, "intercept": -1024}`, Lung, []int16{0, 3072}, "16-bit grey: HU = 1 x value -1024", ""},
		{"signed", "a.tif", tiffOf(true, [2]uint16{0xfc00, 100}), "", Lung, []int16{-1024, 100}, "signed 16-bit grey, taken as HU", ""},
		{"signed, slope", "a.tif", tiffOf(true, [2]uint16{0xfc00, 100}), `{"slope": 0.5, "intercept": 1}`, Lung, []int16{-511, 51}, "signed 16-bit grey: HU = 0.5 x value +1", ""},
		{"pages", "a.tiff", tiffOf(false, [2]uint16{0, 0xffff}, [2]uint16{7, 8}), "", Lung, []int16{-1350, 150}, "16-bit grey: black is -1350 HU", "offset"},
	}
	for _, c := range cases {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, c.file), c.data)
		if c.card != "" {
			writeFile(t, filepath.Join(dir, CardName), []byte(c.card))
		}
		found := openAll(t, dir)
		if len(found.Series) != 1 || len(found.LeftOut) > 0 {
			t.Fatalf("%s: %d series, left out %v", c.name, len(found.Series), found.LeftOut)
		}
		s := found.Series[0]
		v, err := s.Slice(0)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if !slices.Equal(v.HU, c.want) || s.Window != c.window || !strings.HasPrefix(s.Values, c.values) {
			t.Errorf("%s: %v, window %v, %q", c.name, v.HU, s.Window, s.Values)
		}
		if s.Assumed != strings.Contains(s.Values, "a lung window, as no") {
			t.Errorf("%s: %q, and that this is a guess is %t", c.name, s.Values, s.Assumed)
		}
		if all := strings.Join(s.Warnings, "; "); !strings.Contains(all, c.warning) || c.warning == "" && all != "" {
			t.Errorf("%s: warnings %q", c.name, all)
		}
		alone, err := ReadPicture(filepath.Join(dir, c.file))
		if err != nil || !slices.Equal(alone.HU, c.want) {
			t.Errorf("%s: read alone it is %v, %v", c.name, alone, err)
		}
	}
}

// A card that says nothing usable keeps the pictures out, rather than being
// passed over.
func TestWindowCardErrors(t *testing.T) {
	for _, card := range []string{" ", "{}", `{"width": 1500}`, `{"width": 0, "level": 1}`, `{"slope": 0, "intercept": 1}`,
		`{"width": 1, "level": 1, "slope": 1, "intercept": 1}`, `{"windw": 1500, "level": -600}`, `{"width": "x"}`} {
		dir := t.TempDir()
		writeFile(t, filepath.Join(dir, "a.png"), pngBytes(t, ramp(4, 4, 0)))
		writeFile(t, filepath.Join(dir, "b.tif"), tiffOf(false, [2]uint16{1, 2}))
		writeFile(t, filepath.Join(dir, CardName), []byte(card))
		found := openAll(t, dir)
		if len(found.Series) != 0 || len(found.LeftOut) != 3 {
			t.Errorf("%q: %d series, left out %v", card, len(found.Series), found.LeftOut)
			continue
		}
		for _, l := range found.LeftOut {
			if !strings.Contains(l.Reason, "window card") {
				t.Errorf("%q: left out %v", card, l)
			}
		}
	}
}

// Pages that are unlike the first are told of; the others are a series.
func TestTIFFPages(t *testing.T) {
	data := tiffOf(false, [2]uint16{1, 0xffff}, [2]uint16{3, 4}, [2]uint16{5, 0xff00})
	const second = 8 + 2 + 9*12 + 4 + 4
	binary.LittleEndian.PutUint32(data[second+2+2*12+8:], 1) // its bits
	path := filepath.Join(t.TempDir(), "scan.tif")
	writeFile(t, path, data)
	found := openAll(t, path)
	if len(found.Series) != 1 || len(found.LeftOut) != 1 || found.LeftOut[0].Reason != "page 2: a TIFF picture of 1 bits a value is not supported" {
		t.Fatalf("%d series, left out %v", len(found.Series), found.LeftOut)
	}
	s := found.Series[0]
	var names []string
	for _, src := range s.Sources {
		names = append(names, SliceName(src))
	}
	if !slices.Equal(names, []string{"scan_0001", "scan_0003"}) || s.Description != "scan" || s.Geometry.Known {
		t.Errorf("%v of %q", names, s.Description)
	}
	if v, err := s.Slice(1); err != nil || v.HU[1] != 144 {
		t.Errorf("%v, %v", v, err)
	}
}
