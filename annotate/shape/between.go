package shape

import (
	"context"
	"image"
	"math"
)

// Method is a way to make slices between drawn ones.
type Method uint8

const (
	// ByDistance takes what is inside by the mean of the signed distances (Raya,
	// Udupa 1990, "Shape-based interpolation of multidimensional objects"). It is
	// smooth, and makes nothing of parts that do not overlap.
	ByDistance Method = iota
	// ByMorphology lets each part grow from what it shares with the other slice's
	// (Iwanowski, Serra 2000, "The morphological-affine object deformation"). Parts
	// that do not overlap are moved onto each other by their centroids, and one
	// without a counterpart shrinks to nothing half way.
	ByMorphology
)

// Interpolate is what lies between drawn slices: for each slice between two of
// keys, which grow, what a method makes of the set's two nearest ones. The drawn
// slices themselves are not in it.
func Interpolate(ctx context.Context, s *Set, keys []int, m Method, progress Progress) (*Set, error) {
	out := NewSet(s.Grid)
	for k := 0; k+1 < len(keys); k++ {
		a, b := keys[k], keys[k+1]
		if b-a < 2 {
			continue
		}
		box := s.planeBox(a).Union(s.planeBox(b))
		flat := Grid{W: box.Dx(), H: box.Dy(), D: 1, Spacing: s.Spacing}
		first, last := make([]bool, flat.W*flat.H), make([]bool, flat.W*flat.H)
		s.raster(a, box, first)
		s.raster(b, box, last)
		at := between(first, last, flat, m)
		out.pad(a + 1)
		for z := a + 1; z < b; z++ {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			out.AddBits(at(float64(z-a)/float64(b-a)), box)
			progress.tell(z-keys[0], keys[len(keys)-1]-keys[0])
		}
	}
	out.pad(s.D)
	return out, nil
}

// between returns what makes the slice a share t (0 to 1) of the way from a to b.
func between(a, b []bool, g Grid, m Method) func(t float64) []bool {
	if m == ByMorphology {
		return newMorph(a, b, g).at
	}
	from, to := signed(a, g), signed(b, g)
	return func(t float64) []bool {
		out := make([]bool, len(a))
		for i := range out {
			out[i] = (1-t)*from[i]+t*to[i] < 0
		}
		return out
	}
}

// signed is the distance in mm of each pixel from the nearest of the other kind,
// negative inside.
func signed(set []bool, g Grid) []float64 {
	out := Distances(set, g)
	for i, v := range Distances(not(set), g) {
		if set[i] {
			out[i] = -math.Sqrt(v)
		} else {
			out[i] = math.Sqrt(out[i])
		}
	}
	return out
}

func not(set []bool) []bool {
	out := make([]bool, len(set))
	for i, v := range set {
		out[i] = !v
	}
	return out
}

// planeBox is the smallest rectangle that holds slice z, with a margin of a pixel
// where the grid has it; empty where there is nothing.
func (s *Set) planeBox(z int) (box image.Rectangle) {
	for _, r := range s.of(z) {
		y := int(r.row) - z*s.H
		box = box.Union(image.Rect(int(r.x0)-1, y-1, int(r.x1)+1, y+2))
	}
	return box.Intersect(image.Rect(0, 0, s.W, s.H))
}

// pad adds empty slices up to slice z.
func (s *Set) pad(z int) {
	for len(s.first) <= z*s.H {
		s.first = append(s.first, int32(len(s.runs)))
	}
}
