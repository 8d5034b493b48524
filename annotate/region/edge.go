package region

import (
	"image"
	"math"
)

// edge is what it costs to go by a pixel: local for entering it, and turn for
// going on or coming by each of the first four steps, or their opposites.
type edge struct {
	local uint16
	turn  [4]uint8
}

// The shares of the cost, in thousandths, are the paper's: Laplacian zero
// crossing, gradient magnitude, and direction at either end of a step. No step is
// free, so that of equal ways the shorter wins.
const (
	zeroCost     = 430
	gradientCost = 140
	turnCost     = 215
	leastCost    = 10
)

// fullGradient, in HU a pixel, and more cost nothing: the border of ground glass
// must hold its own beside the chest wall's.
const fullGradient = 80

// newEdges measures the pixels of a box, and leaves a margin of one around them.
func newEdges(p Plane, box image.Rectangle) []edge {
	s := smoothed(p, box)
	l := s.laplacian()
	stride := s.w + 2
	e := make([]edge, stride*(s.h+2))
	for y := range s.h {
		for i := (y+1)*stride + 1; i < (y+2)*stride-1; i++ {
			e[i] = s.edge(l, i, stride)
		}
	}
	return e
}

// edge measures pixel i of a smoothed plane with its Laplacian l.
func (s soft) edge(l []float32, i, stride int) (e edge) {
	dx, dy := (s.v[i+1]-s.v[i-1])/2, (s.v[i+stride]-s.v[i-stride])/2
	size := float32(math.Sqrt(float64(dx*dx + dy*dy)))
	cost := leastCost + gradientCost*(1-min(size/fullGradient, 1))
	if !crosses(l[i], l[i-1], l[i+1], l[i-stride], l[i+stride]) {
		cost += zeroCost
	}
	e.local = uint16(cost)
	if size < 1e-3 {
		e.turn = [4]uint8{turnCost, turnCost, turnCost, turnCost}
		return e
	}
	dx, dy = dx/size, dy/size
	const half = math.Sqrt2 / 2
	e.turn = [4]uint8{turn(dx), turn((dx + dy) * half), turn(dy), turn((dy - dx) * half)}
	return e
}

// crosses reports whether a Laplacian crosses zero at a pixel, nearer to it than
// to its neighbour across.
func crosses(l float32, beside ...float32) bool {
	for _, o := range beside {
		if l*o < 0 && abs(l) <= abs(o) {
			return true
		}
	}
	return false
}

func abs(v float32) float32 { return max(v, -v) }

// turn is what it costs that a step leaves the edge by an angle, given as its
// sine: by the angle's share of a right one.
func turn(sine float32) uint8 { return turns[int(min(abs(sine), 1)*128+0.5)] }

var turns = func() (t [129]uint8) {
	for i := range t {
		t[i] = uint8(math.Asin(float64(i)/float64(len(t)-1))/(math.Pi/2)*turnCost + 0.5)
	}
	return t
}()
