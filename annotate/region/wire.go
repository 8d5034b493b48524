package region

import (
	"image"
	"math"
	"slices"
)

// Wire finds the way along edges from an anchor to any pixel of a box: livewire,
// or intelligent scissors (Mortensen and Barrett 1995, "Intelligent scissors for
// image composition"). It is for one goroutine.
type Wire struct {
	box    image.Rectangle
	edges  []edge // of the box and of a margin of one pixel around it
	stride int
	jump   [8]int32 // from a pixel to its neighbours, as steps has them
	anchor image.Point

	cost   []int32              // from the anchor; far where not reached, done where it is the least
	from   []int8               // the step by which a pixel was reached, plus one
	bucket [wireBuckets][]int32 // pixels to visit, by cost modulo wireBuckets
	level  int32                // all that cost less are done
	left   int                  // entries in the buckets
}

// Costs that are none: no way costs less than done or more than far. The margin
// is done.
const done, far = -1, math.MaxInt32

// wireBuckets is more than any one step costs.
const wireBuckets = 2048

// steps are the ways to the eight neighbours. Those four apart are opposite.
var steps = [8]image.Point{{1, 0}, {1, 1}, {0, 1}, {-1, 1}, {-1, 0}, {-1, -1}, {0, -1}, {1, -1}}

// NewWire prepares a box of a plane, clipped to it.
func NewWire(p Plane, box image.Rectangle) *Wire {
	w := &Wire{box: box.Intersect(p.Bounds())}
	if w.box.Empty() {
		return w
	}
	w.edges, w.stride = newEdges(p, w.box), w.box.Dx()+2
	for k, d := range steps {
		w.jump[k] = int32(d.Y*w.stride + d.X)
	}
	n := w.stride * (w.box.Dy() + 2)
	w.cost, w.from = make([]int32, n), make([]int8, n)
	w.SetAnchor(w.box.Min)
	return w
}

// Box is what the wire sees.
func (w *Wire) Box() image.Rectangle { return w.box }

// SetAnchor chooses the pixel that ways begin at: the nearest in the box.
func (w *Wire) SetAnchor(p image.Point) {
	if w.box.Empty() {
		return
	}
	w.anchor = w.clip(p)
	w.clear()
	for i := range w.bucket {
		w.bucket[i] = w.bucket[i][:0]
	}
	w.level, w.left = 0, 0
	w.push(w.index(w.anchor), 0)
}

// clear forgets all that is known.
func (w *Wire) clear() {
	for i := range w.cost {
		w.cost[i] = far
	}
	last := len(w.cost) - w.stride
	for x := range w.stride {
		w.cost[x], w.cost[last+x] = done, done
	}
	for i := 0; i < len(w.cost); i += w.stride {
		w.cost[i], w.cost[i+w.stride-1] = done, done
	}
}

// clip is the pixel of the box that is nearest.
func (w *Wire) clip(p image.Point) image.Point {
	return image.Pt(min(max(p.X, w.box.Min.X), w.box.Max.X-1), min(max(p.Y, w.box.Min.Y), w.box.Max.Y-1))
}

func (w *Wire) index(p image.Point) int32 {
	return int32((p.Y-w.box.Min.Y+1)*w.stride + p.X - w.box.Min.X + 1)
}

func (w *Wire) push(i, cost int32) {
	b := &w.bucket[cost%wireBuckets]
	*b = append(*b, i)
	w.left++
}

// Path is the way of least cost from the anchor to a pixel, both included, each
// pixel beside the next; to the nearest pixel of the box where it lies outside.
// What was searched for one pixel is kept for the next.
func (w *Wire) Path(to image.Point) []image.Point {
	if w.box.Empty() {
		return nil
	}
	to = w.clip(to)
	w.search(w.index(to))
	way := []image.Point{to}
	for at := to; at != w.anchor; way = append(way, at) {
		at = at.Sub(steps[w.from[w.index(at)]-1])
	}
	slices.Reverse(way)
	return way
}

// search goes on (Dijkstra 1959, with buckets after Dial 1969) until a pixel's
// least cost is known.
func (w *Wire) search(target int32) {
	for w.cost[target] != done && w.left > 0 {
		b := &w.bucket[w.level%wireBuckets]
		for len(*b) > 0 && w.cost[target] != done {
			i := (*b)[len(*b)-1]
			*b = (*b)[:len(*b)-1]
			w.left--
			if w.cost[i] != done {
				w.cost[i] = done
				w.visit(i)
			}
		}
		if len(*b) == 0 {
			w.level++
		}
	}
}

// visit offers a pixel's neighbours the way by it.
func (w *Wire) visit(i int32) {
	e := &w.edges[i]
	for k, d := range w.jump {
		j := i + d
		to := &w.edges[j]
		cost := int32(to.local + uint16(e.turn[k&3]) + uint16(to.turn[k&3]))
		if k&1 != 0 {
			cost = cost * 181 >> 7 // by its length, the root of 2
		}
		if cost += w.level; cost < w.cost[j] {
			w.cost[j], w.from[j] = cost, int8(k+1)
			w.push(j, cost)
		}
	}
}

// Snap is the pixel of the box within radius pixels of p that lies best on an
// edge; of equal ones the nearest.
func (w *Wire) Snap(p image.Point, radius int) image.Point {
	if w.box.Empty() {
		return p
	}
	p = w.clip(p)
	best, least := p, [2]int{1 << 16}
	for y := -radius; y <= radius; y++ {
		for x := -radius; x <= radius; x++ {
			q := p.Add(image.Pt(x, y))
			d := x*x + y*y
			if d > radius*radius || !q.In(w.box) {
				continue
			}
			if v := [2]int{int(w.edges[w.index(q)].local), d}; v[0] < least[0] || v[0] == least[0] && v[1] < least[1] {
				best, least = q, v
			}
		}
	}
	return best
}
