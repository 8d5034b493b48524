package annotate

import (
	"image"
	"math"
)

// minRadius makes the thinnest brush one pixel wide.
const minRadius = 0.5

// tiny is the slope below which a segment counts as level or upright.
const tiny = 1e-9

// capsule writes a label to what a disc covers on its way from a to b.
func capsule(s *Stroke, a, b Point, radius float64, label uint8) {
	sweep(s.Bounds(), a, b, radius, false, func(y, x0, x1 int) { s.Span(y, x0, x1, label) })
}

// sweep calls ink with the columns [x0, x1) of each row whose centres a disc of a
// radius, or a square of twice that width, covers on its way from a to b, and
// always with the pixels under a and b. Successive segments that share their end
// points therefore leave one 8-connected line at any radius.
func sweep(within image.Rectangle, a, b Point, radius float64, square bool, ink func(y, x0, x1 int)) {
	if !(radius > minRadius) {
		radius = minRadius
	}
	c := newCapsule(a, b, radius)
	w, h := within.Max.X, within.Max.Y
	y0 := max(0, int(math.Floor(clampTo(min(a.Y, b.Y)-radius, h))))
	y1 := min(h, int(math.Ceil(clampTo(max(a.Y, b.Y)+radius, h)))+1)
	row := c.row
	if square {
		row = c.squareRow
	}
	for y := y0; y < y1; y++ {
		if x0, x1, ok := row(y, w); ok {
			ink(y, x0, x1)
		}
	}
	for _, p := range [2]Point{a, b} {
		if under := pixelAt(p); under.In(within) {
			ink(under.Y, under.X, under.X+1)
		}
	}
}

// squareRow returns the columns [x0, x1) of row y whose centres a square of half
// width r covers on its way from a to b, clipped to width w. What it covers is
// convex: the part of the way on which the square reaches the row, widened by r.
func (c segment) squareRow(y, w int) (x0, x1 int, ok bool) {
	cy := float64(y) + 0.5
	t0, t1 := 0.0, 1.0
	if c.dy != 0 {
		u, v := (cy-c.r-c.a.Y)/c.dy, (cy+c.r-c.a.Y)/c.dy
		t0, t1 = max(t0, min(u, v)), min(t1, max(u, v))
	} else if math.Abs(cy-c.a.Y) > c.r {
		return 0, 0, false
	}
	if t0 > t1 {
		return 0, 0, false
	}
	u, v := c.a.X+t0*c.dx, c.a.X+t1*c.dx
	x0 = int(math.Ceil(clampTo(min(u, v)-c.r-0.5, w)))
	x1 = int(math.Floor(clampTo(max(u, v)+c.r-0.5, w))) + 1
	x0, x1 = max(x0, 0), min(x1, w)
	return x0, x1, x0 < x1
}

// clampTo keeps v within [-1, n+1], so that it converts to int.
func clampTo(v float64, n int) float64 { return min(max(v, -1), float64(n)+1) }

// segment is a capsule: all points at most r away from the segment a-b.
type segment struct {
	a, b   Point
	dx, dy float64
	len2   float64 // squared length
	r      float64
}

func newCapsule(a, b Point, r float64) segment {
	dx, dy := b.X-a.X, b.Y-a.Y
	return segment{a: a, b: b, dx: dx, dy: dy, len2: dx*dx + dy*dy, r: r}
}

// has reports whether pixel (x, y) has its centre inside.
func (c segment) has(x, y int) bool {
	px, py := float64(x)+0.5-c.a.X, float64(y)+0.5-c.a.Y
	if c.len2 > 0 {
		t := min(max((px*c.dx+py*c.dy)/c.len2, 0), 1)
		px, py = px-t*c.dx, py-t*c.dy
	}
	return px*px+py*py <= c.r*c.r
}

// row returns the columns [x0, x1) of row y that are inside, clipped to width w.
// A capsule is convex, so they are one run: its ends are found from the two
// discs and the band between them, and settled by has.
func (c segment) row(y, w int) (x0, x1 int, ok bool) {
	lo, hi := math.Inf(1), math.Inf(-1)
	cy := float64(y) + 0.5
	grow := func(a, b float64) { lo, hi = min(lo, a), max(hi, b) }
	for _, p := range [2]Point{c.a, c.b} {
		if d2 := c.r*c.r - (cy-p.Y)*(cy-p.Y); d2 >= 0 {
			d := math.Sqrt(d2)
			grow(p.X-d, p.X+d)
		}
	}
	if l, h, crosses := c.band(cy); crosses {
		grow(l, h)
	}
	if lo > hi {
		return 0, 0, false
	}
	x0 = max(0, int(math.Floor(clampTo(lo-0.5, w)))-1)
	x1 = min(w, int(math.Ceil(clampTo(hi+0.5, w)))+1)
	for x0 < x1 && !c.has(x0, y) {
		x0++
	}
	for x1 > x0 && !c.has(x1-1, y) {
		x1--
	}
	return x0, x1, x0 < x1
}

// band returns where the line at height cy runs through the rectangle between
// the end discs.
func (c segment) band(cy float64) (lo, hi float64, ok bool) {
	if math.Abs(c.dy) <= tiny*math.Abs(c.dx) {
		return 0, 0, false // level: the discs' hull is the capsule's row
	}
	// Along the row, the distance to the line is at most r for |x-m| <= half,
	// and the foot point lies within the segment for t in [0, 1].
	length := math.Sqrt(c.len2)
	m := c.a.X + (cy-c.a.Y)*c.dx/c.dy
	half := c.r * length / math.Abs(c.dy)
	lo, hi = m-half, m+half
	if math.Abs(c.dx) > tiny*math.Abs(c.dy) {
		t0 := c.a.X - (cy-c.a.Y)*c.dy/c.dx
		t1 := t0 + c.len2/c.dx
		lo, hi = max(lo, min(t0, t1)), min(hi, max(t0, t1))
	} else if cy < min(c.a.Y, c.b.Y) || cy > max(c.a.Y, c.b.Y) {
		return 0, 0, false
	}
	return lo, hi, lo <= hi
}
