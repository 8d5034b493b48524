package region

import (
	"context"
	"image"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// FuzzRegion lets all tools loose on any small picture: none panics, what they
// find holds their seed and nothing that is locked, and twice the same.
func FuzzRegion(f *testing.F) {
	f.Add([]byte{9, 1, 2, 3, 200, 200, 200, 9}, uint8(3), uint8(1), uint8(1), uint8(40), int16(60))
	f.Add([]byte{0, 255, 0, 255, 9, 9}, uint8(2), uint8(0), uint8(2), uint8(1), int16(-5))
	f.Add([]byte{7}, uint8(0), uint8(9), uint8(0), uint8(255), int16(32767))
	f.Fuzz(func(t *testing.T, data []byte, width, x, y, knob uint8, tolerance int16) {
		defer fuzzlimit.Start()()
		if len(data) == 0 || len(data) > 4096 {
			return
		}
		w := int(width)%len(data) + 1
		p := Plane{W: w, H: len(data) / w, HU: make([]int16, len(data))}
		for i, v := range data {
			p.HU[i] = int16(int(v)*257 - 1<<15)
		}
		seed := image.Pt(int(x)%p.W, int(y)%p.H)
		locked := func(x, y, z int) bool { return (x*7+y*3)%11 != 0 || image.Pt(x, y) == seed }
		prob := data
		if knob&8 != 0 {
			prob = nil
		}
		wands := Wand{Tolerance: int(tolerance), Diagonal: knob&1 != 0, Denoise: knob&2 != 0, Firm: knob&4 != 0, Holes: int(knob >> 5), Radius: float64(knob >> 4), Prob: prob,
			Allow: func(x, y int) bool { return locked(x, y, 0) }}
		wand := wands.Find(p, seed)
		if !wand.Has(seed.X, seed.Y) {
			t.Error("the wand's seed is missing")
		}
		same(t, wand, wands.Find(p, seed))
		wand.Spans(func(y, x0, x1 int) {
			for x := x0; x < x1; x++ {
				if !locked(x, y, 0) {
					t.Errorf("%d, %d is locked", x, y)
				}
			}
		})
		at, r := [2]float64{float64(x) / 2, float64(y) / 2}, float64(knob)/16
		stuck := Stick(p, at[0], at[1], r, TissueAt(p, at[0], at[1], r), float64(tolerance), prob)
		same(t, stuck, Stick(p, at[0], at[1], r, TissueAt(p, at[0], at[1], r), float64(tolerance), prob))
		fuzzWire(t, p, seed, image.Pt(int(y), int(x)), int(knob)%8)
		fuzzWalk(t, p, seed, data, float64(tolerance))
	})
}

func fuzzWire(t *testing.T, p Plane, from, to image.Point, snap int) {
	w := NewWire(p, image.Rect(from.X-20, from.Y-20, from.X+20, from.Y+20))
	w.SetAnchor(from)
	way := w.Path(w.Snap(to, snap))
	if way[0] != from || !way[len(way)-1].In(p.Bounds()) || len(way) > 1600 {
		t.Errorf("from %v to %v by %d pixels", way[0], way[len(way)-1], len(way))
	}
}

func fuzzWalk(t *testing.T, p Plane, seed image.Point, prob []byte, hu float64) {
	h := Hints{Inside: NewSet(p.Bounds()), Outside: NewSet(p.Bounds())}
	h.Inside.Add(seed.Y, seed.X, seed.X+1)
	h.Outside.Add(0, seed.X+1, p.W)
	w := Walk{HU: hu, Prob: prob, Border: hu / 100, Trust: hu / 1000, Denoise: hu > 50}
	c, err := w.Solve(context.Background(), p, p.Bounds(), h, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range c.P {
		if !(v >= -0.1 && v <= 1.1) {
			t.Fatalf("a chance of %g", v)
		}
	}
	if r := c.Region(h); !r.Has(seed.X, seed.Y) {
		t.Error("the hint inside is missing")
	}
}

func same(t *testing.T, a, b *Set) {
	t.Helper()
	if a.Bounds() != b.Bounds() || a.Count() != b.Count() {
		t.Error("twice is not the same")
	}
}
