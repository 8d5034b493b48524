package labels

import "math"

// point is a place in a slice, in pixels: whole numbers are the centres of pixels.
type point struct{ x, y float64 }

// outline is a plane on which contours are filled by the even-odd rule: those
// within others make holes. A pixel is in where its centre lies within the
// contours, or on one of them: no farther from it than onEdge, along the row or
// the column. So what was traced through the centres of its outer pixels, as by
// rt-utils, comes in with them.
type outline struct {
	w, h  int
	bits  []uint8 // inside, edge
	flips []uint8 // as large, all 0 between contours
}

const (
	inside, edge uint8 = 1, 2
	onEdge             = 1e-3 // pixels
)

// add puts one more closed contour on the plane.
func (o *outline) add(contour []point) {
	for i, b := range contour {
		a := contour[(i+len(contour)-1)%len(contour)]
		o.flip(a, b)
		o.trace(a, b)
	}
	for y, end := o.rows(contour); y < end; y++ {
		var in uint8
		flips, bits := o.flips[y*o.w:][:o.w], o.bits[y*o.w:][:o.w]
		for x, f := range flips {
			in ^= f
			bits[x] ^= in
		}
		clear(flips)
	}
}

// rows are those that a contour may cross.
func (o *outline) rows(contour []point) (y, end int) {
	low, high := math.Inf(1), math.Inf(-1)
	for _, p := range contour {
		low, high = min(low, p.y), max(high, p.y)
	}
	return ceilIn(low, 0, o.h), ceilIn(high+1, 0, o.h)
}

// steps is what it takes to add a contour: all of its rows, and each edge's pixels.
func (o *outline) steps(contour []point) int {
	y, end := o.rows(contour)
	n := (end - y) * o.w
	for i, b := range contour {
		a := contour[(i+len(contour)-1)%len(contour)]
		n += 4 * int(1+min(max(math.Abs(a.x-b.x), math.Abs(a.y-b.y)), float64(o.w+o.h)))
	}
	return n
}

// flip notes in each row that an edge crosses from which pixel on it flips inside
// and outside. Of an edge's two ends only the upper one counts.
func (o *outline) flip(a, b point) {
	if a.y > b.y {
		a, b = b, a
	}
	slope := (b.x - a.x) / (b.y - a.y)
	for y := ceilIn(a.y, 0, o.h); y < o.h && float64(y) < b.y; y++ {
		if x := ceilIn(a.x+slope*(float64(y)-a.y), 0, o.w); x < o.w {
			o.flips[y*o.w+x] ^= inside
		}
	}
}

// trace marks the pixels whose centres lie on an edge.
func (o *outline) trace(a, b point) {
	steep := math.Abs(b.y-a.y) > math.Abs(b.x-a.x)
	long, wide := o.w, o.h
	if steep {
		a, b, long, wide = point{a.y, a.x}, point{b.y, b.x}, o.h, o.w
	}
	if a.x > b.x {
		a, b = b, a
	}
	slope := 0.0
	if b.x > a.x {
		slope = (b.y - a.y) / (b.x - a.x)
	}
	for x := ceilIn(a.x-onEdge, 0, long); x < long && float64(x) <= b.x+onEdge; x++ {
		at := a.y + slope*(min(max(float64(x), a.x), b.x)-a.x)
		y := math.Round(at)
		if math.Abs(at-y) > onEdge || y < 0 || y >= float64(wide) {
			continue
		}
		if steep {
			o.bits[x*o.w+int(y)] |= edge
		} else {
			o.bits[int(y)*o.w+x] |= edge
		}
	}
}

// ceilIn is the least whole number from v on, limited to low and high.
func ceilIn(v float64, low, high int) int {
	return int(math.Ceil(min(max(v, float64(low)), float64(high))))
}
