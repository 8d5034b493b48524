package annotate

import (
	"image"
	"math"
	"slices"
)

// polygon is a closed line through points.
type polygon []Point

// rows calls ink with the columns [x0, x1) of each row within a rectangle that
// are inside. A pixel is inside when its centre is, by the even-odd rule: a ray
// from the centre crosses the line an odd number of times. A centre on the line
// counts as inside where the inside lies to the right of or below it, so that
// polygons that share an edge never share a pixel, and leave none out.
func (p polygon) rows(within image.Rectangle, ink func(y, x0, x1 int)) {
	if len(p) < 3 {
		return
	}
	low, high := p[0].Y, p[0].Y
	for _, q := range p {
		low, high = min(low, q.Y), max(high, q.Y)
	}
	h := within.Max.Y
	var at []float64
	for y := max(0, int(clampTo(low, h))-1); y < min(h, int(clampTo(high, h))+1); y++ {
		at = p.crossings(at[:0], float64(y)+0.5)
		for i := 0; i+1 < len(at); i += 2 {
			x0 := max(0, int(math.Ceil(clampTo(at[i]-0.5, within.Max.X))))
			x1 := min(within.Max.X, int(math.Ceil(clampTo(at[i+1]-0.5, within.Max.X))))
			if x0 < x1 {
				ink(y, x0, x1)
			}
		}
	}
}

// crossings appends the x at which the line crosses the height y, in order.
func (p polygon) crossings(at []float64, y float64) []float64 {
	a := p[len(p)-1]
	for _, b := range p {
		if (a.Y <= y) != (b.Y <= y) {
			at = append(at, a.X+(y-a.Y)/(b.Y-a.Y)*(b.X-a.X))
		}
		a = b
	}
	slices.Sort(at)
	return at
}

// rectangle is the polygon of the box with two opposite corners.
func rectangle(a, b Point) polygon {
	return polygon{a, {b.X, a.Y}, b, {a.X, b.Y}}
}

// ellipseRows is rows for the ellipse that touches the sides of the box with two
// opposite corners: a pixel is inside when its centre is.
func ellipseRows(a, b Point, within image.Rectangle, ink func(y, x0, x1 int)) {
	cx, cy, rx, ry := (a.X+b.X)/2, (a.Y+b.Y)/2, math.Abs(b.X-a.X)/2, math.Abs(b.Y-a.Y)/2
	if rx == 0 || ry == 0 {
		return
	}
	h := within.Max.Y
	for y := max(0, int(clampTo(cy-ry, h))-1); y < min(h, int(clampTo(cy+ry, h))+1); y++ {
		d := (float64(y) + 0.5 - cy) / ry
		if d*d >= 1 {
			continue
		}
		half := rx * math.Sqrt(1-d*d)
		x0 := max(0, int(math.Ceil(clampTo(cx-half-0.5, within.Max.X))))
		x1 := min(within.Max.X, int(math.Ceil(clampTo(cx+half-0.5, within.Max.X))))
		if x0 < x1 {
			ink(y, x0, x1)
		}
	}
}

// ellipse is that ellipse as a line, for showing.
func ellipse(a, b Point) []Point {
	const n = 72
	out := make([]Point, n)
	for i := range out {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / n)
		out[i] = Point{(a.X+b.X)/2 + (b.X-a.X)/2*cos, (a.Y+b.Y)/2 + (b.Y-a.Y)/2*sin}
	}
	return out
}
