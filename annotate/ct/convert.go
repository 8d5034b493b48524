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
	write := nifti.Write
	if gzipped {
		write = nifti.WriteGzip
	}
	return write(w, s.NIfTIHeader(), func(k int) ([]int16, error) {
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
			return nifti.BottomUp(v.HU, v.W), nil
		}
		return v.HU, nil
	})
}

// NIfTIHeader describes volumes on the series' own grid.
func (s *Series) NIfTIHeader() nifti.Header {
	return nifti.Header{
		Dim:         [3]int{s.Columns, s.Rows, s.Len()},
		Affine:      s.Geometry.RAS(),
		Placed:      s.Geometry.Known,
		Description: "Groundglass",
	}
}
