package segment

import (
	"math/rand/v2"
	"testing"
)

// randomPlane has some share of set pixels.
func randomPlane(random *rand.Rand) plane {
	share := random.Float64()
	return newPlane(1+random.IntN(24), 1+random.IntN(24)).where(func(int) bool { return random.Float64() < share })
}

// Distances are those that steps of 3 to the side and 4 over corners make,
// relaxed until nothing changes.
func TestPlaneDistances(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 9))
	for range 60 {
		p := randomPlane(random)
		for _, set := range []bool{true, false} {
			want := slowDistances(p, set)
			for i, d := range p.distances(set) {
				if d != want[i] {
					t.Fatalf("%dx%d, set %v: pixel %d is %d away, want %d", p.w, p.h, set, i, d, want[i])
				}
			}
		}
	}
}

func slowDistances(p plane, set bool) []uint16 {
	d := make([]uint16, len(p.v))
	for i, v := range p.v {
		if (v != 0) != set {
			d[i] = far
		}
	}
	for changed := true; changed; {
		changed = false
		for i := range d {
			for k := range 9 {
				x, y := i%p.w+k%3-1, i/p.w+k/3-1
				if x < 0 || y < 0 || x >= p.w || y >= p.h {
					continue
				}
				step := [9]uint16{4, 3, 4, 3, 0, 3, 4, 3, 4}[k]
				if near := d[y*p.w+x] + step; near < d[i] {
					d[i], changed = near, true
				}
			}
		}
	}
	return d
}

// Closing adds and opening takes away; both change nothing when done again.
func TestPlaneOpenClose(t *testing.T) {
	random := rand.New(rand.NewPCG(2, 9))
	for range 60 {
		p, r := randomPlane(random), 4*random.Float64()
		closed, opened := p.closed(r), p.opened(r)
		again, openedAgain := closed.closed(r), opened.opened(r)
		for i, v := range p.v {
			if v > closed.v[i] || v < opened.v[i] {
				t.Fatalf("pixel %d: %d, closed %d, opened %d", i, v, closed.v[i], opened.v[i])
			}
			if again.v[i] != closed.v[i] || openedAgain.v[i] != opened.v[i] {
				t.Fatalf("pixel %d changes when it is done again", i)
			}
		}
	}
}

// The hull holds every pixel that is left of no edge, and nothing else.
func TestHull(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 9))
	for range 100 {
		p := randomPlane(random)
		h := p.hull()
		filled := h.fill(p.w, p.h)
		for i, v := range filled.v {
			inside := len(h) > 0
			for e := range h {
				a, b := h.edge(e)
				at := vec{float64(i % p.w), float64(i / p.w)}
				inside = inside && b.sub(a).cross(at.sub(a)) >= -1e-9
			}
			if inside && degenerate(h) {
				continue
			}
			if (v != 0) != inside || p.v[i] > v {
				t.Fatalf("pixel %d of %dx%d: set %d, filled %d, inside %v of %v", i, p.w, p.h, p.v[i], v, inside, h)
			}
		}
	}
}

// degenerate tells a hull that is a line or a point, of which every place on the
// line through it is inside by its edges.
func degenerate(h hull) bool {
	for _, c := range h {
		if h[0].sub(c).cross(h[len(h)/2].sub(c)) != 0 {
			return false
		}
	}
	return true
}

func TestPlanePartAndMark(t *testing.T) {
	p := newPlane(5, 4).where(func(i int) bool { return i%3 == 0 })
	box := p.bounds().Inset(-2)
	q := newPlane(5, 4)
	q.v[0] = 7
	q.mark(p.part(box), box.Min, 2)
	for i, v := range p.v {
		want := 2 * v
		if i == 0 {
			want = 7
		}
		if q.v[i] != want {
			t.Errorf("pixel %d is %d, want %d", i, q.v[i], want)
		}
	}
	if p.count() != 7 || !newPlane(3, 3).bounds().Empty() {
		t.Errorf("%d pixels are set", p.count())
	}
}

func TestCounts(t *testing.T) {
	var c counts
	if c.quantile(0.5) != huLow {
		t.Error("the median of nothing is not the lowest value")
	}
	for _, v := range []int16{huLow, -850, -840, 40, huHigh} {
		c.add(v)
	}
	for q, want := range map[float64]int16{0: huLow, 0.2: huLow, 0.25: -850, 0.5: -840, 0.8: 40, 1: huHigh} {
		if got := c.quantile(q); got != want {
			t.Errorf("quantile %v is %d, want %d", q, got, want)
		}
	}
}
