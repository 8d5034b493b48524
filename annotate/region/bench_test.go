package region

import (
	"context"
	"image"
	"testing"

	"groundglass/annotate/ct/phantom"
)

// BenchmarkWand takes one lung, by far more than any lesion.
func BenchmarkWand(b *testing.B) {
	p, prob := demo(b, 20)
	for i := range prob {
		prob[i] = 200
	}
	n := 0
	for b.Loop() {
		n = Wand{Tolerance: 150, Denoise: true, Firm: true, Holes: 150, Prob: prob}.Find(p, image.Pt(150, 180)).Count()
	}
	b.ReportMetric(float64(n), "pixels")
}

// BenchmarkGrow takes one lung of the demo case, its slices already decoded.
func BenchmarkGrow(b *testing.B) {
	s := phantom.New(phantom.Demo()).Series()
	all := make([][]int16, s.Len())
	for z := range all {
		slice, err := s.Slice(z)
		if err != nil {
			b.Fatal(err)
		}
		all[z] = slice.HU
	}
	v := Volume{W: 512, H: 512, Slices: len(all), HU: func(z int) ([]int16, error) { return all[z], nil }}
	n := 0
	for b.Loop() {
		g, err := NewGrower(v, Voxel{150, 180, 20}, Limits{Low: -1000, High: -700, Denoise: true, Firm: true, Holes: 30}).Grow(context.Background())
		if err != nil {
			b.Fatal(err)
		}
		n = g.Voxels
	}
	b.ReportMetric(float64(n), "voxels")
}

func BenchmarkStick30(b *testing.B) {
	p, _ := demo(b, 20)
	t := TissueAt(p, 350, 290, 30)
	for b.Loop() {
		Stick(p, 350, 290, 30, t, DefaultStep, nil)
	}
}

func BenchmarkNewWire512(b *testing.B) {
	p, _ := demo(b, 20)
	for b.Loop() {
		NewWire(p, p.Bounds())
	}
}

// BenchmarkWirePath512 searches a whole slice.
func BenchmarkWirePath512(b *testing.B) {
	p, _ := demo(b, 20)
	w := NewWire(p, p.Bounds())
	for b.Loop() {
		w.SetAnchor(image.Pt(0, 0))
		w.Path(image.Pt(511, 511))
	}
}

func BenchmarkWalk256(b *testing.B) {
	p, _ := demo(b, 20)
	_, h := lesion()
	for b.Loop() {
		if _, err := DefaultWalk.Solve(context.Background(), p, image.Rect(200, 150, 456, 406), h, nil); err != nil {
			b.Fatal(err)
		}
	}
}
