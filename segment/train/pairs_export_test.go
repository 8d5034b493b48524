package train

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestValidationPairs(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a/1_ct.png", "b/2_ct.png", "b/1_ct.png", "c/x.jpg"} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	c := Config{Sources: []Source{
		{Name: "folders", Images: filepath.Join(dir, "*", "*_ct.png"), Masks: [][2]string{{"_ct", "_mask"}},
			Patient: "folder", Validation: []string{"b"}},
		{Name: "files", Images: filepath.Join(dir, "c", "*.jpg"), Masks: [][2]string{{".jpg", ".png"}},
			Patient: "file", Validation: []string{"x"}, Transpose: true},
	}}
	got, err := c.ValidationPairs()
	want := []ValidationPair{
		{"folders", "b", filepath.Join(dir, "b/1_ct.png"), filepath.Join(dir, "b/1_mask.png"), false},
		{"folders", "b", filepath.Join(dir, "b/2_ct.png"), filepath.Join(dir, "b/2_mask.png"), false},
		{"files", "x", filepath.Join(dir, "c/x.jpg"), filepath.Join(dir, "c/x.png"), true},
	}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	c.Sources[0].Images = filepath.Join(dir, "none", "*.png")
	if got, err := c.ValidationPairs(); err == nil {
		t.Errorf("a source without pictures gave %+v", got)
	}
}
