package cli

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"

	"groundglass/annotate/ct"
)

// state tells the files of images that a case is made of from what they were, by their names, sizes and times. It is to
// be asked for before the case is opened.
func (e *exportSource) state() string {
	switch {
	case e.project != "":
		return e.images
	case e.line != nil:
		return stateBelow(e.line.path)
	}
	return stateOf(e.series.Sources)
}

// stateOf is the state of the files of slices.
func stateOf(sources []ct.Source) string {
	h, last := sha256.New(), ""
	for _, s := range sources {
		if s.File != last {
			addState(h, s.File)
		}
		last = s.File
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// stateBelow is the state of a file, or of all files in a folder.
func stateBelow(path string) string {
	h := sha256.New()
	_ = filepath.WalkDir(path+string(filepath.Separator), func(file string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			addState(h, file)
		}
		return nil // what cannot be entered is no part of the series
	})
	addState(h, path)
	return fmt.Sprintf("%x", h.Sum(nil))
}

// addState adds a file's state; of one in an archive, the archive's. Links are followed. A folder has none, since that
// changes with what is written beside.
func addState(h hash.Hash, file string) {
	info, err := os.Stat(file)
	for err != nil && filepath.Dir(file) != file {
		file = filepath.Dir(file)
		info, err = os.Stat(file)
	}
	if err == nil && !info.IsDir() {
		fmt.Fprintf(h, "%q %d %d\n", file, info.Size(), info.ModTime().UnixNano())
	}
}
