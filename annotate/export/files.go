package export

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
)

// write makes a file of the export, or replaces it, and describes it. Name is its path
// within the export, with slashes. It is there for good once sync says so. While it is
// written it lies outside of what will be the export, so that a program that is killed
// leaves nothing there.
func (f *folder) write(name string, write func(io.Writer) error) (FileEntry, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return FileEntry{}, fmt.Errorf("%q is no file of an export", name)
	}
	to, part := f.path(name), filepath.Join(f.part, halfFolder, fmt.Sprintf("%016x", rand.Uint64()))
	for _, path := range []string{to, part} {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return FileEntry{}, explain(to, err)
		}
	}
	sum := newSum()
	err := writeNew(part, false, func(w io.Writer) error { return write(io.MultiWriter(w, sum)) })
	if err == nil {
		if err = os.Rename(part, to); err != nil {
			os.Remove(part)
		}
	}
	if err != nil {
		return FileEntry{}, explain(to, err)
	}
	return FileEntry{File: name, Bytes: sum.n, SHA256: sum.String()}, nil
}

// path is where a file of the export lies before it is moved to its place.
func (f *folder) path(name string) string { return filepath.Join(f.out, filepath.FromSlash(name)) }

// syncers is how many files wait for the disk at a time: it takes many in little more
// time than one.
const syncers = 16

// sync makes files last, and then the folders that they are in.
func (f *folder) sync(files []FileEntry) error {
	var mu sync.Mutex
	var failed error
	inParallel(context.Background(), syncers, files, func(e FileEntry) {
		if err := syncFile(f.path(e.File)); err != nil {
			mu.Lock()
			defer mu.Unlock()
			if failed == nil {
				failed = explain(f.path(e.File), err)
			}
		}
	})
	if failed != nil {
		return failed
	}
	var folders []string
	seen := map[string]bool{}
	for _, e := range files {
		for dir := filepath.Dir(f.path(e.File)); !seen[dir]; dir = filepath.Dir(dir) {
			seen[dir] = true
			folders = append(folders, dir)
			if dir == f.out {
				break
			}
		}
	}
	for _, dir := range folders {
		if err := syncFolder(dir); err != nil {
			return explain(dir, err)
		}
	}
	return nil
}

// syncFile makes the content of a file last that was written and closed.
func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0) // as Windows wants it
	if err != nil {
		return err
	}
	defer f.Close()
	return f.Sync()
}
