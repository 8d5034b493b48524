// Package nifti reads NIfTI-1 and NIfTI-2 files and writes volumes of 16-bit
// values as NIfTI-1, the formats of the header files nifti1.h and nifti2.h,
// https://nifti.nimh.nih.gov.
//
// To read, [Parse] a file's first bytes and take boxes of voxels with
// [Image.Rows]; [Inflate] gives random access to .nii.gz. To write, use [Write]
// or [WriteGzip]. Input is untrusted: nothing here panics on bad files, and
// memory stays within the files' size and a fixed bound.
package nifti

import (
	"bufio"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Header describes a volume.
type Header struct {
	Dim         [3]int        // columns, rows, slices
	Affine      [4][4]float64 // from (column, row, slice) indices to mm: right, anterior, superior
	Placed      bool          // the affine is true; if not, only the voxel sizes are taken from it
	Description string        // up to 79 bytes
}

const (
	headerSize = 348
	voxOffset  = 352 // the header and four bytes that say that there are no extensions
	typeInt16  = 4
	maxDim     = math.MaxInt16
)

// Write writes a volume whose slices come from slice, each with Dim[0]*Dim[1]
// values, row by row.
func Write(w io.Writer, h Header, slice func(k int) ([]int16, error)) error {
	head, err := h.encode()
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 1<<20)
	if _, err := b.Write(head); err != nil {
		return err
	}
	line := make([]byte, 2*h.Dim[0]*h.Dim[1])
	for k := range h.Dim[2] {
		values, err := slice(k)
		if err != nil {
			return err
		}
		if len(values) != h.Dim[0]*h.Dim[1] {
			return fmt.Errorf("slice %d has %d values instead of %d", k+1, len(values), h.Dim[0]*h.Dim[1])
		}
		for i, v := range values {
			binary.LittleEndian.PutUint16(line[2*i:], uint16(v))
		}
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
	return b.Flush()
}

// WriteGzip is Write with compression.
func WriteGzip(w io.Writer, h Header, slice func(k int) ([]int16, error)) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if err := Write(z, h, slice); err != nil {
		return err
	}
	return z.Close()
}

// encode lays out the header. The sform holds the affine as it is; the qform,
// which cannot hold a sheared one, as of a tilted gantry, is left out then.
func (h Header) encode() ([]byte, error) {
	for _, d := range h.Dim {
		if d < 1 || d > maxDim {
			return nil, fmt.Errorf("a volume of %dx%dx%d does not fit NIfTI-1", h.Dim[0], h.Dim[1], h.Dim[2])
		}
	}
	b := make([]byte, voxOffset)
	le := binary.LittleEndian
	short := func(at int, v int) { le.PutUint16(b[at:], uint16(int16(v))) }
	float := func(at int, v float64) { le.PutUint32(b[at:], math.Float32bits(float32(v))) }
	le.PutUint32(b, headerSize)
	b[38] = 'r' // regular
	for i, d := range []int{3, h.Dim[0], h.Dim[1], h.Dim[2], 1, 1, 1, 1} {
		short(40+2*i, d)
	}
	short(70, typeInt16)
	short(72, 16) // bits a voxel
	q := quaternionOf(h.Affine)
	float(76, q.side)
	for i := range 7 {
		float(80+4*i, append(q.size[:], 1, 1, 1, 1)[i])
	}
	float(108, voxOffset)
	float(112, 1) // slope; the intercept is 0
	b[123] = 2    // lengths are in mm
	copy(b[148:227], h.Description)
	if h.Placed {
		if q.exact {
			short(252, 1)
			for i, v := range []float64{q.b, q.c, q.d, h.Affine[0][3], h.Affine[1][3], h.Affine[2][3]} {
				float(256+4*i, v)
			}
		}
		short(254, 1)
		for r := range 3 {
			for c := range 4 {
				float(280+16*r+4*c, h.Affine[r][c])
			}
		}
	}
	copy(b[344:], "n+1\x00")
	return b, nil
}
