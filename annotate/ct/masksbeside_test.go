package ct

import (
	"bytes"
	"image"
	"image/png"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// noise is a picture as a scanner makes it; blobs is a mask of the values.
func noise(seed uint64) *image.Gray {
	m, r := image.NewGray(image.Rect(0, 0, 64, 48)), rand.New(rand.NewPCG(seed, 1))
	for i := range m.Pix {
		m.Pix[i] = uint8(r.Uint32())
	}
	return m
}

func blobs(values ...uint8) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range m.Pix {
		if y := i / 64; y > 10 && y < 30 {
			m.Pix[i] = values[y%len(values)]
		}
	}
	return m
}

func greyPNG(t *testing.T, m *image.Gray) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Masks that lie with their images are told from them, and from what only looks alike.
func TestMasksBesideImages(t *testing.T) {
	binary, classes := blobs(0, 255), blobs(0, 1, 2, 3)
	large := image.NewGray(image.Rect(0, 0, 128, 48))
	for _, test := range []struct {
		name  string
		files map[string]*image.Gray
		masks []string // folders, below the one that is opened, and kinds
	}{
		{"folders", map[string]*image.Gray{"images/1.png": noise(1), "images/2.png": noise(2), "masks/1.png": binary, "masks/2.png": binary}, []string{"masks"}},
		{"names", map[string]*image.Gray{"x.png": noise(1), "x_mask.png": classes}, []string{". (mask)"}},
		{"some names", map[string]*image.Gray{"a/1.png": noise(1), "a/2.png": noise(2), "b/2_seg.png": classes}, []string{"b"}},
		{"a folder below", map[string]*image.Gray{"1.png": noise(1), "2.png": noise(2), "gt/1.png": binary, "gt/2.png": blobs(0)}, []string{"gt"}},
		{"masks alone", map[string]*image.Gray{"masks/1.png": binary, "more/1.png": classes}, nil},
		{"images alone", map[string]*image.Gray{"p1/1.png": noise(1), "p2/1.png": noise(2)}, nil},
		{"another size", map[string]*image.Gray{"images/1.png": noise(1), "masks/1.png": large}, nil},
		{"other names, and not as many", map[string]*image.Gray{"a/1.png": noise(1), "a/2.png": noise(2), "b/7.png": binary}, nil},
		{"far away", map[string]*image.Gray{"a/images/1.png": noise(1), "b/masks/1.png": binary}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range slices.Sorted(maps.Keys(test.files)) {
				writeFile(t, filepath.Join(dir, name), greyPNG(t, test.files[name]))
			}
			var masks []string
			for _, s := range openAll(t, dir).Series {
				if told := len(s.Warnings) == 1 && strings.Contains(s.Warnings[0], "it may be masks"); s.Unlikely != (s.MaskOf != "") || told != s.Unlikely {
					t.Errorf("%s: %t, of %q: %q", s.Description, s.Unlikely, s.MaskOf, s.Warnings)
				}
				if s.MaskOf != "" {
					rel, _ := filepath.Rel(dir, s.folder())
					if _, kind, ok := strings.Cut(s.Description, " "); ok {
						rel += " " + kind
					}
					masks = append(masks, rel)
				}
			}
			if !slices.Equal(masks, test.masks) {
				t.Errorf("%q are taken for masks, want %q", masks, test.masks)
			}
		})
	}
}

// A volume of labels beside one of a CT is told, and one of another kind of image is not.
func TestMaskVolumesBesideImages(t *testing.T) {
	dir := t.TempDir()
	for name, value := range map[string]func(n int) int16{
		"ct": func(n int) int16 { return int16(n%900 - 1000) }, "labels": func(n int) int16 { return int16(n % 3) }, "mr": func(n int) int16 { return int16(n % 900) },
	} {
		writeFile(t, filepath.Join(dir, name+".nii"), volume(t, usual, false, value))
	}
	for _, s := range openAll(t, dir).Series {
		if (s.MaskOf != "") != (s.Description == "labels") {
			t.Errorf("%s is of %q", s.Description, s.MaskOf)
		}
	}
}
