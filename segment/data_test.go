package segment

import (
	"image"
	_ "image/png"
	"os"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct"
)

// dataFolder is the shared data beside the module; without it the test is
// skipped.
func dataFolder(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Skip("no go.mod above the test: cannot look for shared/data")
		}
		dir = filepath.Dir(dir)
	}
	dir = filepath.Join(dir, "..", "shared", "data")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no real data: the folder shared/data is not beside the module")
	}
	return dir
}

// picture reads a picture as a slice under the lung window.
func picture(t testing.TB, file string) *ct.Slice {
	t.Helper()
	s, err := ct.ReadPicture(file)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// maskPicture reads which pixels of a picture are not black; nil when there is
// no such file.
func maskPicture(t testing.TB, file string) mask {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		return nil
	}
	defer f.Close()
	m, _, err := image.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	b := m.Bounds()
	out := make(mask, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, _, _, _ := m.At(x, y).RGBA()
			out = append(out, r > 0)
		}
	}
	return out
}

// inside counts the set pixels of a mask w wide, those within box, and their
// tight box.
func (m mask) inside(w int, box image.Rectangle) (all, in int, tight image.Rectangle) {
	for i, set := range m {
		if !set {
			continue
		}
		p := image.Pt(i%w, i/w)
		all++
		tight = tight.Union(image.Rectangle{p, p.Add(image.Pt(1, 1))})
		if p.In(box) {
			in++
		}
	}
	return all, in, tight
}
