package train

import (
	"os"
	"path/filepath"
	"reflect"
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
	c := Config{
		Classes: []Class{{Name: "both"}, {Name: "glass"}, {Name: "lung"}},
		Sources: []Source{
			{Name: "folders", Images: filepath.Join(dir, "*", "*_ct.png"), Masks: [][2]string{{"_ct", "_mask"}},
				Patient: "folder", Validation: []string{"b"}},
			{Name: "files", Images: filepath.Join(dir, "c", "*.jpg"), Masks: [][2]string{{".jpg", ".png"}},
				Patient: "file", Validation: []string{"*"}, Transpose: true,
				Labels: []Label{{75, []string{"both"}}, {38, []string{"both", "glass"}}}},
		},
	}
	b1 := ValidationPair{"folders", "b", filepath.Join(dir, "b/1_ct.png"), filepath.Join(dir, "b/1_mask.png"), false, nil, nil}
	b2 := ValidationPair{"folders", "b", filepath.Join(dir, "b/2_ct.png"), filepath.Join(dir, "b/2_mask.png"), false, nil, nil}
	both := ValidationPair{"files", "x", filepath.Join(dir, "c/x.jpg"), filepath.Join(dir, "c/x.png"), true, []uint8{38, 75}, nil}
	glass := both
	glass.Foreground = []uint8{38}
	for class, want := range map[string]struct {
		held   []ValidationPair
		silent []string
	}{
		"":      {[]ValidationPair{b1, b2, both}, nil},
		"Both":  {[]ValidationPair{b1, b2, both}, nil},
		"glass": {[]ValidationPair{glass}, []string{"folders"}},
		"lung":  {nil, []string{"folders", "files"}},
	} {
		held, silent, err := c.ValidationPairs(class)
		if err != nil || !reflect.DeepEqual(held, want.held) || !slices.Equal(silent, want.silent) {
			t.Errorf("%q: %+v, %v, %v, want %+v", class, held, silent, err, want)
		}
	}
	if got, _, err := c.ValidationPairs("vessel"); err == nil {
		t.Errorf("an unknown class gave %+v", got)
	}
	c.Sources[0].Images = filepath.Join(dir, "none", "*.png")
	if got, _, err := c.ValidationPairs(""); err == nil {
		t.Errorf("a source without pictures gave %+v", got)
	}
}
