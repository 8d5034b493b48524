package ct

import (
	"image"
	"math"
)

// Place returns where a point of slice k lies: (x, y) and (u, v) are picture
// coordinates, in which the pixel in column i covers [i, i+1), of the slice and
// of the cut. Depth tells the cut: its whole part is the number.
func (r *Reformat) Place(x, y float64, k int) (u, v, depth float64) {
	u, depth = x/r.factor+r.drift[k][0], y/r.factor+r.drift[k][1]
	if r.plane == AlongColumns {
		u, depth = depth, u
	}
	if r.mirror {
		u = float64(r.W) - u
	}
	v = r.along[k]
	if r.turn {
		v = float64(r.H) - v
	}
	return u, v, depth
}

// Slice returns the slice nearest to a point of a cut, and where in it the
// point lies: it is Place turned round.
func (r *Reformat) Slice(u, v, depth float64) (x, y float64, k int) {
	if r.turn {
		v = float64(r.H) - v
	}
	if r.mirror {
		u = float64(r.W) - u
	}
	k = r.nearest(v)
	if r.plane == AlongColumns {
		u, depth = depth, u
	}
	return (u - r.drift[k][0]) * r.factor, (depth - r.drift[k][1]) * r.factor, k
}

// Shown returns the slice that a row of the cuts shows, -1 for none.
func (r *Reformat) Shown(row int) int { return r.slices[row] }

// Carry returns where in slice to a point lies that is at (x, y) in slice from,
// along the slices' normal.
func (r *Reformat) Carry(x, y float64, from, to int) (float64, float64) {
	a, b := r.drift[from], r.drift[to]
	return x + (a[0]-b[0])*r.factor, y + (a[1]-b[1])*r.factor
}

// HU writes the values of a cut, W*H of them. What no slice shows is air.
func (r *Reformat) HU(v *Volume, cut int, out []int16) {
	compose(r, v.hu, cut, out, image.Rect(0, 0, r.W, r.H), Air)
}

// Labels writes the labels of a cut within a rectangle of it.
func (r *Reformat) Labels(v *Volume, cut int, out []uint8, within image.Rectangle) {
	compose(r, v.labels, cut, out, within, 0)
}

// Shows returns the part of a cut that shows a rectangle of cells of slice k;
// it is empty where the cut does not meet it.
func (r *Reformat) Shows(k int, cells image.Rectangle, cut int) image.Rectangle {
	cells = cells.Add(r.shift(k))
	if r.plane == AlongColumns {
		cells = image.Rect(cells.Min.Y, cells.Min.X, cells.Max.Y, cells.Max.X)
	}
	if cut < cells.Min.Y || cut >= cells.Max.Y || cells.Empty() {
		return image.Rectangle{}
	}
	x0, x1 := cells.Min.X, cells.Max.X
	if r.mirror {
		x0, x1 = r.W-x1, r.W-x0
	}
	return image.Rect(x0, r.rows[k][0], x1, r.rows[k][1]).Intersect(image.Rect(0, 0, r.W, r.H))
}

// shift is the drift of slice k in whole cells.
func (r *Reformat) shift(k int) image.Point {
	return image.Pt(int(math.Round(r.drift[k][0])), int(math.Round(r.drift[k][1])))
}

// compose writes the part of a cut within a rectangle.
func compose[T any](r *Reformat, slices [][]T, cut int, out []T, within image.Rectangle, empty T) {
	within = within.Intersect(image.Rect(0, 0, r.W, r.H))
	for row := within.Min.Y; row < within.Max.Y; row++ {
		line := out[row*r.W:][:r.W]
		var src []T
		var first, step, shift, n int
		if k := r.slices[row]; k >= 0 && slices[k] != nil {
			off := r.shift(k)
			if r.plane == AlongRows {
				if y := cut - off.Y; y >= 0 && y < r.volH {
					src, first, step, shift, n = slices[k], y*r.volW, 1, off.X, r.volW
				}
			} else if x := cut - off.X; x >= 0 && x < r.volW {
				src, first, step, shift, n = slices[k], x, r.volW, off.Y, r.volH
			}
		}
		for u := within.Min.X; u < within.Max.X; u++ {
			i := u
			if r.mirror {
				i = r.W - 1 - u
			}
			if i -= shift; i >= 0 && i < n {
				line[u] = src[first+i*step]
			} else {
				line[u] = empty
			}
		}
	}
}
