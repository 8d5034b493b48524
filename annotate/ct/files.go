package ct

import (
	"context"
	"io"
	"os"
	"sort"
)

// File is a file in a folder or in a zip archive, of any kind.
type File struct {
	Path  string // in an archive, the archive's and its own name in it
	entry *entry
}

// Files lists the files under paths, in natural order and each once, those in zip
// archives in place of the archives, and what cannot be read. An error means that
// nothing could be listed: a path that does not exist, or ctx's end.
func Files(ctx context.Context, paths []string) (files []File, left []LeftOut, err error) {
	found, left, err := walk(ctx, paths)
	if err != nil {
		return nil, nil, err
	}
	for _, path := range found {
		if !archiveAt(path) {
			files = append(files, File{Path: path})
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		entries, out, err := listArchive(path)
		if err != nil {
			left = append(left, LeftOut{path, err.Error()})
			continue
		}
		left = append(left, out...)
		for i := range entries {
			files = append(files, File{entries[i].path, &entries[i]})
		}
	}
	sort.SliceStable(files, func(i, j int) bool { return NaturalLess(files[i].Path, files[j].Path) })
	return files, left, nil
}

// archiveAt tells whether there is a zip archive at a path.
func archiveAt(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 4)
	_, err = io.ReadFull(f, head)
	return err == nil && isArchive(head)
}

// Read hands a file's content and its size to use. The error is use's own, or says why
// the file cannot be read, or that it is damaged in its archive.
func (f File) Read(use func(r io.ReaderAt, size int64) error) error {
	r, size, err := Source{File: f.Path, entry: f.entry}.open()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := use(r, size); err != nil {
		return err
	}
	if u, ok := r.(*unpacker); ok {
		return u.verify()
	}
	return nil
}
