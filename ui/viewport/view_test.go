package viewport

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6*(1+math.Abs(a)) }

func randomView(r *rand.Rand) View {
	return View{
		Zoom: math.Exp(r.Float64()*6 - 2), Aspect: 0.5 + r.Float64(),
		CX: r.Float64() * 512, CY: r.Float64() * 512, W: 100 + r.Float64()*1500, H: 100 + r.Float64()*900,
	}
}

func TestToImageAndToScreenAreInverse(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		v := randomView(r)
		x, y := r.Float64()*600-50, r.Float64()*600-50
		gx, gy := v.ToImage(v.ToScreen(x, y))
		if !near(x, gx) || !near(y, gy) {
			t.Fatalf("%+v: (%g, %g) came back as (%g, %g)", v, x, y, gx, gy)
		}
	}
}

func TestZoomKeepsThePointUnderThePointer(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 1000 {
		v := randomView(r)
		sx, sy := r.Float64()*v.W, r.Float64()*v.H
		x, y := v.ToImage(sx, sy)
		zoomed := v.ZoomAt(v.Zoom*math.Pow(1.1, float64(r.IntN(21)-10)), sx, sy)
		gx, gy := zoomed.ToImage(sx, sy)
		if !near(x, gx) || !near(y, gy) {
			t.Fatalf("the point moved from (%g, %g) to (%g, %g)", x, y, gx, gy)
		}
	}
}

func TestFitShowsEverything(t *testing.T) {
	for _, c := range []struct {
		w, h   int
		aspect float64
	}{{512, 512, 1}, {256, 1024, 1}, {640, 300, 2}, {1, 1, 1}} {
		v := View{Zoom: 1, Aspect: c.aspect, W: 800, H: 600}.Fit(c.w, c.h)
		if got := v.Visible(c.w, c.h); got != image.Rect(0, 0, c.w, c.h) {
			t.Errorf("%+v: only %v is seen", c, got)
		}
		x0, y0 := v.ToScreen(0, 0)
		x1, y1 := v.ToScreen(float64(c.w), float64(c.h))
		if v.Zoom < MaxZoom && !near(x1-x0, v.W) && !near(y1-y0, v.H) {
			t.Errorf("%+v: the picture of %g x %g fills neither side", c, x1-x0, y1-y0)
		}
	}
}

func TestVisibleIsWithinTheImage(t *testing.T) {
	v := View{Zoom: 4, Aspect: 1, CX: 600, CY: 20, W: 200, H: 200}
	if got := v.Visible(512, 512); !got.Empty() && !got.In(image.Rect(0, 0, 512, 512)) {
		t.Fatal(got)
	}
	if got := v.Visible(0, 0); !got.Empty() {
		t.Fatalf("%v of nothing is seen", got)
	}
}
