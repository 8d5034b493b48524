package region

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// ball is a disc of ground glass in lung.
func ball(size int, radius float64) Plane {
	p := Plane{W: size, H: size, HU: make([]int16, size*size)}
	mid := float64(size) / 2
	for i := range p.HU {
		p.HU[i] = -850
		if math.Hypot(float64(i%size)+0.5-mid, float64(i/size)+0.5-mid) < radius {
			p.HU[i] = -600
		}
	}
	return p
}

func TestWireFollowsTheEdge(t *testing.T) {
	p := ball(64, 20)
	w := NewWire(p, p.Bounds())
	w.SetAnchor(image.Pt(12, 32))
	way := w.Path(image.Pt(51, 32))
	if way[0] != image.Pt(12, 32) || way[len(way)-1] != image.Pt(51, 32) {
		t.Fatalf("goes from %v to %v", way[0], way[len(way)-1])
	}
	for i, q := range way {
		if d := math.Hypot(float64(q.X)+0.5-32, float64(q.Y)+0.5-32); math.Abs(d-20) > 1.6 {
			t.Errorf("%v is %.1f from the middle", q, d)
		}
		if i > 0 && max(q.X-way[i-1].X, way[i-1].X-q.X, q.Y-way[i-1].Y, way[i-1].Y-q.Y) != 1 {
			t.Errorf("a step from %v to %v", way[i-1], q)
		}
	}
}

// No relaxation in any order finds a cheaper way than Path (Bellman and Ford).
func TestWireIsCheapest(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	p := Plane{W: 14, H: 11, HU: make([]int16, 14*11)}
	for i := range p.HU {
		p.HU[i] = int16(-900 + r.IntN(400))
	}
	w := NewWire(p, p.Bounds())
	w.SetAnchor(image.Pt(2, 3))
	least := bellmanFord(w)
	for y := range p.H {
		for x := range p.W {
			to := image.Pt(x, y)
			sum, way := int32(0), w.Path(to)
			for i := range way[1:] {
				sum += stepCost(w, way[i], way[i+1])
			}
			if sum != least[to] {
				t.Fatalf("to %v for %d, want %d", to, sum, least[to])
			}
		}
	}
}

func bellmanFord(w *Wire) map[image.Point]int32 {
	least := map[image.Point]int32{w.anchor: 0}
	for changed := true; changed; {
		changed = false
		for from, c := range least {
			for _, d := range steps {
				to := from.Add(d)
				if !to.In(w.box) {
					continue
				}
				n := c + stepCost(w, from, to)
				if have, ok := least[to]; !ok || n < have {
					least[to], changed = n, true
				}
			}
		}
	}
	return least
}

// stepCost is what a step to a neighbour costs, by the paper's formula.
func stepCost(w *Wire, from, to image.Point) int32 {
	d := to.Sub(from)
	k := 0
	for steps[k] != d {
		k++
	}
	a, b := w.edges[w.index(from)], w.edges[w.index(to)]
	c := int32(b.local) + int32(a.turn[k%4]) + int32(b.turn[k%4])
	if d.X != 0 && d.Y != 0 {
		return c * 181 >> 7
	}
	return c
}

func TestWireSnaps(t *testing.T) {
	p := ball(64, 20)
	w := NewWire(p, p.Bounds())
	if q := w.Snap(image.Pt(15, 32), 5); math.Abs(math.Hypot(float64(q.X)+0.5-32, float64(q.Y)+0.5-32)-20) > 1.1 {
		t.Errorf("snapped to %v", q)
	}
	if q := w.Snap(image.Pt(15, 32), 0); q != image.Pt(15, 32) {
		t.Errorf("without a radius to %v", q)
	}
}

func TestWireOutside(t *testing.T) {
	w := NewWire(ball(16, 4), image.Rect(4, 4, 12, 30))
	w.SetAnchor(image.Pt(-5, 100))
	way := w.Path(image.Pt(100, -100))
	if way[0] != image.Pt(4, 15) || way[len(way)-1] != image.Pt(11, 4) {
		t.Errorf("goes from %v to %v", way[0], way[len(way)-1])
	}
	if way := NewWire(Plane{}, image.Rect(0, 0, 5, 5)).Path(image.Point{}); way != nil {
		t.Errorf("without a picture: %v", way)
	}
}
