package export

import (
	"errors"
	"io"
	"path/filepath"
	"testing"
)

func TestWriteAtomic(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	for _, text := range []string{"first", "second"} {
		if err := WriteAtomic(path, bytesTo([]byte(text))); err != nil {
			t.Fatal(err)
		}
		if got := string(read(t, path)); got != text {
			t.Errorf("the file holds %q", got)
		}
	}
	broken := errors.New("broken")
	err := WriteAtomic(path, func(w io.Writer) error {
		io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	if got := string(read(t, path)); got != "second" {
		t.Errorf("after a failure the file holds %q", got)
	}
	wantFiles(t, dir, "file")
}
