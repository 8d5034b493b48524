package contour

import (
	"image"
	"math"
)

// Simplify is the polygon with fewer corners, by the method of Ramer, Douglas and
// Peucker: no corner that is left out lies farther than tolerance, in pixels, from
// the new line. A ring of which less than a triangle would be left stays as it is.
// Filled, the polygon is no longer the very mask: pixels whose centres are within
// tolerance of an edge may change, and rings that run close by may come to cross.
func (p Polygon) Simplify(tolerance float64) Polygon {
	out := Polygon{Outer: p.Outer.simplify(tolerance)}
	for _, hole := range p.Holes {
		out.Holes = append(out.Holes, hole.simplify(tolerance))
	}
	return out
}

func (r Ring) simplify(tolerance float64) Ring {
	if !(tolerance > 0) || len(r) < 4 {
		return r
	}
	far, _ := r.farthest(0, len(r), r[0], r[0])
	keep := make([]bool, len(r)+1)
	keep[0], keep[far] = true, true
	stack := [][2]int{{0, far}, {far, len(r)}}
	for len(stack) > 0 {
		from, to := stack[len(stack)-1][0], stack[len(stack)-1][1]
		stack = stack[:len(stack)-1]
		if i, d := r.farthest(from+1, to, r[from], r[to%len(r)]); d > tolerance {
			keep[i] = true
			stack = append(stack, [2]int{from, i}, [2]int{i, to})
		}
	}
	var out Ring
	for i, corner := range r {
		if keep[i] {
			out = append(out, corner)
		}
	}
	if len(out) < 3 {
		return r
	}
	return out
}

// farthest is the corner before end, from first on, that is farthest from the line
// between two points, and how far it is.
func (r Ring) farthest(first, end int, a, b image.Point) (i int, d float64) {
	i, d = first, -1
	for k := first; k < end; k++ {
		if v := fromLine(r[k], a, b); v > d {
			i, d = k, v
		}
	}
	return i, d
}

// fromLine is the distance of a point from the line between two others.
func fromLine(p, a, b image.Point) float64 {
	x, y := float64(p.X-a.X), float64(p.Y-a.Y)
	dx, dy := float64(b.X-a.X), float64(b.Y-a.Y)
	if length := dx*dx + dy*dy; length > 0 {
		t := min(max((x*dx+y*dy)/length, 0), 1)
		x, y = x-t*dx, y-t*dy
	}
	return math.Hypot(x, y)
}
