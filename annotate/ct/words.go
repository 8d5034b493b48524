package ct

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
)

// FullPath is a path by which files are known wherever the program is started.
func FullPath(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// Plain strips the path from an error of the os package, since messages name
// the file themselves.
func Plain(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return errors.New("no such file or folder")
		case errors.Is(err, fs.ErrPermission):
			return errors.New("no permission to read it")
		}
		return p.Err
	}
	return err
}

// Count is a number of things, in words: "1 slice", "2 slices".
func Count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}
