package dicom

import (
	"fmt"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Directory is the error of reading a DICOM directory (DICOMDIR), which is no
// image but names files.
type Directory struct {
	Files []string // as the directory names them, relative to its folder, with slashes; they may lead anywhere
}

func (d *Directory) Error() string {
	return fmt.Sprintf("a DICOM directory of %d files, not an image", len(d.Files))
}

// newDirectory collects the files of all records (DICOM PS3.3 F.3.2.2).
func newDirectory(records *element) *Directory {
	d := &Directory{}
	for _, r := range records.items {
		if parts := r.texts(tag.ReferencedFileID); len(parts) > 0 {
			d.Files = append(d.Files, strings.Join(parts, "/"))
		}
	}
	return d
}
