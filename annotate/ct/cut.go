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
		line := out[row*r.W+within.Min.X : row*r.W+within.Max.X]
		k := r.slices[row]
		if k < 0 || slices[k] == nil {
			fill(line, empty)
			continue
		}
		first, step, n, at := r.run(k, cut)
		from := min(max(at-within.Min.X, 0), len(line))
		to := min(max(at+n-within.Min.X, from), len(line))
		fill(line[:from], empty)
		fill(line[to:], empty)
		src, i := slices[k], first+(within.Min.X+from-at)*step
		if step == 1 {
			copy(line[from:to], src[min(i, len(src)):])
			continue
		}
		for u := from; u < to; u++ {
			line[u] = src[i]
			i += step
		}
	}
}

// run is the run of cells of slice k that a cut shows, as the first cell's index,
// the step to the next one, and how many there are; and the column of the cut
// that shows the first.
func (r *Reformat) run(k, cut int) (first, step, n, at int) {
	off := r.shift(k)
	switch {
	case r.plane == AlongRows && cut-off.Y >= 0 && cut-off.Y < r.volH:
		first, step, n, at = (cut-off.Y)*r.volW, 1, r.volW, off.X
	case r.plane == AlongColumns && cut-off.X >= 0 && cut-off.X < r.volW:
		first, step, n, at = cut-off.X, r.volW, r.volH, off.Y
	}
	if r.mirror && n > 0 {
		first, step, at = first+(n-1)*step, -step, r.W-at-n
	}
	return first, step, n, at
}

func fill[T any](line []T, v T) {
	for i := range line {
		line[i] = v
	}
}
