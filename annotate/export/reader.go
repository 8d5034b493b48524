package export

import (
	"io"
	"path/filepath"
	"slices"
)

// Reader is what a format reads a case back with.
type Reader struct {
	Dir      string // of the export
	Manifest *Manifest
	Entry    *CaseEntry

	closers []io.Closer // of what its reading left open
}

func newReader(dir string, m *Manifest, e *CaseEntry) *Reader {
	return &Reader{Dir: dir, Manifest: m, Entry: e}
}

func (r *Reader) close() {
	for _, c := range r.closers {
		c.Close()
	}
}

// Size is the width and the height of the slices' pictures in files, in pixels.
func (r *Reader) Size() (w, h int) {
	if side := r.Manifest.Square; side > 0 {
		return side, side
	}
	return r.Entry.Series.Columns, r.Entry.Series.Rows
}

// Path is where a file of the export lies.
func (r *Reader) Path(f FileEntry) string { return filepath.Join(r.Dir, filepath.FromSlash(f.File)) }

// Files are the case's files of a kind, in the order in which they were written.
func (r *Reader) Files(kind string) []FileEntry {
	var out []FileEntry
	for _, f := range r.Entry.Files {
		if f.Kind == kind {
			out = append(out, f)
		}
	}
	return out
}

// Of is the case's file of a kind for slice i.
func (r *Reader) Of(kind string, i int) (FileEntry, bool) {
	k := slices.IndexFunc(r.Entry.Files, func(f FileEntry) bool { return f.Kind == kind && f.Slice == i+1 })
	if k < 0 {
		return FileEntry{}, false
	}
	return r.Entry.Files[k], true
}
