package region

import (
	"image"
	"math"
	"testing"
)

func TestStick(t *testing.T) {
	p := drawn(
		"ggggggg....",
		"ggggggg....",
		"gggvggg....",
		"ggggggg..g.",
		"ggggggg....",
		"ggggggg....",
		"ggggggg....",
	)
	at := TissueAt(p, 2.5, 3.5, 3)
	t.Run("stops at the border", func(t *testing.T) {
		wantPicture(t, Stick(p, 4.5, 3.5, 3.2, at, DefaultStep, nil),
			"...XXX.....",
			"..XXXXX....",
			".XXXXXX....",
			".XXXXXX....",
			".XXXXXX....",
			"..XXXXX....",
			"...XXX.....")
	})
	t.Run("one tissue is taken whole", func(t *testing.T) {
		wantPicture(t, Stick(p, 1.5, 4.5, 1.2, at, DefaultStep, nil),
			"...........",
			"...........",
			"...........",
			".X.........",
			"XXX........",
			".X.........",
			"...........")
	})
	t.Run("a lesser step is none", func(t *testing.T) {
		if s := Stick(p, 4.5, 3.5, 3.2, at, 1000, nil); !s.Has(7, 3) {
			t.Error("stopped at a border that is not to count")
		}
	})
	t.Run("another tissue is left alone", func(t *testing.T) {
		if n := Stick(p, 9.5, 5.5, 4, at, DefaultStep, nil).Count(); n != 0 {
			t.Errorf("took %d pixels", n)
		}
	})
	t.Run("outside", func(t *testing.T) {
		for _, x := range []float64{-50, 1e300, math.NaN()} {
			if n := Stick(p, x, 3, 3, TissueAt(p, x, 3, 3), DefaultStep, nil).Count(); n != 0 {
				t.Errorf("took %d pixels at %g", n, x)
			}
		}
	})
}

// On the phantom a disc that is pressed within a lesion and reaches beyond it
// keeps to it better than a plain disc does.
func TestStickKeepsToLesions(t *testing.T) {
	const radius = 14
	var stuck, plain, n float64
	for _, z := range []int{12, 20, 26} {
		p, truth := demo(t, z)
		for y := 30; y < p.H-30; y += 3 {
			for x := 30; x < p.W-30; x += 3 {
				x, y := float64(x)+0.5, float64(y)+0.5
				if !covers(truth, p, x, y, core(radius)+1) || covers(truth, p, x, y, radius) {
					continue
				}
				whole := NewSet(p.Bounds())
				disc(p, x, y, radius, whole.Add)
				box := whole.Bounds()
				within := masked(truth, p.W, whole)
				stuck += dice(Stick(p, x, y, radius, TissueAt(p, x, y, radius), DefaultStep, nil), within, p.W, box)
				plain += dice(whole, within, p.W, box)
				n++
			}
		}
	}
	if n < 100 || stuck/n < 0.86 || stuck < plain+0.1*n {
		t.Errorf("mean Dice of %g discs %.3f, of plain ones %.3f", n, stuck/n, plain/n)
	}
}

// covers reports whether a mask covers a disc.
func covers(mask []uint8, p Plane, x, y, radius float64) bool {
	all := true
	disc(p, x, y, radius, func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			all = all && mask[y*p.W+x] != 0
		}
	})
	return all
}

// masked is a mask where a set has its pixels, else 0.
func masked(mask []uint8, w int, s *Set) []uint8 {
	out := make([]uint8, len(mask))
	s.Spans(func(y, x0, x1 int) { copy(out[y*w+x0:y*w+x1], mask[y*w+x0:]) })
	return out
}

func TestDiscIsABrushs(t *testing.T) {
	p := Plane{HU: make([]int16, 20*20), W: 20, H: 20}
	for _, r := range []float64{0, 0.5, 1, 2.3, 6} {
		s := NewSet(p.Bounds())
		disc(p, 9.7, 10.2, r, s.Add)
		for y := range 20 {
			for x := range 20 {
				want := math.Hypot(float64(x)+0.5-9.7, float64(y)+0.5-10.2) <= r || image.Pt(x, y) == image.Pt(9, 10)
				if s.Has(x, y) != want {
					t.Fatalf("radius %g: pixel %d, %d is %t", r, x, y, !want)
				}
			}
		}
	}
}
