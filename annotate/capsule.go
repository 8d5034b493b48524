package annotate

import "math"

// minRadius makes the thinnest brush one pixel wide.
const minRadius = 0.5

// tiny is the slope below which a segment counts as level or upright.
const tiny = 1e-9

// capsule writes the pixels whose centres are at most radius away from the
// segment a-b, and always the pixels under a and b. Successive segments that
// share their end points therefore leave one 8-connected line at any radius.
func capsule(s *Stroke, a, b Point, radius float64, label uint8) {
	if !(radius > minRadius) {
		radius = minRadius
	}
	c := newCapsule(a, b, radius)
	h := s.Bounds().Max.Y
	y0 := max(0, int(math.Floor(clampTo(min(a.Y, b.Y)-radius, h))))
	y1 := min(h, int(math.Ceil(clampTo(max(a.Y, b.Y)+radius, h)))+1)
	for y := y0; y < y1; y++ {
		if x0, x1, ok := c.row(y, s.Bounds().Max.X); ok {
			s.Span(y, x0, x1, label)
		}
	}
	for _, p := range [2]Point{a, b} {
		under := pixelAt(p)
		s.Span(under.Y, under.X, under.X+1, label)
	}
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
