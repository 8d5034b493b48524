package ct

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Files of any kind are listed, those in archives as if they were folders, and each is read
// as it is or refused with the reason.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	archive := packed(t, member{name: "x/10.bin", data: []byte("ten")}, member{name: "x/2.bin", data: []byte("two"), flat: true})
	damaged := packed(t, member{name: "a.bin", data: []byte("contents"), flat: true})
	damaged[bytes.Index(damaged, []byte("contents"))] ^= 1
	for name, data := range map[string][]byte{"b/1.bin": []byte("one"), "a.zip": archive, "c.zip": damaged, "d.zip": archive[:40], "e": nil} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, left, err := Files(context.Background(), []string{dir})
	if err != nil || len(left) != 1 || filepath.Base(left[0].File) != "d.zip" || left[0].Reason == "" {
		t.Fatalf("%+v, %v", left, err)
	}
	var got []string
	for _, f := range files {
		var text string
		err := f.Read(func(r io.ReaderAt, size int64) error {
			b, err := io.ReadAll(io.NewSectionReader(r, 0, size))
			text = string(b)
			return err
		})
		if err != nil {
			text = "refused"
			if !strings.Contains(err.Error(), "damaged") {
				t.Error(err)
			}
		}
		rel, _ := filepath.Rel(dir, f.Path)
		got = append(got, filepath.ToSlash(rel)+" "+text)
	}
	want := []string{"a.zip/x/2.bin two", "a.zip/x/10.bin ten", "b/1.bin one", "c.zip/a.bin refused", "e "}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if _, _, err := Files(context.Background(), []string{filepath.Join(dir, "none")}); err == nil {
		t.Error("what is not there is listed")
	}
}
