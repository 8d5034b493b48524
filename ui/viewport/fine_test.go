package viewport

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"groundglass/annotate/ct"
)

// posted are functions that workers hand over.
type posted struct {
	mu  sync.Mutex
	all []func()
}

func (p *posted) post(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, f)
}

func (p *posted) run() {
	p.mu.Lock()
	all := p.all
	p.all = nil
	p.mu.Unlock()
	for _, f := range all {
		f()
	}
}

// rest waits until the picture at rest is on the screen.
func rest(t testing.TB, v *Viewport, p *posted) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !v.fine.shown; time.Sleep(time.Millisecond) {
		p.run()
		if time.Now().After(end) {
			t.Fatal("no fine picture comes")
		}
	}
}

// stillView is a viewport that shows noise with sharp edges, far beyond a
// window's edges, at rest.
func stillView(t testing.TB, zoom, aspect float64, k Interpolation, w ct.Window) (*Viewport, fyne.Window, *posted) {
	r := rand.New(rand.NewPCG(4, 2))
	f := Frame{W: 40, H: 30, HU: make([]int16, 40*30), Aspect: aspect}
	for i := range f.HU {
		f.HU[i] = int16(-1000 + 1500*r.IntN(2) + r.IntN(300))
	}
	v, win := show(t, f)
	p := &posted{}
	v.On.Post = p.post
	v.SetLetters("", "", "", "")
	v.SetWindow(w)
	v.SetInterpolation(k)
	v.setView(v.View().ZoomAt(zoom, 130, 90).Pan(0.3, -0.7))
	rest(t, v, p)
	return v, win, p
}

// keys is the kernel of Keys' paper, equation 15, and hat that of linear
// interpolation.
func keys(s float64) float64 {
	s = math.Abs(s)
	switch {
	case s < 1:
		return 1.5*s*s*s - 2.5*s*s + 1
	case s < 2:
		return -0.5*s*s*s + 2.5*s*s - 4*s + 2
	}
	return 0
}

func hat(s float64) float64 { return max(0, 1-math.Abs(s)) }

// between is the Hounsfield value at a point of a picture, by the sum over all
// of its pixels and those that go on beyond its edges.
func between(f Frame, x, y float64, kernel func(float64) float64) float64 {
	sum := 0.0
	for j := -3; j < f.H+3; j++ {
		wy := kernel(y - 0.5 - float64(j))
		if wy == 0 {
			continue
		}
		for i := -3; i < f.W+3; i++ {
			at := min(max(j, 0), f.H-1)*f.W + min(max(i, 0), f.W-1)
			sum += float64(f.HU[at]) * wy * kernel(x-0.5-float64(i))
		}
	}
	return sum
}

// At rest the screen shows Hounsfield values interpolated and then windowed, to
// one grey level: wide and narrow windows, square and other pixels.
func TestRestInterpolatesHounsfieldUnits(t *testing.T) {
	for _, c := range []struct {
		name         string
		zoom, aspect float64
		how          Interpolation
		kernel       func(float64) float64
		window       ct.Window
	}{
		{"cubic", 7.3, 1, Cubic, keys, ct.Lung},
		{"cubic, narrow window", 13, 0.8, Cubic, keys, ct.Window{Width: 90, Level: -400}},
		{"linear", 5.1, 1.7, Linear, hat, ct.Window{Width: 350, Level: 40}},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, win, _ := stillView(t, c.zoom, c.aspect, c.how, c.window)
			img, off, greys := win.Canvas().Capture(), 0, 0
			for y := range 240 {
				for x := range 320 {
					ix, iy := v.View().ToImage(float64(x)+0.5, float64(y)+0.5)
					if ix < 0.01 || iy < 0.01 || ix > 39.99 || iy > 29.99 {
						continue
					}
					want := 255 * c.window.Unit(between(v.frame, ix, iy, c.kernel))
					got, _, _, _ := img.At(x, y).RGBA()
					if math.Abs(float64(got>>8)-want) > 1 {
						off++
					}
					if want > 5 && want < 250 {
						greys++
					}
				}
			}
			if off > 0 || greys < 500 {
				t.Errorf("%d pixels are off by more than one grey level; %d have greys within the window", off, greys)
			}
		})
	}
}

// Keys' kernel reproduces quadratic functions, a judge that needs no kernel.
func TestCubicReproducesQuadratics(t *testing.T) {
	const n = 24
	q := func(x float64) float64 { return 3*x*x - 40*x + 7 }
	line, out := make([]float32, n), make([]float32, 90)
	for i := range line {
		line[i] = float32(q(float64(i) + 0.5))
	}
	cols := newTaps(len(out), n, 3, 0.2, Cubic)
	cols.apply(out, line)
	for i, got := range out {
		if want := q(3 + 0.2*float64(i)); math.Abs(float64(got)-want) > 0.01 {
			t.Fatalf("at %g: %g, want %g", 3+0.2*float64(i), got, want)
		}
	}
}

// Where the picture is made smaller, no pixel is passed over.
func TestSmallerPicturesTakeAllPixelsIn(t *testing.T) {
	line, out := make([]float32, 400), make([]float32, 40)
	for i := range line {
		line[i] = float32(1000 * (i % 2))
	}
	for _, k := range []Interpolation{Linear, Cubic} {
		cols := newTaps(len(out), len(line), 5, 10, k)
		cols.apply(out, line)
		for i, got := range out[1:39] {
			if math.Abs(float64(got)-500) > 12 {
				t.Fatalf("%v: pixel %d of stripes is %g", k, i, got)
			}
		}
	}
}

// The picture at rest goes as soon as anything moves, stays under strokes, and
// what a worker made of what has gone is dropped.
func TestRestEnds(t *testing.T) {
	v, _, p := stillView(t, 6, 1, Cubic, ct.Lung)
	v.SetPixels(make([]uint8, 40*30), nil, image.Rect(3, 3, 6, 6))
	if !v.fine.shown || !v.grey.raster.Hidden {
		t.Fatal("a stroke took the fine picture away")
	}
	for name, move := range map[string]func(){
		"pan":    func() { v.setView(v.View().Pan(5, 0)) },
		"window": func() { v.SetWindow(ct.Bone) },
		"slice":  func() { f := v.frame; v.SetFrame(f) },
		"size":   func() { v.Resize(v.Size().AddWidthHeight(10, 0)) },
		"invert": func() { v.SetInvert(!v.invert) },
	} {
		move()
		if v.fine.shown || v.grey.raster.Hidden || !v.fine.raster.Hidden {
			t.Errorf("%s: the fine picture stays", name)
		}
		rest(t, v, p)
	}
	v.moves()
	v.refine() // its worker begins ...
	v.SetWindow(ct.Mediastinum)
	for end := time.Now().Add(20 * time.Second); v.fine.busy; time.Sleep(time.Millisecond) {
		p.run()
		if time.Now().After(end) {
			t.Fatal("the worker does not end")
		}
	}
	if v.fine.shown {
		t.Fatal("a picture at the former window is shown")
	}
	rest(t, v, p)
}

// The grid lies on the borders between pixels, from a zoom of 8 on.
func TestGrid(t *testing.T) {
	f := Frame{W: 16, H: 12, HU: make([]int16, 16*12)}
	v, win := show(t, f)
	p := &posted{}
	v.On.Post = p.post
	v.SetLetters("", "", "", "")
	v.SetInterpolation(Nearest)
	v.SetGrid(true)
	for _, c := range []struct {
		zoom float64
		grid bool
	}{{7.5, false}, {8, true}, {16, true}} {
		v.setView(View{Zoom: c.zoom, Aspect: 1, CX: 8, CY: 6})
		if c.grid {
			rest(t, v, p)
		} else {
			v.refine()
		}
		img := win.Canvas().Capture()
		tinted := func(x, y float64) bool {
			sx, sy := v.View().ToScreen(x, y)
			r, _, b, _ := img.At(int(sx), int(sy)).RGBA()
			return r != b
		}
		if tinted(8, 6.5) != c.grid || tinted(8.5, 6) != c.grid || tinted(8.5, 6.5) {
			t.Errorf("zoom %g: a border is tinted: %v, %v; a centre: %v", c.zoom, tinted(8, 6.5), tinted(8.5, 6), tinted(8.5, 6.5))
		}
	}
}

func TestLookAtRest(t *testing.T) {
	v, win := show(t, frame(64, 64))
	p := &posted{}
	v.On.Post = p.post
	v.SetBrush(2, color.NRGBA{255, 235, 120, 255})
	v.SetGrid(true)
	v.setView(v.View().ZoomAt(14, 100, 100))
	rest(t, v, p)
	golden(t, "rest.png", win.Canvas().Capture())
}

// BenchmarkRest is what a worker does for the picture at rest.
func BenchmarkRest(b *testing.B) {
	for _, size := range [][2]int{{800, 800}, {1600, 1000}} {
		for _, n := range []int{512, 1024} {
			for _, k := range []Interpolation{Linear, Cubic} {
				b.Run(fmt.Sprintf("%dx%d/%d/%d", size[0], size[1], n, k), func(b *testing.B) {
					hu, dst := make([]int16, n*n), make([]uint32, size[0]*size[1])
					step := float64(n) / float64(size[1])
					for b.Loop() {
						resample(dst, crop{size[0], size[1], step / 2, step / 2, step, step}, hu, n, n, k, newShade(ct.Lung, false))
					}
				})
			}
		}
	}
}
