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
	w, h int
	bits []uint8 // inside, edge
}

const (
	inside, edge uint8 = 1, 2
	onEdge             = 1e-3 // pixels
)

// add puts one more closed contour on the plane.
func (o *outline) add(contour []point) {
	flips := make([]uint8, len(o.bits))
	for i, b := range contour {
		a := contour[(i+len(contour)-1)%len(contour)]
		o.flip(flips, a, b)
		o.trace(a, b)
	}
	for y := range o.h {
		var in uint8
		for x := y * o.w; x < (y+1)*o.w; x++ {
			in ^= flips[x]
			o.bits[x] ^= in
		}
	}
}

// flip notes in each row that an edge crosses from which pixel on it flips inside
// and outside. Of an edge's two ends only the upper one counts.
func (o *outline) flip(flips []uint8, a, b point) {
	if a.y > b.y {
		a, b = b, a
	}
	slope := (b.x - a.x) / (b.y - a.y)
	for y := ceilIn(a.y, 0, o.h); y < o.h && float64(y) < b.y; y++ {
		if x := ceilIn(a.x+slope*(float64(y)-a.y), 0, o.w); x < o.w {
			flips[y*o.w+x] ^= inside
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
