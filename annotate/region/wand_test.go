package region

import (
	"image"
	"math/rand/v2"
	"testing"
)

var gap = drawn(
	"..........",
	".gggg.ggg.",
	".g.hhgggg.",
	".ggg......",
	"....g.....",
)

func TestWand(t *testing.T) {
	for _, c := range []struct {
		name string
		wand Wand
		want []string
	}{
		{"exact", Wand{}, []string{
			"..........", ".XXXX.....", ".X........", ".XXX......", ".........."}},
		{"within tolerance", Wand{Tolerance: 50}, []string{
			"..........", ".XXXX.XXX.", ".X.XXXXXX.", ".XXX......", ".........."}},
		{"corners and holes", Wand{Tolerance: 50, Diagonal: true, Holes: 1}, []string{
			"..........", ".XXXX.XXX.", ".XXXXXXXX.", ".XXX......", "....X....."}},
		{"kept within", Wand{Tolerance: 50, Allow: func(x, y int) bool { return x < 4 }}, []string{
			"..........", ".XXX......", ".X.X......", ".XXX......", ".........."}},
		{"radius", Wand{Tolerance: 50, Radius: 2}, []string{
			"..........", ".XXX......", ".X........", ".X........", ".........."}},
	} {
		t.Run(c.name, func(t *testing.T) { wantPicture(t, c.wand.Find(gap, image.Pt(1, 1)), c.want...) })
	}
	if n := (Wand{Tolerance: 50, Allow: func(x, y int) bool { return x > 1 }}).Find(gap, image.Pt(1, 1)).Count(); n != 0 {
		t.Errorf("a seed that is not allowed gave %d pixels", n)
	}
}

func TestWandFirm(t *testing.T) {
	lesion := drawn(
		"........g.",
		".ggggg..g.",
		".ggggg..g.",
		".gggggggg.",
		".ggggg..g.",
		".ggggg....",
	)
	wantPicture(t, Wand{Tolerance: 50, Firm: true}.Find(lesion, image.Pt(3, 3)),
		"..........",
		"...XX.....",
		"..XXXX....",
		".XXXXXX...",
		".XXXXX....",
		".XXXXX....")
	if n := (Wand{Tolerance: 50, Firm: true}).Find(lesion, image.Pt(8, 0)).Count(); n != 25+7 {
		t.Errorf("from a thin part: %d pixels", n)
	}
}

// noisyBall is a disc of ground glass of 24 pixels across in lung, with noise of a
// standard deviation of sd HU.
func noisyBall(sd float64) (Plane, []uint8) {
	p := Plane{W: 64, H: 64, HU: make([]int16, 64*64)}
	mask := make([]uint8, len(p.HU))
	r := rand.New(rand.NewPCG(1, 2))
	for i := range p.HU {
		x, y := i%64-32, i/64-32
		hu := -850.
		if x*x+y*y <= 144 {
			hu, mask[i] = -550, 1
		}
		p.HU[i] = int16(hu + sd*r.NormFloat64())
	}
	return p, mask
}

// Noise neither cuts what is found short nor lets it out.
func TestWandDenoises(t *testing.T) {
	for _, sd := range []float64{0, 60, 200} {
		p, mask := noisyBall(sd)
		if d := dice((Wand{Tolerance: 150, Denoise: true, Firm: true, Holes: 30}).Find(p, image.Pt(32, 32)), mask, p.W, p.Bounds()); d < 0.93 {
			t.Errorf("noise of %g HU: Dice %.3f", sd, d)
		}
	}
}

// A model's map holds back what HU alone would take, and lets take what they
// would not; one that finds nothing at the seed is left aside.
func TestWandHeedsTheModel(t *testing.T) {
	p, _ := noisyBall(0)
	prob := make([]uint8, len(p.HU))
	for i := range prob {
		if i%64 < 36 {
			prob[i] = 255
		}
	}
	w := Wand{Tolerance: 160, Denoise: true, Prob: prob}
	if s := w.Find(p, image.Pt(28, 32)); s.Has(40, 32) || !s.Has(10, 32) {
		t.Error("HU alone decided")
	}
	alone := w
	alone.Prob = nil
	same(t, w.Find(p, image.Pt(42, 32)), alone.Find(p, image.Pt(42, 32)))
	b := prob[36:40]
	w.Prob = b
	same(t, w.Find(p, image.Pt(28, 32)), alone.Find(p, image.Pt(28, 32)))
}

func TestWandsRadiusIsInMM(t *testing.T) {
	p := Plane{W: 40, H: 40, HU: make([]int16, 1600)}
	s := Wand{Radius: 6, Spacing: [2]float64{0.5, 1}}.Find(p, image.Pt(20, 20))
	if b := s.Bounds(); b != image.Rect(8, 14, 33, 27) {
		t.Errorf("reaches over %v", b)
	}
}
