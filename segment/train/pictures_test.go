package train

import (
	"path/filepath"
	"slices"
	"testing"

	"groundglass/segment"
)

// TestPictures: what is listed is what training would draw and hold out, and a
// held out slice is known again, not so another one.
func TestPictures(t *testing.T) {
	const side = 32
	dir := t.TempDir()
	writeBlobs(t, dir, 5)
	c := smallRun(t)
	base := c.Sources[0]
	base.Images, base.Validation, base.Weight = filepath.Join(dir, "*_ct.png"), []string{"02_ct"}, 1
	never := base
	never.Name, never.Weight = "never", 0
	c.Sources = []Source{base, never}
	all, err := Pictures(c)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 10 {
		t.Fatalf("%d pictures, want 5 of each source", len(all))
	}
	var held Held
	inputs := make([][]float32, len(all))
	for i, p := range all {
		if want := filepath.Base(p.Image) == "02_ct.png"; p.Validation != want || p.Trained != (!want && p.Source == base.Name) {
			t.Errorf("%s of %s: validation %v, trained %v", p.Image, p.Source, p.Validation, p.Trained)
		}
		s, m, err := p.Read()
		if err != nil {
			t.Fatal(err)
		}
		if len(m.Pixels) != len(s.HU) || !slices.ContainsFunc(m.Pixels, func(v uint8) bool { return v > 0 }) {
			t.Errorf("the mask of %s has %d pixels, or none of foreground", p.Image, len(m.Pixels))
		}
		inputs[i] = segment.Input(s, segment.LungBox(s), side)
		if p.Validation {
			held.Add(inputs[i], side)
		}
	}
	for i, p := range all {
		if got := held.Has(inputs[i], side); got != p.Validation {
			t.Errorf("%s looks like a held out picture: %v", p.Image, got)
		}
	}
	c.Sources[0].Labels = []Label{{Value: 1, Is: []string{c.Classes[0].Name}}} // which the masks, of 0 and 255, lack
	if all, err = Pictures(c); err != nil {
		t.Fatal(err)
	}
	if _, m, err := all[0].Read(); err != nil || slices.Max(m.Pixels) != 0 {
		t.Errorf("%v, or a value that is no class is foreground", err)
	}
	c.Sources[1].Images = filepath.Join(dir, "*.nothing")
	if _, err := Pictures(c); err == nil {
		t.Error("a source without pictures is accepted")
	}
}
