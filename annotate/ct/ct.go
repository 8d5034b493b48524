// Package ct holds chest CT as the rest of the program sees it: series of axial
// slices in Hounsfield units with their place in the patient.
//
// Start with [Open], which finds and sorts the series in files, folders and zip
// archives, be they DICOM, NIfTI or pictures; [Series.Slice] then decodes single
// slices on demand. [ReadPicture] reads one PNG, JPEG or TIFF. Series made in
// memory come from [NewSeries].
//
// Input is untrusted: nothing here panics on bad files, and what could not be
// used is listed in [Found] with the reason. What becomes of each file of the
// real data, and which independent program read the same pixels, is a table that
// a test writes:
//
//	GROUNDGLASS_TEST_TABLE=$PWD/build/dicom.md go test -count=1 -run TestEveryFileIsRightOrRefused ./annotate/ct
package ct

import "fmt"

// Air is the value, in Hounsfield units, that padding pixels read as.
const Air = -1024

// MaxPixels is the largest number of pixels that a slice may have. It bounds
// what a file can make the program allocate.
const MaxPixels = 1 << 24

// Slice is one axial slice. It is shared between callers and must not be
// written to.
type Slice struct {
	HU   []int16 // Hounsfield units, row by row, W*H values
	W, H int     // columns and rows
	Pad  []bool  // true where the scanner recorded nothing; nil when there is none
}

// check tells whether the slice's parts fit together.
func (s *Slice) check() error {
	switch {
	case s.W <= 0 || s.H <= 0 || s.W > MaxPixels/s.H:
		return fmt.Errorf("a slice of %dx%d pixels is not possible", s.W, s.H)
	case len(s.HU) != s.W*s.H:
		return fmt.Errorf("a slice of %dx%d pixels came with %d values", s.W, s.H, len(s.HU))
	case s.Pad != nil && len(s.Pad) != len(s.HU):
		return fmt.Errorf("a slice of %dx%d pixels came with padding for %d", s.W, s.H, len(s.Pad))
	}
	return nil
}
