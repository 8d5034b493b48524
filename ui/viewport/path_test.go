package viewport

import (
	"image/color"
	"math"
	"testing"

	"groundglass/annotate/ct"
)

// halves is a frame that is black on the left and white on the right.
func halves(size int) Frame {
	f := Frame{W: size, H: size, HU: make([]int16, size*size)}
	for i := range f.HU {
		f.HU[i] = -2000
		if i%size >= size/2 {
			f.HU[i] = 2000
		}
	}
	return f
}

var pathYellow = color.NRGBA{255, 235, 120, 255}

// A path must be seen on black and on white ground: across it, the picture goes
// both far lighter and far darker than halfway.
func TestPathIsSeenOnAnyGround(t *testing.T) {
	v, w := show(t, halves(40))
	v.SetPointing(true)
	v.SetWindow(ct.Lung)
	v.SetPaths([]Path{{Points: [][2]float64{{4, 12}, {36, 24}}, Knots: [][2]float64{{4, 12}}, Color: pathYellow}})
	img := w.Canvas().Capture()
	for _, x := range []float64{8, 32} { // in the black half, and in the white one
		sx, sy := v.View().ToScreen(x, 12+(x-4)*12/32)
		light, dark := 0.0, 255.0
		for dy := -3; dy <= 3; dy++ {
			r, g, b, _ := img.At(int(sx), int(sy)+dy).RGBA()
			l := float64(r+g+b) / 3 / 257
			light, dark = max(light, l), min(dark, l)
		}
		if light < 190 || dark > 70 {
			t.Errorf("at x = %g the path goes from %.0f to %.0f", x, dark, light)
		}
	}
}

func TestPathFollowsTheView(t *testing.T) {
	v, _ := show(t, halves(40))
	v.SetPaths([]Path{{Points: [][2]float64{{10, 10}, {20, 30}}, Color: pathYellow}})
	v.setView(v.View().ZoomAt(7, 100, 80))
	x, y := v.View().ToScreen(10, 10)
	if p := v.path.raster.Position(); !near(math.Floor(x-pathMargin), float64(p.X)) || !near(math.Floor(y-pathMargin), float64(p.Y)) {
		t.Errorf("the path lies at %v, its first point at (%g, %g)", p, x, y)
	}
	v.setView(v.View().Pan(-5000, 0))
	v.SetPaths(nil)
	if !v.path.raster.Hidden {
		t.Error("no path, and its layer is shown")
	}
}

// BenchmarkPath paints an outline of 400 points over 800 x 800 pixels.
func BenchmarkPath(b *testing.B) {
	l := newPathLayer()
	l.paths = []Path{{Closed: true, Color: pathYellow}}
	for i := range 400 {
		sin, cos := math.Sincos(float64(i) * 2 * math.Pi / 400)
		l.paths[0].Points = append(l.paths[0].Points, [2]float64{400 + 390*cos, 400 + 390*sin})
	}
	l.place(View{Zoom: 1, Aspect: 1, CX: 400, CY: 400, W: 800, H: 800})
	for b.Loop() {
		l.picture(800, 800)
	}
}
