package connect

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

func TestApply(t *testing.T) {
	// A ring of 90 with a hole of 10, a speck of 200 and a bar of 120, on 20.
	prob := []uint8{
		20, 20, 20, 20, 20, 20, 20,
		20, 90, 90, 90, 20, 99, 20,
		20, 90, 10, 90, 20, 20, 20,
		20, 90, 90, 90, 20, 20, 20,
		20, 20, 20, 20, 20, 20, 20,
		120, 120, 120, 120, 120, 20, 20,
	}
	for _, c := range []struct {
		name  string
		level uint8
		o     Options
		want  map[int]uint8 // what changes
	}{
		{"nothing asked", 50, Options{}, nil},
		{"level 0 is 1", 0, Options{HolePixels: -1, LeastPixels: 9}, nil},
		{"areas without a pixel's", 50, Options{HoleArea: 100, LeastArea: 100}, nil},
		{"fill", 50, Options{HolePixels: 1}, map[int]uint8{16: 50}},
		{"fill by area", 50, Options{HoleArea: 0.5, PixelArea: 0.5}, map[int]uint8{16: 50}},
		{"too large by area", 50, Options{HoleArea: 0.49, PixelArea: 0.5}, nil},
		{"drop", 50, Options{LeastPixels: 2}, map[int]uint8{12: 49}},
		{"drop by area", 50, Options{LeastArea: 1.1, PixelArea: 1}, map[int]uint8{12: 49}},
		{"what is filled counts", 50, Options{LeastPixels: 9, HolePixels: 1},
			map[int]uint8{12: 49, 16: 50, 35: 49, 36: 49, 37: 49, 38: 49, 39: 49}},
		{"largest", 50, Options{Largest: 2}, map[int]uint8{12: 49}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want := slices.Clone(prob)
			for i, v := range c.want {
				want[i] = v
			}
			if got := Apply(prob, 7, 6, c.level, c.o); !slices.Equal(got, want) {
				t.Errorf("got  %d\nwant %d", got, want)
			}
		})
	}
}

// What the package is for: a lesion comes out whole, specks go.
func TestApplyConnects(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	const w, h = 96, 80
	truth, prob := make([]uint8, w*h), make([]uint8, w*h)
	for i := range prob {
		p := 40.0
		if math.Hypot(float64(i%w-50)/1.4, float64(i/w-40)) < 22 {
			truth[i], p = 1, 170
		}
		prob[i] = uint8(min(max(p+70*r.NormFloat64(), 0), 255))
	}
	before, _ := Components(Mask(prob, 128), w, h, Eight)
	got := Mask(Apply(prob, w, h, 128, Options{TV: 0.5}), 128)
	after, _ := Components(got, w, h, Eight)
	wrong := 0
	for i, v := range got {
		if v != truth[i] {
			wrong++
		}
	}
	if len(before) < 50 || len(after) != 1 || wrong > 80 {
		t.Errorf("%d parts became %d, %d pixels of them wrong", len(before), len(after), wrong)
	}
}

// Smoothing once for all levels gives the same masks as smoothing for each.
func TestSmoothOnce(t *testing.T) {
	prob := slideMap(160, 0.1)
	once := Smooth(prob, 160, 160, 0.4, 12)
	for level := uint8(13); level < 250; level += 30 {
		a, b := Mask(once, level), Mask(Apply(prob, 160, 160, level, Options{TV: 0.4}), level)
		differ := 0
		for i := range a {
			if a[i] != b[i] {
				differ++
			}
		}
		if differ > 20 {
			t.Errorf("level %d: %d pixels differ", level, differ)
		}
	}
}

// A draft is the whole thing where parts are small, and near it elsewhere.
func TestDraft(t *testing.T) {
	for _, c := range []struct {
		n           int
		grain       float64
		least, most int // pixels that differ
	}{{160, 0.05, 0, 0}, {512, 0.3, 1, 600}} {
		prob := slideMap(c.n, c.grain)
		whole := Mask(Apply(prob, c.n, c.n, 77, Options{TV: 2}), 77)
		draft := Mask(Apply(prob, c.n, c.n, 77, Options{TV: 2, Draft: true}), 77)
		differ, set := 0, 0
		for i := range whole {
			set += int(whole[i])
			if whole[i] != draft[i] {
				differ++
			}
		}
		t.Logf("%d×%d: %d of %d pixels differ", c.n, c.n, differ, set)
		if differ < c.least || differ > c.most || set < 100 {
			t.Errorf("%d×%d: %d of %d pixels differ", c.n, c.n, differ, set)
		}
	}
}

// slideMap is a network-like map of a slice of n×n pixels: soft patches in two
// lungs, saturated inside, with some grain where the network is unsure.
func slideMap(n int, grain float64) []uint8 {
	r := rand.New(rand.NewPCG(13, 14))
	type patch struct{ x, y, a, b float64 }
	var patches []patch
	for k := range 16 {
		x := 0.3 + 0.4*float64(k%2)
		patches = append(patches, patch{x + 0.08*r.NormFloat64(), 0.5 + 0.1*r.NormFloat64(), 0.01 + 0.05*r.Float64(), 0.01 + 0.06*r.Float64()})
	}
	prob := make([]uint8, n*n)
	for i := range prob {
		x, y, far := float64(i%n)/float64(n), float64(i/n)/float64(n), math.Inf(1)
		for _, p := range patches {
			far = min(far, (math.Hypot((x-p.x)/p.a, (y-p.y)/p.b)-1)*min(p.a, p.b)*512)
		}
		v := 1 / (1 + math.Exp(far/2.5+6*grain*r.NormFloat64()))
		prob[i] = uint8(math.Round(255 * v))
	}
	return prob
}

func FuzzApply(f *testing.F) {
	f.Add([]byte{1, 200, 3, 200, 200, 200}, uint8(3), uint8(100), 0.2, int16(2), int16(2), uint8(1))
	f.Fuzz(func(t *testing.T, prob []byte, width, level uint8, tv float64, holes, least int16, largest uint8) {
		defer fuzzlimit.Start()()
		w := int(width)
		if w == 0 || len(prob) > 2048 {
			prob = nil
		}
		h := len(prob) / max(1, w)
		prob = prob[:w*h]
		was := slices.Clone(prob)
		o := Options{TV: tv, HolePixels: int(holes), LeastPixels: int(least), Largest: int(largest), HoleArea: tv, LeastArea: tv, PixelArea: 0.3}
		out := Apply(prob, w, h, level, o)
		if !slices.Equal(prob, was) || len(out) != len(prob) {
			t.Fatal("the argument was written to, or the result has another size")
		}
		parts, _ := Components(Mask(out, max(level, 1)), w, h, Eight)
		for _, p := range parts {
			if p.Size < int(least) {
				t.Fatalf("a part of %d pixels is left", p.Size)
			}
		}
		if largest > 0 && len(parts) > int(largest) {
			t.Fatalf("%d parts are left", len(parts))
		}
	})
}

func BenchmarkApply(b *testing.B) {
	for _, grain := range []float64{0, 0.05, 0.2} {
		prob := slideMap(512, grain)
		for _, o := range []Options{{HolePixels: -1, LeastPixels: 20, Largest: 50}, {TV: 0.05}, {TV: 0.2}, {TV: 0.5}, {TV: 1}, {TV: 2}, {TV: 0.5, Draft: true}, {TV: 2, Draft: true}} {
			b.Run(fmt.Sprintf("grain%g/tv%g/draft=%v", grain, o.TV, o.Draft), func(b *testing.B) {
				b.ReportMetric(float64(boxAbove(prob, 512, 512, 76).Dx()*boxAbove(prob, 512, 512, 76).Dy()), "px")
				for b.Loop() {
					Apply(prob, 512, 512, 77, o)
				}
			})
		}
	}
}
