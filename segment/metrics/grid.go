package metrics

import (
	"fmt"
	"math"
)

// Grid is how the pixels of a mask lie in space: a slice or a volume.
type Grid struct {
	Size    [3]int     // columns, rows, slices; 1 slice makes it a slice
	Spacing [3]float64 // mm between the centres of neighbouring columns, rows, slices
}

// Pixels is the number of pixels.
func (g Grid) Pixels() int { return g.Size[0] * g.Size[1] * g.Size[2] }

// strides are the steps from a pixel to its neighbour along each axis in a mask
// that is stored row after row, slice after slice.
func (g Grid) strides() [3]int { return [3]int{1, g.Size[0], g.Size[0] * g.Size[1]} }

// flat says that axis has no neighbours, since the grid is one pixel deep.
func (g Grid) flat(axis int) bool { return g.Size[axis] == 1 }

// check refuses grids that are none, and masks that don't fit.
func (g Grid) check(masks ...[]bool) error {
	n := int64(1)
	for axis := range 3 {
		if g.Size[axis] < 1 || g.Size[axis] > math.MaxInt32 {
			return fmt.Errorf("a grid cannot have %v pixels", g.Size)
		}
		if n *= int64(g.Size[axis]); n > math.MaxInt32 {
			return fmt.Errorf("a grid of %v pixels is too large", g.Size)
		}
		if s := g.Spacing[axis]; !(s > 0) || math.IsInf(s, 0) {
			return fmt.Errorf("a grid cannot have a spacing of %v mm", g.Spacing)
		}
	}
	for _, m := range masks {
		if int64(len(m)) != n {
			return fmt.Errorf("a mask of %d pixels does not fit a grid of %v", len(m), g.Size)
		}
	}
	return nil
}

// box is the smallest box around the pixels of any of the masks: from low up to
// but not including high. It is empty where no pixel is set.
func (g Grid) box(masks ...[]bool) (low, high [3]int) {
	low = g.Size
	for _, m := range masks {
		i := 0
		for z := range g.Size[2] {
			for y := range g.Size[1] {
				for x := range g.Size[0] {
					if m[i] {
						for axis, v := range [3]int{x, y, z} {
							low[axis], high[axis] = min(low[axis], v), max(high[axis], v+1)
						}
					}
					i++
				}
			}
		}
	}
	return low, high
}

// cut returns the box of a mask, and its grid.
func (g Grid) cut(mask []bool, low, high [3]int) ([]bool, Grid) {
	part := Grid{Spacing: g.Spacing}
	for axis := range 3 {
		part.Size[axis] = high[axis] - low[axis]
	}
	out := make([]bool, 0, part.Pixels())
	for z := low[2]; z < high[2]; z++ {
		for y := low[1]; y < high[1]; y++ {
			row := (z*g.Size[1] + y) * g.Size[0]
			out = append(out, mask[row+low[0]:row+high[0]]...)
		}
	}
	return out, part
}
