package export

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
)

// phantomInput is a small phantom whose masks are its true lesions.
func phantomInput(size, slices int) *Case {
	p := phantom.New(phantom.Options{Size: size, Slices: slices, Seed: 7})
	in := &Case{Series: p.Series(), Labels: annotate.DefaultLabels()}
	in.Mask = func(i int) *annotate.Mask {
		m := annotate.NewMask(size, size)
		copy(m.Label, p.Truth(i))
		for k, l := range m.Label {
			if l != 0 {
				m.Origin[k] = annotate.Model
			}
		}
		return m
	}
	return in
}

func sheet(t *testing.T, in *Case, o SheetOptions) image.Image {
	t.Helper()
	var b bytes.Buffer
	if err := Sheet(&b, in, o); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("GROUNDGLASS_ARTIFACTS"); dir != "" {
		write(t, filepath.Join(dir, t.Name()+".png"), b.Bytes())
	}
	p, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestSheetShowsSlicesAndMasks(t *testing.T) {
	in := phantomInput(128, 12)
	p := sheet(t, in, SheetOptions{Columns: 4, Tile: 128})
	if got, want := p.Bounds().Size(), image.Pt(4+4*132, 4+3*132+legend); got != want {
		t.Fatalf("the sheet has %v pixels, want %v", got, want)
	}
	for k := range 12 {
		mask := in.Mask(k)
		s, _ := in.Series.Slice(k)
		grey := slicePicture(s, ct.Lung)
		for y := 20; y < 128; y++ { // below the number
			for x := range 128 {
				c := color.NRGBAModel.Convert(p.At(4+k%4*132+x, 4+k/4*132+y)).(color.NRGBA)
				v := grey.GrayAt(x, y).Y
				plain := c == color.NRGBA{R: v, G: v, B: v, A: 255}
				if marked := mask.Label[y*128+x] != 0; marked == plain {
					t.Fatalf("slice %d, (%d, %d): marked %v, drawn %v on grey %d", k, x, y, marked, c, v)
				}
			}
		}
	}
}

func TestSheetChoosesSlicesOverTheWholeSeries(t *testing.T) {
	o := SheetOptions{Max: 4}.withDefaults(300)
	if len(o.Slices) != 4 || o.Slices[0] != 0 || o.Slices[3] != 225 || o.Columns != 4 {
		t.Errorf("chosen are %v in %d columns", o.Slices, o.Columns)
	}
	if o := (SheetOptions{}).withDefaults(3); len(o.Slices) != 3 || o.Columns != 3 {
		t.Errorf("of three slices %v are chosen", o.Slices)
	}
}

func TestSheetOfTheDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("draws the whole demo case")
	}
	p := sheet(t, phantomInput(512, 40), SheetOptions{})
	if p.Bounds().Dx() < 1000 {
		t.Errorf("the demo's sheet has %v pixels", p.Bounds().Size())
	}
}

func TestSheetRefuses(t *testing.T) {
	in := phantomInput(64, 2)
	for name, o := range map[string]SheetOptions{
		"no slices":     {Slices: []int{}},
		"no such":       {Slices: []int{7}},
		"far too large": {Tile: 1 << 20},
	} {
		if err := Sheet(&bytes.Buffer{}, in, o); err == nil {
			t.Errorf("%s: drawn", name)
		}
	}
}
