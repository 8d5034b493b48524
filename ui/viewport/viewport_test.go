package viewport

import (
	"image"
	"image/color"
	"runtime"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// frame is a slice whose grey values grow to the right, with two labels and a
// disc of probabilities.
func frame(w, h int) Frame {
	f := Frame{W: w, H: h, HU: make([]int16, w*h), Mask: make([]uint8, w*h), Prob: make([]uint8, w*h)}
	for i := range f.HU {
		x, y := i%w, i/w
		f.HU[i] = int16(-1350 + 1500*x/w)
		switch d := (x-w/3)*(x-w/3) + (y-h/2)*(y-h/2); {
		case d < w*w/60:
			f.Mask[i], f.Prob[i] = 1, 255
		case d < w*w/30:
			f.Prob[i] = 120
		}
		if d := (x-2*w/3)*(x-2*w/3) + (y-h/2)*(y-h/2); d < w*w/60 {
			f.Mask[i] = 2
		}
	}
	return f
}

func show(t testing.TB, f Frame) (*Viewport, fyne.Window) {
	test.NewTempApp(t)
	v := New()
	v.SetStyles(map[uint8]Style{
		1: {Color: color.NRGBA{80, 220, 160, 255}, Pattern: PatternOf(0)},
		2: {Color: color.NRGBA{240, 150, 60, 255}, Pattern: PatternOf(1)},
	})
	w := test.NewTempWindow(t, v)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(320, 240))
	v.SetLetters("R", "L", "A", "P")
	v.SetFrame(f)
	return v, w
}

func at(x, y float32, b desktop.MouseButton) *desktop.MouseEvent {
	return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}, Button: b}
}

func dragTo(x, y float32) *fyne.DragEvent {
	return &fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
}

// golden compares a picture with the one in testdata.
func golden(t *testing.T, name string, img image.Image) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("text is drawn otherwise on this system")
	}
	test.AssertImageMatches(t, name, img)
}

func TestLooks(t *testing.T) {
	v, w := show(t, frame(64, 64))
	v.SetBrush(6, color.NRGBA{255, 235, 120, 255})
	v.MouseIn(at(120, 120, 0))
	golden(t, "labels.png", w.Canvas().Capture())
	v.SetOverlay(Overlay{Heat: true, HeatOpacity: 0.7})
	golden(t, "heat.png", w.Canvas().Capture())
	v.SetOverlay(Overlay{Heat: true, Unsure: true, HeatOpacity: 0.7})
	golden(t, "unsure.png", w.Canvas().Capture())
	v.SetOverlay(Overlay{Mask: true, MaskOpacity: 0.4, Outline: true})
	v.setView(v.View().ZoomAt(16, 100, 100))
	v.SetInterpolation(Nearest)
	golden(t, "zoom16.png", w.Canvas().Capture())
}

// What is sure either way stays clear, and even odds have the brightest colour.
func TestUnsureHeat(t *testing.T) {
	var h heats
	h.set(1, true)
	if h[0] != 0 || h[255] != 0 {
		t.Errorf("sure pixels are %x and %x", h[0], h[255])
	}
	if h[127] != h[128] || h[128] != word(HeatColor(1), 1) {
		t.Errorf("even odds are %x and %x", h[127], h[128])
	}
	for p := 1; p < 128; p++ {
		if h[p] != h[255-p] || p > 1 && h[p]>>24 < h[p-1]>>24 {
			t.Errorf("probabilities %d and %d: %x and %x, before %x", p, 255-p, h[p], h[255-p], h[p-1])
		}
	}
}

func TestHoldingAKeyHidesTheMask(t *testing.T) {
	v, w := show(t, frame(64, 64))
	with := w.Canvas().Capture()
	v.HideMask(true)
	without := w.Canvas().Capture()
	if sameAt(with, without, 107, 120) {
		t.Fatal("the mask is still shown")
	}
	v.HideMask(false)
	if !sameAt(with, w.Canvas().Capture(), 107, 120) {
		t.Fatal("the mask did not come back")
	}
}

func sameAt(a, b image.Image, x, y int) bool { return a.At(x, y) == b.At(x, y) }

func TestSlicesOfAnotherSizeLeaveNothingBehind(t *testing.T) {
	v, w := show(t, frame(64, 64))
	v.setView(v.View().ZoomAt(16, 100, 100))
	v.SetFrame(frame(30, 90))
	v.Compose()
	golden(t, "tall.png", w.Canvas().Capture())
	v.SetFrame(Frame{})
	v.SetLetters("", "", "", "")
	img := w.Canvas().Capture()
	for _, p := range []image.Point{{10, 10}, {160, 120}, {300, 230}} {
		if r, g, b, _ := img.At(p.X, p.Y).RGBA(); r|g|b != 0 {
			t.Fatalf("the empty viewport shows something at %v", p)
		}
	}
	v.MouseDown(at(10, 10, desktop.MouseButtonPrimary))
	v.SetFrame(Frame{W: 4, H: 4, HU: make([]int16, 16)})
	v.Compose()
}

func TestChangedPixelsAreShown(t *testing.T) {
	f := frame(64, 64)
	v, _ := show(t, f)
	v.Compose()
	f.Mask[5*64+40] = 2
	v.SetPixels(f.Mask, f.Prob, image.Rect(40, 5, 41, 6))
	v.Compose()
	fresh := New()
	fresh.SetStyles(v.styles)
	fresh.Resize(v.Size())
	fresh.SetFrame(f)
	fresh.Compose()
	if string(v.mask.img.Pix) != string(fresh.mask.img.Pix) {
		t.Fatal("the changed rectangle differs from the whole composed anew")
	}
}

// events records what the handlers are told.
func events(v *Viewport) *[]string {
	var got []string
	v.On.Press = func(_, _ float64) { got = append(got, "press") }
	v.On.Drag = func(_, _ float64) { got = append(got, "drag") }
	v.On.Release = func() { got = append(got, "release") }
	v.On.WindowLevel = func(_, _ float64) { got = append(got, "window") }
	return &got
}

func TestGestures(t *testing.T) {
	left, right := desktop.MouseButtonPrimary, desktop.MouseButtonSecondary
	for _, c := range []struct {
		name string
		do   func(v *Viewport)
		want []string
	}{
		{"a click is a dab", func(v *Viewport) {
			v.MouseDown(at(100, 100, left))
			v.MouseUp(at(100, 100, left))
		}, []string{"press", "release"}},
		{"a release may come three times", func(v *Viewport) {
			v.MouseDown(at(100, 100, left))
			v.Dragged(dragTo(110, 100))
			v.MouseUp(at(110, 100, left))
			v.DragEnd()
			v.MouseUp(at(110, 100, left))
		}, []string{"press", "drag", "release"}},
		{"a lost release ends with the next move", func(v *Viewport) {
			v.MouseDown(at(100, 100, left))
			v.Dragged(dragTo(110, 100))
			v.MouseOut()
			v.MouseIn(at(10, 10, 0))
			v.MouseMoved(at(20, 20, 0))
		}, []string{"press", "drag", "release"}},
		{"a lost release ends with the next press", func(v *Viewport) {
			v.MouseDown(at(100, 100, left))
			v.MouseDown(at(50, 50, left))
			v.MouseUp(at(50, 50, left))
		}, []string{"press", "release", "press", "release"}},
		{"a second button changes nothing", func(v *Viewport) {
			v.MouseDown(at(100, 100, left))
			v.MouseDown(at(100, 100, right))
			v.MouseUp(at(100, 100, right))
			v.Dragged(dragTo(110, 100))
			v.MouseUp(at(110, 100, left))
		}, []string{"press", "drag", "release"}},
		{"right drag is told as moves", func(v *Viewport) {
			v.MouseDown(at(100, 100, right))
			v.MouseMoved(at(110, 100, right))
			v.MouseOut()
			v.MouseIn(at(10, 10, 0))
			v.MouseMoved(at(20, 20, 0))
		}, []string{"window"}},
		{"a held space bar pans", func(v *Viewport) {
			v.Pan(true)
			v.MouseDown(at(100, 100, left))
			v.Dragged(dragTo(110, 100))
			v.MouseUp(at(110, 100, left))
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			v, _ := show(t, frame(64, 64))
			got := events(v)
			c.do(v)
			if len(*got) != len(c.want) {
				t.Fatalf("got %v, want %v", *got, c.want)
			}
			for i := range c.want {
				if (*got)[i] != c.want[i] {
					t.Fatalf("got %v, want %v", *got, c.want)
				}
			}
		})
	}
}

func TestPanAndFit(t *testing.T) {
	v, _ := show(t, frame(64, 64))
	before := v.View()
	v.MouseDown(at(100, 100, desktop.MouseButtonTertiary))
	v.Dragged(dragTo(130, 110))
	v.DragEnd()
	if got := v.View(); !near(got.CX, before.CX-30/before.Zoom) || !near(got.CY, before.CY-10/before.Zoom) {
		t.Fatalf("the centre went from (%g, %g) to (%g, %g)", before.CX, before.CY, got.CX, got.CY)
	}
	v.MouseDown(at(130, 110, desktop.MouseButtonTertiary)) // twice in short time
	if v.View() != before {
		t.Fatal("a double click of the middle button did not fit the slice")
	}
}

func TestWheel(t *testing.T) {
	v, _ := show(t, frame(64, 64))
	var steps, sizes int
	var held fyne.KeyModifier
	v.On.Step = func(n int) { steps += n }
	v.On.BrushSize = func(n int) { sizes += n }
	v.On.Modifiers = func() fyne.KeyModifier { return held }
	p := fyne.NewPos(70, 50)
	turn := func(dx, dy float32) {
		v.Scrolled(&fyne.ScrollEvent{PointEvent: fyne.PointEvent{Position: p}, Scrolled: fyne.NewDelta(dx, dy)})
	}
	turn(0, -25)
	turn(0, -50)
	for range 3 { // a touchpad turns by less than a notch
		turn(0, 10)
	}
	if steps != 2 {
		t.Errorf("stepped %d slices, want 3 on and 1 back", steps)
	}
	held = fyne.KeyModifierShift
	turn(25, 0) // the driver swaps the axes
	if sizes != 1 {
		t.Errorf("the brush grew %d steps, want 1", sizes)
	}
	held = fyne.KeyModifierControl
	x0, y0 := v.toImage(p)
	zoom := v.View().Zoom
	turn(0, 25)
	x1, y1 := v.toImage(p)
	if v.View().Zoom <= zoom || !near(x0, x1) || !near(y0, y1) {
		t.Errorf("zoom %g to %g moved (%g, %g) to (%g, %g)", zoom, v.View().Zoom, x0, y0, x1, y1)
	}
	if steps != 2 || sizes != 1 {
		t.Error("zooming stepped or changed the brush")
	}
}

func TestPatternsDiffer(t *testing.T) {
	for a := range patterns {
		for b := range a {
			for _, d := range []image.Point{{1, 0}, {0, 1}, {1, 1}, {1, -1}} {
				same := true
				for i := range 36 {
					same = same && a.on(50+d.X*i, 50+d.Y*i) == b.on(50+d.X*i, 50+d.Y*i)
				}
				if same {
					t.Errorf("patterns %d and %d look alike along %v", a, b, d)
				}
			}
		}
	}
}

// Figures lie on the pixels that they measure, whatever the view, and their
// text stays in the picture.
func TestMarks(t *testing.T) {
	f := frame(64, 64)
	f.Aspect = 0.5
	v, w := show(t, f)
	v.SetPointing(true)
	v.MouseIn(at(120, 120, 0))
	bare := len(v.objects)
	v.SetMarks([]Mark{
		{Shape: Line, X0: 4, Y0: 10, X1: 30, Y1: 40, Text: []string{"42.5 mm"}},
		{Shape: Oval, X0: 50, Y0: 50, X1: 62, Y1: 62, Text: []string{"Area 12.0 mm²", "Mean -812 HU, SD 45"}, Picked: true},
		{Shape: Box, X0: 60, Y0: 4, X1: 40, Y1: 20, Text: []string{"Min -900, max -100 HU"}},
	})
	golden(t, "marks.png", w.Canvas().Capture())
	v.setView(v.View().ZoomAt(9, 200, 100))
	k := v.marks[1]
	x0, y0 := v.View().ToScreen(50, 50)
	x1, y1 := v.View().ToScreen(62, 62)
	o := k.oval[1]
	if p, s := o.Position(), o.Size(); !near(float64(p.X), x0) || !near(float64(p.Y), y0) || !near(float64(s.Width), x1-x0) || !near(float64(s.Height), y1-y0) {
		t.Errorf("an ellipse lies at %v with %v, not between (%g, %g) and (%g, %g)", p, s, x0, y0, x1, y1)
	}
	for _, k := range v.marks {
		p, s := k.plate.Position(), k.plate.Size()
		if p.X < 0 || p.Y < 0 || p.X+s.Width > v.Size().Width || p.Y+s.Height > v.Size().Height {
			t.Errorf("text lies at %v with %v, outside of %v", p, s, v.Size())
		}
	}
	v.SetMarks(nil)
	if len(v.objects) != bare {
		t.Errorf("%d objects are left without marks, %d were there before", len(v.objects), bare)
	}
}
