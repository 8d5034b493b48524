package export

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// corruption spoils an export of a set, whose sums are all made to fit afterwards, and
// says what must be found.
type corruption struct {
	name  string
	spoil func(t *testing.T, dir string, cases []*CaseEntry)
	want  string
}

// wantFound spoils copies of an export, each in one way.
func wantFound(t *testing.T, p Preset, s Set, o Options, all []corruption) {
	t.Helper()
	whole, _ := mustWrite(t, p, s, o)
	for _, c := range all {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "out")
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			fitted(t, dir, func(cases []*CaseEntry) { c.spoil(t, dir, cases) })
			r, err := Verify(context.Background(), dir)
			if err != nil {
				t.Fatal(err)
			}
			if said := strings.Join(r.Problems, "\n"); !strings.Contains(said, c.want) {
				t.Errorf("it says %q, not %q", said, c.want)
			}
		})
	}
}

// fitted changes an export as one who knows of every sum in it.
func fitted(t *testing.T, dir string, change func(cases []*CaseEntry)) {
	t.Helper()
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	var cases []*CaseEntry
	for _, c := range m.Cases {
		e, err := ReadCase(dir, c)
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, e)
	}
	change(cases)
	for k, e := range cases {
		fit(t, dir, e.Files)
		data, err := indented(e)
		if err != nil {
			t.Fatal(err)
		}
		m.Cases[k] = newCaseRef(e, data)
		write(t, filepath.Join(dir, filepath.FromSlash(m.Cases[k].Manifest.File)), data)
	}
	fit(t, dir, m.Files)
	data, err := m.encode()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, ManifestFile), data)
}

func fit(t *testing.T, dir string, files []FileEntry) {
	t.Helper()
	for i, f := range files {
		data := read(t, filepath.Join(dir, filepath.FromSlash(f.File)))
		files[i].Bytes, files[i].SHA256 = int64(len(data)), digest(data)
	}
}

// exchanged swaps the content of two files.
func exchanged(a, b string) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		x, y := read(t, filepath.Join(dir, a)), read(t, filepath.Join(dir, b))
		write(t, filepath.Join(dir, a), y)
		write(t, filepath.Join(dir, b), x)
	}
}

// painted changes the pixels of a grey picture.
func painted(file string, change func(g *image.Gray)) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		g := decode(t, filepath.Join(dir, file))
		change(g)
		var b bytes.Buffer
		if err := png.Encode(&b, g); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, file), b.Bytes())
	}
}

// shifted moves a picture's rows down by one.
func shifted(g *image.Gray) {
	copy(g.Pix[g.Stride:], g.Pix[:len(g.Pix)-g.Stride])
}

// moved gives a file of the first case another place.
func moved(from, to string) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, cases []*CaseEntry) {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, to)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(dir, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
		for i, f := range cases[0].Files {
			if f.File == from {
				cases[0].Files[i].File = to
			}
		}
	}
}

// forgotten removes a file of the first case, from its manifest too.
func forgotten(name string) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, cases []*CaseEntry) {
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
		files := cases[0].Files[:0]
		for _, f := range cases[0].Files {
			if f.File != name {
				files = append(files, f)
			}
		}
		cases[0].Files = files
	}
}
