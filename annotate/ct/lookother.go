package ct

import (
	"bytes"
	"io"
	"path/filepath"

	"groundglass/annotate/ct/tiff"
)

// lookAtOther reads what is neither DICOM nor a picture by its first bytes;
// false where it is nothing that is known.
func lookAtOther(f io.ReaderAt, path string, head []byte, size int64) (look, bool) {
	if len(head) >= 132 && bytes.Equal(head[128:132], []byte("DICM")) {
		return look{}, false // whatever its preamble looks like
	}
	switch {
	case filepath.Base(path) == CardName:
		if _, err := readCard(path); err != nil {
			return look{reason: err.Error()}, true
		}
		return look{}, true
	case tiff.Is(head):
		return lookAtTIFF(f, path, size), true
	}
	return lookAtNIfTI(f, path, size)
}

// addOther adds the series of files that are series by themselves, what seems to
// be no CT last. A pair of files is found twice and added once.
func (f *Found) addOther(looks []look) {
	known := map[string]bool{}
	for _, unlikely := range []bool{false, true} {
		for _, l := range looks {
			if l.unlikely != unlikely {
				continue
			}
			for _, s := range l.series {
				if !known[s.UID] {
					f.Series = append(f.Series, s)
				}
				known[s.UID] = true
			}
		}
	}
}
