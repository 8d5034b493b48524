package ct

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// FullPath is a path by which files are known wherever the program is started.
func FullPath(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return path
}

// Within tells whether a path is a folder or lies in it, whether they are there or not.
func Within(path, folder string) bool {
	rel, err := filepath.Rel(FullPath(folder), FullPath(path))
	return err == nil && filepath.IsLocal(rel)
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

// Ranges writes indices as numbers from 1, in order, with those that follow each
// other as one: 1, 3-5.
func Ranges(list []int) string {
	list = slices.Sorted(slices.Values(list))
	var parts []string
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		part := fmt.Sprint(list[i] + 1)
		if j > i {
			part = fmt.Sprintf("%d–%d", list[i]+1, list[j]+1)
		}
		parts = append(parts, part)
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// Numbered names things by their indices, as numbers from 1: "slice 2", "slices 1, 3-5".
func Numbered(thing string, list []int) string {
	if len(list) != 1 {
		thing += "s"
	}
	return thing + " " + Ranges(list)
}
