package export

import (
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestVOCLayout(t *testing.T) {
	dir, _ := mustWrite(t, vocPreset, twoPatients(t), Options{})
	var want []string
	for _, stem := range []string{"a_b", "c", "d"} {
		for _, n := range []string{"_0001", "_0002", "_0003"} {
			want = append(want, "JPEGImages/"+stem+n+".png", "SegmentationClass/"+stem+n+".png")
		}
	}
	for _, list := range []string{"train", "val", "trainval"} {
		want = append(want, "ImageSets/Segmentation/"+list+".txt")
	}
	wantFiles(t, dir, append(want, "labels.txt", "manifest.json", "groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
	if train := string(read(t, filepath.Join(dir, "ImageSets/Segmentation/train.txt"))); train != "a_b_0001\na_b_0002\na_b_0003\n" {
		t.Errorf("trained on is %q", train)
	}
	colours := vocColours()
	if colours[1] != (color.NRGBA{R: 128, A: 255}) || colours[15] != (color.NRGBA{R: 192, G: 128, B: 128, A: 255}) || colours[255] != (color.NRGBA{224, 224, 192, 255}) {
		t.Errorf("VOC's colours are %v", colours)
	}
}

// Pillow reads the same indices and colours.
func TestPalettesJudged(t *testing.T) {
	set, s := ringed(t)
	for _, set := range []Set{set, twoPatients(t)} {
		dir, _ := mustWrite(t, vocPreset, set, Options{})
		wantJudged(t, dir, judge(t, "palette.py", dir))
	}
	dir, _ := mustWrite(t, pngPalettePreset, set, Options{Images: true})
	j := judge(t, "palette.py", dir)
	_, e := oneCase(t, dir)
	if len(j.Problems) > 0 || len(j.Masks) != s.Series().Len() {
		t.Errorf("%d masks, %q", len(j.Masks), j.Problems)
	}
	for i, name := range []string{"IM1_mask", "IM2_mask"} {
		if !slices.Equal(j.Masks[name], []string{e.Slices[i].Pixels}) {
			t.Errorf("%s differs", name)
		}
	}
}

// Masks in the labels' colours come back, with the manifest and without.
func TestPaletteComesBack(t *testing.T) {
	set, s := ringed(t)
	dir, _ := mustWrite(t, pngPalettePreset, set, Options{})
	wantBack(t, s, imported(t, s, dir))
	if err := os.Remove(filepath.Join(dir, ManifestFile)); err != nil {
		t.Fatal(err)
	}
	wantBack(t, s, imported(t, s, dir))
	m := decodeAny(t, filepath.Join(dir, "IM1_mask.png")).(*image.Paletted)
	for _, l := range s.Labels() {
		if c := m.Palette[l.ExportValue()]; !sameColour(c, l.Color) {
			t.Errorf("%s is shown in %v, not %v", l.Name, c, l.Color)
		}
	}
}

func decodeAny(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// recoloured changes a mask of a palette.
func recoloured(file string, change func(p *image.Paletted) image.Image) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		path := filepath.Join(dir, file)
		m := change(decodeAny(t, path).(*image.Paletted))
		if err := WriteAtomic(path, pngOf(m)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestPaletteCorruptions(t *testing.T) {
	const one = "SegmentationClass/a_b_0001.png"
	spoilt := []corruption{
		{"another class", recoloured(one, func(p *image.Paletted) image.Image { p.Pix[slices.Index(p.Pix, 1)] = 2; return p }), "the mask of slice 1 has"},
		{"a class out of range", recoloured(one, func(p *image.Paletted) image.Image { p.Pix[0] = 77; return p }), "the mask of slice 1 has"},
		{"another palette", recoloured(one, func(p *image.Paletted) image.Image { p.Palette[1], p.Palette[2] = p.Palette[2], p.Palette[1]; return p }), "has another palette"},
		{"grey", recoloured(one, func(p *image.Paletted) image.Image { return grey(p.Pix, p.Stride) }), "has no palette"},
		{"masks swapped", exchanged(one, "SegmentationClass/a_b_0002.png"), "the mask of slice 1 is that of slice 2"},
		{"picture and mask swapped", exchanged(one, "JPEGImages/a_b_0001.png"), "is not an 8-bit grey picture"},
		{"a patient on both sides", replaced("ImageSets/Segmentation/train.txt", "a_b_0001\n", "a_b_0001\nc_0001\n"), "train.txt is not what"},
		{"names swapped", replaced("labels.txt", "Ground glass\nConsolidation", "Consolidation\nGround glass"), "labels.txt is not what"},
		{"a case on both sides", func(t *testing.T, dir string, cases []*CaseEntry) { cases[1].Held = false }, "the patient P2 is held out, and not"},
	}
	wantFound(t, vocPreset, twoPatients(t), Options{}, spoilt)
	set, _ := ringed(t)
	wantFound(t, pngPalettePreset, set, Options{}, []corruption{
		{"another palette", recoloured("IM1_mask.png", func(p *image.Paletted) image.Image { p.Palette[1] = red; return p }), "has another palette"},
		{"another value", recoloured("IM2_mask.png", func(p *image.Paletted) image.Image { p.Pix[0] ^= 1; return p }), "the mask of slice 2 has"},
	})
}
