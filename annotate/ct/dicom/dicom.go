// Package dicom reads the images in untrusted DICOM files.
//
// Start with [Read], which reads a file's header without its pixels and checks
// that the pixels can be decoded; [Image.Decode] then decodes one frame.
//
// One parser decides what a file says. It moves forward only, and its depth,
// its number of elements, the length of values, what it keeps and what it
// inflates are all bounded ([limits]), so that no file can make it panic, run
// without end or allocate more than a fixed amount. From
// github.com/suyashkumar/dicom come the dictionary of tags, needed to find
// sequences in implicit VR, the names of UIDs and the character sets; its
// parser sees none of the bytes, since it panics on damaged files and follows
// nested sequences without a bound.
package dicom

import (
	"errors"
	"io"
)

// ErrNotDICOM is returned for files that do not look like DICOM at all.
var ErrNotDICOM = errors.New("not a DICOM file")

// MaxPixels is the largest number of pixels that a frame may have.
const MaxPixels = 1 << 24

// limits bound the work that one file can cause.
var limits = struct {
	depth    int   // nested sequences
	elements int   // elements and items in all
	value    int64 // longest value that is kept, in bytes
	kept     int64 // all values that are kept, in bytes
	inflate  int64 // what a deflated data set may grow to, in bytes
	small    int64 // what a small one may grow to, whatever its size, in bytes
	ratio    int64 // how many times larger than the file it may grow beyond that
	frames   int
}{
	depth:    16,
	elements: 300_000,
	value:    64 << 10,
	kept:     16 << 20,
	inflate:  512 << 20,
	small:    64 << 20,
	ratio:    256,
	frames:   20_000,
}

// Read reads the header of a file of the given size and describes its image.
// Its error says in plain words why the file holds no image that can be
// decoded; it is [ErrNotDICOM] where the file is of another kind, and a
// [*Directory] where it is a directory of files.
func Read(r io.ReaderAt, size int64) (*Image, error) {
	f, err := parse(r, size)
	if err != nil {
		return nil, err
	}
	return newImage(f)
}
