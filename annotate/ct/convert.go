package ct

import (
	"context"
	"io"

	"groundglass/annotate/ct/nifti"
)

// WriteNIfTI writes the series as a NIfTI-1 volume of Hounsfield units, gzipped
// if so wished. Where the geometry is uneven, the affine does not hold for all
// slices. Where it is not known, rows are written bottom up, since readers take
// the second axis of such files to run to the front. Progress may be nil.
func (s *Series) WriteNIfTI(ctx context.Context, w io.Writer, gzipped bool, progress func(done, total int)) error {
	h := nifti.Header{
		Dim:         [3]int{s.Columns, s.Rows, s.Len()},
		Affine:      s.Geometry.RAS(),
		Placed:      s.Geometry.Known,
		Description: "Groundglass",
	}
	write := nifti.Write
	if gzipped {
		write = nifti.WriteGzip
	}
	return write(w, h, func(k int) ([]int16, error) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		v, err := s.Slice(k)
		if err != nil {
			return nil, err
		}
		if progress != nil {
			progress(k+1, s.Len())
		}
		if !s.Geometry.Known {
			return upsideDown(v), nil
		}
		return v.HU, nil
	})
}

// upsideDown returns a slice's rows in reverse order.
func upsideDown(s *Slice) []int16 {
	hu := make([]int16, 0, len(s.HU))
	for y := s.H - 1; y >= 0; y-- {
		hu = append(hu, s.HU[y*s.W:][:s.W]...)
	}
	return hu
}
