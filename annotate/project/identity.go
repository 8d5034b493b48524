package project

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"

	"groundglass/annotate/ct"
)

// SeriesID names a series by what it is, wherever its files lie: 20 hexadecimal
// digits of a SHA-256 of its UID, its size and its slices. Slices are known by
// their SOPInstanceUID; where they have none, by their files' names and by the
// content of the first, the middle and the last of them.
func SeriesID(s *ct.Series) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %d %d %d\n", s.UID, s.Rows, s.Columns, s.Len())
	bare := false
	for _, src := range s.Sources {
		name := src.SOPInstanceUID
		if name == "" {
			name, bare = filepath.Base(src.File), true
		}
		fmt.Fprintf(h, "%q %d\n", name, src.Frame)
	}
	if n := s.Len(); bare && n > 0 {
		for _, i := range [3]int{0, n / 2, n - 1} {
			addContent(h, s.Sources[i].File)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:10])
}

// contentEnds is how much of each end of a file SeriesID looks at.
const contentEnds = 64 << 10

// addContent adds a file's length and its ends; nothing where it is no file.
func addContent(h hash.Hash, path string) {
	f, err := os.Open(path)
	if err != nil {
		return
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	fmt.Fprintf(h, "%d\n", info.Size())
	_, _ = io.Copy(h, io.NewSectionReader(f, 0, contentEnds))
	_, _ = io.Copy(h, io.NewSectionReader(f, max(0, info.Size()-contentEnds), contentEnds))
}
