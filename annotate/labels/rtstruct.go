package labels

import (
	"errors"

	"groundglass/annotate/ct/dicom"
)

// readStructures reads a structure set.
func (in *intake) readStructures(*dicom.Object) error {
	return errors.New("structure sets")
}
