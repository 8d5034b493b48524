// Package nifti reads NIfTI-1 and NIfTI-2 files and writes volumes of 8-bit and
// 16-bit values as NIfTI-1, the formats of the header files nifti1.h and nifti2.h,
// https://nifti.nimh.nih.gov.
//
// To read, [Parse] a file's first bytes and take boxes of voxels with
// [Image.Rows]; [Inflate] gives random access to .nii.gz. To write, use [Write],
// [WriteBytes] and their compressed twins. Input is untrusted: nothing here panics on bad files, and
// memory stays within the files' size and a fixed bound.
package nifti

import (
	"bufio"
	"cmp"
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
	Slope       float64       // of the values; 0 stands for 1
}

const (
	headerSize = 348
	voxOffset  = 352 // the header and four bytes that say that there are no extensions
	typeUint8  = 2
	typeInt16  = 4
	maxDim     = math.MaxInt16
)

// Write writes a volume whose slices come from slice, each with Dim[0]*Dim[1]
// values, row by row.
func Write(w io.Writer, h Header, slice func(k int) ([]int16, error)) error {
	line := make([]byte, 2*max(0, h.Dim[0]*h.Dim[1]))
	return write(w, h, typeInt16, 2, func(k int) ([]byte, error) {
		values, err := slice(k)
		if err != nil || 2*len(values) != len(line) {
			return make([]byte, 2*len(values)), err
		}
		for i, v := range values {
			binary.LittleEndian.PutUint16(line[2*i:], uint16(v))
		}
		return line, nil
	})
}

// WriteBytes is Write for values of 8 bits, 0 to 255, of which each stands for
// Slope times as much.
func WriteBytes(w io.Writer, h Header, slice func(k int) ([]uint8, error)) error {
	return write(w, h, typeUint8, 1, slice)
}

// write writes voxels of a type and size in bytes.
func write(w io.Writer, h Header, kind, size int, slice func(k int) ([]byte, error)) error {
	head, err := h.encode(kind, size)
	if err != nil {
		return err
	}
	b := bufio.NewWriterSize(w, 1<<20)
	if _, err := b.Write(head); err != nil {
		return err
	}
	n := h.Dim[0] * h.Dim[1]
	for k := range h.Dim[2] {
		line, err := slice(k)
		if err != nil {
			return err
		}
		if len(line) != size*n {
			return fmt.Errorf("slice %d has %d values instead of %d", k+1, len(line)/size, n)
		}
		if _, err := b.Write(line); err != nil {
			return err
		}
	}
	return b.Flush()
}

// WriteGzip is Write with compression.
func WriteGzip(w io.Writer, h Header, slice func(k int) ([]int16, error)) error {
	return compressed(w, func(w io.Writer) error { return Write(w, h, slice) })
}

// WriteBytesGzip is WriteBytes with compression.
func WriteBytesGzip(w io.Writer, h Header, slice func(k int) ([]uint8, error)) error {
	return compressed(w, func(w io.Writer) error { return WriteBytes(w, h, slice) })
}

func compressed(w io.Writer, write func(io.Writer) error) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
	if err != nil {
		return err
	}
	if err := write(z); err != nil {
		return err
	}
	return z.Close()
}

// BottomUp returns the rows of a slice, of w values each, in reverse order.
func BottomUp[V any](slice []V, w int) []V {
	out := make([]V, 0, len(slice))
	for end := len(slice); end > 0; end -= w {
		out = append(out, slice[end-w:end]...)
	}
	return out
}

// encode lays out the header. The sform holds the affine as it is; the qform,
// which cannot hold a sheared one, as of a tilted gantry, is left out then.
func (h Header) encode(kind, size int) ([]byte, error) {
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
	short(70, kind)
	short(72, 8*size) // bits a voxel
	q := quaternionOf(h.Affine)
	float(76, q.side)
	for i := range 7 {
		float(80+4*i, append(q.size[:], 1, 1, 1, 1)[i])
	}
	float(108, voxOffset)
	float(112, cmp.Or(h.Slope, 1)) // the intercept is 0
	b[123] = 2                     // lengths are in mm
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
