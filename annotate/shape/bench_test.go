package shape

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// speckled is a volume as a network leaves it: lesions of 5 to 30 pixels radius
// over the lungs, and specks of one to four pixels, a thousandth of each slice.
func speckled(g Grid) [][]uint8 {
	r := rand.New(rand.NewPCG(3, 1))
	planes := make([][]uint8, g.D)
	for z := range planes {
		planes[z] = make([]uint8, g.W*g.H)
		for range g.W * g.H / 2000 {
			i := r.IntN(g.W * (g.H - 1))
			for _, k := range []int{0, 1, g.W, g.W + 1}[:1+r.IntN(4)] {
				planes[z][min(i+k, len(planes[z])-1)] = 1
			}
		}
	}
	for range 60 {
		cx, cy, cz, radius := r.IntN(g.W), r.IntN(g.H), r.IntN(g.D), 5+r.IntN(26)
		for z := max(cz-radius, 0); z < min(cz+radius, g.D); z++ {
			for y := max(cy-radius, 0); y < min(cy+radius, g.H); y++ {
				for x := max(cx-radius, 0); x < min(cx+radius, g.W); x++ {
					if (x-cx)*(x-cx)+(y-cy)*(y-cy)+(z-cz)*(z-cz) < radius*radius {
						planes[z][y*g.W+x] = 1
					}
				}
			}
		}
	}
	return planes
}

// BenchmarkRemoveIslands reads a volume's masks and removes islands below 30 mm³.
func BenchmarkRemoveIslands(b *testing.B) {
	for _, g := range []Grid{
		{W: 512, H: 512, D: 300, Spacing: [3]float64{0.7, 0.7, 1}}, {W: 1024, H: 1024, D: 600, Spacing: [3]float64{0.35, 0.35, 0.5}},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d", g.W, g.H, g.D), func(b *testing.B) {
			planes := speckled(g)
			for b.Loop() {
				s := NewSet(g)
				for _, p := range planes {
					s.Add(p, 1)
				}
				left := RemoveIslands(s, 30, Corners)
				b.ReportMetric(float64(len(s.runs)), "runs")
				if n := left.Len(); n == 0 || n == s.Len() {
					b.Fatalf("%d of %d pixels are left", n, s.Len())
				}
			}
		})
	}
}

// BenchmarkVolume are the slower functions on lesions in 512x512x300.
func BenchmarkVolume(b *testing.B) {
	g := Grid{W: 512, H: 512, D: 300, Spacing: [3]float64{0.7, 0.7, 1}}
	s := NewSet(g)
	for _, p := range speckled(g) {
		s.Add(p, 1)
	}
	s = RemoveIslands(s, 30, Corners)
	for _, f := range []struct {
		name string
		do   func() (*Set, error)
	}{
		{"dilate 2 mm", func() (*Set, error) { return Dilate(b.Context(), s, 2, nil) }},
		{"erode 2 mm", func() (*Set, error) { return Erode(b.Context(), s, 2, nil) }},
		{"median 2 mm", func() (*Set, error) { return Median(b.Context(), s, 2, nil) }},
		{"smooth 2 mm", func() (*Set, error) { return SmoothTV(b.Context(), s, 2, nil) }},
		{"split", func() (*Set, error) { p, err := Split(b.Context(), s, 2, 20, nil); return p[0], err }},
	} {
		b.Run(f.name, func(b *testing.B) {
			for b.Loop() {
				if _, err := f.do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
