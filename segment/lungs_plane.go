package segment

import (
	"image"

	"groundglass/segment/connect"
)

// plane is a w×h picture of small numbers, row by row; as a mask, what is not 0
// is set. Distances in it are those of the chamfer 3-4 (Borgefors 1986), in
// thirds of a pixel: a step to the side counts 3, one over a corner 4.
type plane struct {
	w, h int
	v    []uint8
}

func newPlane(w, h int) plane { return plane{w, h, make([]uint8, w*h)} }

// where is the mask of the pixels that yes accepts.
func (p plane) where(yes func(i int) bool) plane {
	out := newPlane(p.w, p.h)
	for i := range out.v {
		if yes(i) {
			out.v[i] = 1
		}
	}
	return out
}

// without is the mask of what is set here but not in q, which has the same size.
func (p plane) without(q plane) plane {
	return p.where(func(i int) bool { return p.v[i] != 0 && q.v[i] == 0 })
}

// far is more than any distance within the slices that are worked on.
const far = 1 << 14

// distances gives every pixel its distance from the nearest that is set, or not
// set, as asked; far where there is none. Beyond the picture there is nothing.
func (p plane) distances(set bool) []uint16 {
	d := make([]uint16, len(p.v))
	for i, v := range p.v {
		if (v != 0) != set {
			d[i] = far
		}
	}
	var before []uint16
	for y := range p.h {
		row := d[y*p.w:][:p.w]
		carry(row, before)
		for x := 1; x < len(row); x++ {
			row[x] = min(row[x], row[x-1]+3)
		}
		before = row
	}
	before = nil
	for y := p.h - 1; y >= 0; y-- {
		row := d[y*p.w:][:p.w]
		carry(row, before)
		for x := len(row) - 2; x >= 0; x-- {
			row[x] = min(row[x], row[x+1]+3)
		}
		before = row
	}
	return d
}

// carry takes distances over from a neighbouring row, which may be none.
func carry(row, from []uint16) {
	if from == nil {
		return
	}
	last := len(row) - 1
	left := uint16(far)
	for x, here := range from {
		near := min(row[x], here+3, left+4)
		if x < last {
			near = min(near, from[x+1]+4)
		}
		row[x], left = near, here
	}
}

// grown is the mask with what lies within r pixels of it.
func (p plane) grown(r float64) plane {
	d, reach := p.distances(true), thirds(r)
	return p.where(func(i int) bool { return d[i] <= reach })
}

// shrunk is the mask without what lies within r pixels of its edge; the
// picture's edge is none.
func (p plane) shrunk(r float64) plane {
	d, reach := p.distances(false), thirds(r)
	return p.where(func(i int) bool { return d[i] > reach })
}

func thirds(pixels float64) uint16 { return uint16(min(far-1, max(0, 3*pixels+0.5))) }

// opened is what balls of r pixels that fit into the mask cover.
func (p plane) opened(r float64) plane { return p.shrunk(r).grown(r) }

// closed is the mask with what balls of r pixels that avoid it cannot reach.
func (p plane) closed(r float64) plane { return p.grown(r).shrunk(r) }

// parts lists the parts of the mask that hang together side by side, and gives
// the number of each pixel's part from 1, or 0.
func (p plane) parts() ([]connect.Component, []int32) {
	return connect.Components(p.v, p.w, p.h, connect.Four)
}

// filled is the mask with its holes.
func (p plane) filled() plane {
	return plane{p.w, p.h, connect.Fill(p.v, p.w, p.h, -1, connect.Eight)}
}

// bounds is the smallest box that holds what is set.
func (p plane) bounds() image.Rectangle {
	var box image.Rectangle
	for y := range p.h {
		if first, last, ok := p.span(y); ok {
			box = box.Union(image.Rect(first, y, last+1, y+1))
		}
	}
	return box
}

// span is the first and the last set pixel of row y.
func (p plane) span(y int) (first, last int, ok bool) {
	row := p.v[y*p.w:][:p.w]
	for first < p.w && row[first] == 0 {
		first++
	}
	if first == p.w {
		return 0, 0, false
	}
	for last = p.w - 1; row[last] == 0; last-- {
	}
	return first, last, true
}

// part copies the plane's pixels in a box, which may reach beyond it.
func (p plane) part(box image.Rectangle) plane {
	out := newPlane(box.Dx(), box.Dy())
	in := box.Intersect(image.Rect(0, 0, p.w, p.h))
	for y := in.Min.Y; y < in.Max.Y; y++ {
		copy(out.v[(y-box.Min.Y)*out.w+in.Min.X-box.Min.X:], p.v[y*p.w+in.Min.X:y*p.w+in.Max.X])
	}
	return out
}

// mark gives the value to what is set in m, whose first pixel lies at a place
// of the plane, except where the plane has a value already.
func (p plane) mark(m plane, at image.Point, value uint8) {
	in := image.Rect(at.X, at.Y, at.X+m.w, at.Y+m.h).Intersect(image.Rect(0, 0, p.w, p.h))
	for y := in.Min.Y; y < in.Max.Y; y++ {
		for x := in.Min.X; x < in.Max.X; x++ {
			if i := y*p.w + x; p.v[i] == 0 && m.v[(y-at.Y)*m.w+x-at.X] != 0 {
				p.v[i] = value
			}
		}
	}
}

// count is the number of set pixels.
func (p plane) count() int {
	n := 0
	for _, v := range p.v {
		n += int(min(v, 1))
	}
	return n
}
