package segment

import (
	"image"
	"math"
)

// hull is the corners of a mask's convex hull, clockwise on the picture.
type hull []vec

// vec is a place or a direction in a plane, in pixels, x to the right and y
// down; whole numbers are the centres of pixels.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec           { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec           { return vec{a.x - b.x, a.y - b.y} }
func (a vec) scale(f float64) vec     { return vec{f * a.x, f * a.y} }
func (a vec) cross(b vec) float64     { return a.x*b.y - a.y*b.x }
func (a vec) length() float64         { return math.Hypot(a.x, a.y) }
func (a vec) to(b vec, f float64) vec { return a.add(b.sub(a).scale(f)) }
func (a vec) pixel(w int) int         { return int(a.y+0.5)*w + int(a.x+0.5) }
func (a vec) within(p plane) bool {
	return image.Pt(int(a.x+0.5), int(a.y+0.5)).In(image.Rect(0, 0, p.w, p.h)) && a.x >= 0 && a.y >= 0
}

// hull is the convex hull of what is set (Andrew's monotone chain, 1979, of the
// ends of the rows).
func (p plane) hull() hull {
	var right, left hull
	for y := range p.h {
		if first, last, ok := p.span(y); ok {
			right = right.chain(vec{float64(last), float64(y)}, 1)
			left = left.chain(vec{float64(first), float64(y)}, -1)
		}
	}
	for i := len(left) - 1; i >= 0; i-- {
		right = append(right, left[i])
	}
	return right
}

// chain appends a corner and drops those before it that are none any more.
func (h hull) chain(v vec, turn float64) hull {
	for n := len(h); n > 1 && turn*h[n-1].sub(h[n-2]).cross(v.sub(h[n-1])) <= 0; n = len(h) {
		h = h[:n-1]
	}
	return append(h, v)
}

// edge is the hull's edge from corner i to the next.
func (h hull) edge(i int) (from, to vec) { return h[i], h[(i+1)%len(h)] }

// fill is the mask, w×h, of the pixels within the hull.
func (h hull) fill(w, hh int) plane {
	first, last := make([]float64, hh), make([]float64, hh)
	for y := range first {
		first[y], last[y] = math.Inf(1), math.Inf(-1)
	}
	for i := range h {
		a, b := h.edge(i)
		if a.y > b.y {
			a, b = b, a
		}
		for y := a.y; y <= b.y; y++ {
			x := a.x
			if b.y > a.y {
				x += (b.x - a.x) * (y - a.y) / (b.y - a.y)
			}
			k := int(y)
			first[k], last[k] = min(first[k], x), max(last[k], x)
		}
	}
	return newPlane(w, hh).where(func(i int) bool {
		x, y := float64(i%w), i/w
		return x >= first[y]-1e-9 && x <= last[y]+1e-9
	})
}

// mouth is where a gap within the hull is open.
type mouth struct {
	out   vec   // the sum of the outward directions along it
	edges []int // the hull's edges that it lies on
}

// angle is the direction in degrees in which a mouth of the lung of a side
// opens: 0 away from the other lung, 90 to the back, -90 to the front.
func (m mouth) angle(side uint8) float64 {
	lateral := m.out.x
	if side == RightLung {
		lateral = -lateral
	}
	return math.Atan2(m.out.y, lateral) * 180 / math.Pi
}

// mouths finds the mouths of n gaps, which are numbered from 1 in a picture w
// wide, by looking just within the hull's edges every other pixel.
func (h hull) mouths(number []int32, w, n int) []mouth {
	const inward, step = 1.2, 2
	out := make([]mouth, n)
	for i := range h {
		a, b := h.edge(i)
		long := b.sub(a).length()
		if long < 4 {
			continue
		}
		along := b.sub(a).scale(1 / long)
		normal := vec{along.y, -along.x}
		for d := 1.0; d < long; d += step {
			k := number[a.add(along.scale(d)).sub(normal.scale(inward)).pixel(w)]
			if k > 0 {
				m := &out[k-1]
				m.out = m.out.add(normal)
				if len(m.edges) == 0 || m.edges[len(m.edges)-1] != i {
					m.edges = append(m.edges, i)
				}
			}
		}
	}
	return out
}
