package segment

import (
	"image"
	"math"
	"testing"

	"groundglass/annotate/ct"
)

func TestInputValues(t *testing.T) {
	s := &ct.Slice{W: 4, H: 2, HU: []int16{-1350, -600, 150, -2000, 3000, -975, -225, 0}}
	got := Input(s, image.Rect(0, 0, 2, 2), 2) // no resampling
	want := []float32{0, 0.5, 1, 0.25}
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-6 {
			t.Errorf("pixel %d is %v, want %v", i, got[i], want[i])
		}
	}
	if whole := Input(s, image.Rectangle{}, 8); len(whole) != 64 {
		t.Errorf("an empty box gives %d pixels, want the whole slice's 64", len(whole))
	}
	if beyond := Input(s, image.Rect(-5, -5, 50, 50), 8); len(beyond) != 64 {
		t.Errorf("a box beyond the slice gives %d pixels", len(beyond))
	}
}

// What a network that returns its input would propose lies where it lay in the
// slice: an asymmetric blob keeps its centre to a tenth of a pixel, whatever the
// scales and the box's place.
func TestRestoreInputGeometry(t *testing.T) {
	for _, c := range []struct {
		w, h, size int
		box        image.Rectangle
	}{
		{512, 512, 256, image.Rect(90, 101, 431, 360)},
		{512, 512, 128, image.Rect(91, 100, 430, 361)},
		{512, 400, 160, image.Rect(0, 0, 512, 400)},
		{100, 120, 256, image.Rect(3, 7, 90, 111)},
		{333, 257, 128, image.Rect(60, 31, 301, 207)},
	} {
		s := &ct.Slice{HU: make([]int16, c.w*c.h), W: c.w, H: c.h}
		cx, cy := float64(c.box.Min.X)+0.31*float64(c.box.Dx()), float64(c.box.Min.Y)+0.6*float64(c.box.Dy())
		r := float64(min(c.box.Dx(), c.box.Dy())) / 12
		var want [3]float64
		for y := range c.h {
			for x := range c.w {
				dx, dy := (float64(x)+0.5-cx)/r, (float64(y)+0.5-cy)/r
				v := math.Pow(max(0, 1-dx*dx/4-dy*dy/9), 2) * (1 + 0.5*math.Tanh(dx+dy))
				s.HU[y*c.w+x] = int16(math.Round(-1350 + 1000*v))
				weigh(&want, x, y, (float64(s.HU[y*c.w+x])+1350)/1500)
			}
		}
		prob := Restore(Input(s, c.box, c.size), c.size, c.box, c.w, c.h)
		var got [3]float64
		for y := range c.h {
			for x := range c.w {
				p := prob[y*c.w+x]
				if p != 0 && !image.Pt(x, y).In(c.box) {
					t.Fatalf("%v: %d outside the box at %d,%d", c.box, p, x, y)
				}
				weigh(&got, x, y, float64(p)/255)
			}
		}
		dx, dy := got[1]/got[0]-want[1]/want[0], got[2]/got[0]-want[2]/want[0]
		if math.Abs(dx) > 0.1 || math.Abs(dy) > 0.1 {
			t.Errorf("%dx%d by %d: the blob moves by %.3f, %.3f pixels", c.w, c.h, c.size, dx, dy)
		}
		if ratio := got[0] / want[0]; ratio < 0.98 || ratio > 1.02 {
			t.Errorf("%dx%d by %d: the blob's mass changes by a factor of %.3f", c.w, c.h, c.size, ratio)
		}
	}
}

// weigh adds a pixel's value to sums of mass and of mass times place.
func weigh(sum *[3]float64, x, y int, v float64) {
	sum[0] += v
	sum[1] += v * float64(x)
	sum[2] += v * float64(y)
}

func TestRestoreRoundsAndClips(t *testing.T) {
	got := Restore([]float32{-1, 0.5, 2, 1}, 2, image.Rect(1, 0, 3, 2), 4, 2)
	want := []uint8{0, 0, 128, 0, 0, 255, 255, 0}
	if string(got) != string(want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if Restore([]float32{1, 2}, 2, image.Rect(0, 0, 1, 1), 4, 2) != nil {
		t.Error("too few probabilities give a picture")
	}
}
