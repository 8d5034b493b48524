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

// addUnique adds series, each UID once: a pair of files is found twice.
func (f *Found) addUnique(series []*Series) {
	for _, s := range series {
		known := false
		for _, other := range f.Series {
			known = known || other.UID == s.UID
		}
		if !known {
			f.Series = append(f.Series, s)
		}
	}
}
