package contour

import "image"

// Ring is a closed line: its corners in order, the last joined to the first.
type Ring []image.Point

// Polygon is a part of a mask and the holes in it. Outer runs clockwise as seen,
// with y down, and Holes run the other way, so that the mask is on the right hand.
type Polygon struct {
	Outer Ring
	Holes []Ring
}

// Trace finds the parts of a mask of w by h pixels. Pixels that share an edge are
// of one part (4-connected); those that touch by a corner alone are of two, and
// what is not in the mask is joined by corners, too (8-connected), so that a hole
// is open where it touches the outside by a corner. A ring may come by one corner
// twice, but it never crosses itself or another. No three corners in a row lie on
// a line. Parts come in the order of their first pixels, row by row, and rings
// begin at the upper left corner of theirs; the first pixel of a hole is the first
// one of the mask below it.
func Trace(w, h int, has func(x, y int) bool) []Polygon {
	t := newTracer(w, h, has)
	var all []Polygon
	for y := range h {
		for x := range w {
			at := (y+1)*t.stride + x + 1
			if t.part[at] == 0 || t.part[at-t.stride] != 0 || t.done[at] {
				continue
			}
			if n := int(t.part[at]); n != unseen {
				all[n-1].Holes = append(all[n-1].Holes, t.ring(at))
				continue
			}
			all = append(all, Polygon{})
			t.flood(at, int32(len(all)))
			all[len(all)-1].Outer = t.ring(at)
		}
	}
	return all
}

// unseen is the part of pixels of the mask that are not yet known to be of one.
const unseen = -1

// tracer holds a mask with a margin of one pixel around it.
type tracer struct {
	stride int
	part   []int32 // 0 outside of the mask, or the number of a part, from 1 on
	done   []bool  // the pixel's upper edge is in a ring
	stack  []int
}

func newTracer(w, h int, has func(x, y int) bool) *tracer {
	t := &tracer{stride: w + 2}
	t.part = make([]int32, (w+2)*(h+2))
	t.done = make([]bool, len(t.part))
	for y := range h {
		for x := range w {
			if has(x, y) {
				t.part[(y+1)*t.stride+x+1] = unseen
			}
		}
	}
	return t
}

// flood gives a number to all pixels of a part.
func (t *tracer) flood(at int, n int32) {
	t.part[at] = n
	t.stack = append(t.stack[:0], at)
	for len(t.stack) > 0 {
		at := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		for _, next := range [4]int{at - t.stride, at - 1, at + 1, at + t.stride} {
			if t.part[next] == unseen {
				t.part[next] = n
				t.stack = append(t.stack, next)
			}
		}
	}
}

// Directions along the edges of pixels, each to the right of the one before.
const right, down, left, up = 0, 1, 2, 3

// ring follows the line that goes by a pixel's upper edge, from left to right.
func (t *tracer) ring(start int) (r Ring) {
	along := [4]int{right: 1, down: t.stride, left: -1, up: -t.stride}
	// A corner is known by the pixel below and to the right of it. Beyond it lie two
	// pixels, for one who comes in a direction: on the right hand, and on the left.
	beyond := [4][2]int{right: {0, -t.stride}, down: {-1, 0}, left: {-t.stride - 1, -1}, up: {-t.stride, -t.stride - 1}}
	at, d := start, right
	r = append(r, t.point(at))
	for {
		if d == right {
			t.done[at] = true
		}
		at += along[d]
		was := d
		switch {
		case t.part[at+beyond[d][0]] == 0:
			d = (d + 1) % 4
		case t.part[at+beyond[d][1]] != 0:
			d = (d + 3) % 4
		}
		switch {
		case at == start && d == right:
			return r
		case d != was:
			r = append(r, t.point(at))
		}
	}
}

func (t *tracer) point(at int) image.Point {
	return image.Pt(at%t.stride-1, at/t.stride-1)
}
