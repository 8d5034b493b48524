package nifti

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"errors"
	"io"
)

// maxRatio is above what deflate can compress.
const maxRatio = 1100

// Gzipped tells compressed files by their first bytes.
func Gzipped(head []byte) bool { return bytes.HasPrefix(head, []byte{0x1f, 0x8b}) }

// Head returns the first bytes of what may be a NIfTI file of a size, inflated if
// need be: none where the compression is damaged. Pass them to [Is] and [Parse].
func Head(f io.ReaderAt, size int64) (head []byte, gzipped bool) {
	head = make([]byte, HeaderBytes)
	n, _ := f.ReadAt(head, 0)
	if !Gzipped(head[:n]) {
		return head[:n], false
	}
	z, err := gzip.NewReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return nil, true
	}
	n, _ = io.ReadFull(z, head)
	return head[:n], true
}

// Fits tells whether a file of a size, gzipped or not, may hold the image's
// voxels.
func (m *Image) Fits(size int64, gzipped bool) bool {
	need := m.Offset + m.Bytes()
	if gzipped {
		return need/maxRatio <= size
	}
	return need <= size
}

// InflateSection returns the content of a gzipped file of a size that is open and
// stays so.
func InflateSection(f io.ReaderAt, size int64) *Inflated {
	return Inflate(func() (io.ReadCloser, error) { return io.NopCloser(io.NewSectionReader(f, 0, size)), nil })
}

// Whole tells whether a gzipped file of a size inflates to all of the image. It
// trusts the length at the file's end where it fits, and inflates the file where
// it does not, as after another member, or what follows the image.
func (m *Image) Whole(f io.ReaderAt, size int64) (bool, error) {
	need := m.Offset + m.Bytes()
	var tail [4]byte
	if _, err := f.ReadAt(tail[:], size-4); err != nil {
		return false, err
	}
	if binary.LittleEndian.Uint32(tail[:]) == uint32(need) {
		return true, nil
	}
	z, err := gzip.NewReader(io.NewSectionReader(f, 0, size))
	if err != nil {
		return false, err
	}
	_, err = io.CopyN(io.Discard, z, need)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return false, nil
	}
	return err == nil, err
}
