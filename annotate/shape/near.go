package shape

import (
	"context"
	"image"
	"math"
)

// Progress tells how far a function has come; nil is told nothing.
type Progress func(done, total int)

func (p Progress) tell(done, total int) {
	if p != nil {
		p(done, total)
	}
}

// Dilate is the set of pixels within mm of a set, centre to centre.
func Dilate(ctx context.Context, s *Set, mm float64, progress Progress) (*Set, error) {
	box := s.around(mm)
	return near(ctx, s, box, mm, progress, s.raster, func(near []bool, _ int) ([]bool, image.Rectangle) { return near, box })
}

// Erode is the set of pixels of a set that are more than mm from any pixel that
// is not of it. Nothing is known beyond the grid, so that nothing is eroded from
// there.
func Erode(ctx context.Context, s *Set, mm float64, progress Progress) (*Set, error) {
	box := s.around(0)
	others := func(z int, box image.Rectangle, out []bool) {
		s.raster(z, box, out)
		for i := range out {
			out[i] = !out[i]
		}
	}
	had := make([]bool, box.Dx()*box.Dy())
	return near(ctx, s, box, mm, progress, others, func(near []bool, z int) ([]bool, image.Rectangle) {
		s.raster(z, box, had)
		for i := range had {
			had[i] = had[i] && !near[i]
		}
		return had, box
	})
}

// near makes a set of what lies within mm of pixels that plane tells, within a
// box: a pixel is that if in a slice dz mm away one lies within sqrt(mm² - dz²).
// So only the distances within few slices are held.
func near(ctx context.Context, s *Set, box image.Rectangle, mm float64, progress Progress,
	plane func(z int, box image.Rectangle, out []bool), result func(near []bool, z int) ([]bool, image.Rectangle)) (*Set, error) {
	out := NewSet(s.Grid)
	reach := 0
	if s.D > 1 {
		reach = min(int(mm/s.Spacing[2]+1e-9), s.D-1)
	}
	flat := Grid{W: box.Dx(), H: box.Dy(), D: 1, Spacing: s.Spacing}
	bits, close := make([]bool, flat.W*flat.H), make([]bool, flat.W*flat.H)
	distances := map[int][]float64{}
	for z, next := 0, 0; z < s.D; z++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for ; next < s.D && next <= z+reach; next++ {
			plane(next, box, bits)
			distances[next] = Distances(bits, flat)
		}
		delete(distances, z-reach-1)
		clear(close)
		for at, d := range distances {
			dz := float64(at-z) * s.Spacing[2]
			within(close, d, mm*mm-dz*dz)
		}
		out.AddBits(result(close, z))
		progress.tell(z+1, s.D)
	}
	return out, nil
}

// within adds the pixels whose squared distance is at most most, but for rounding.
func within(out []bool, d []float64, most float64) {
	most += 1e-9 * math.Max(1, most)
	for i, v := range d {
		if v <= most {
			out[i] = true
		}
	}
}
