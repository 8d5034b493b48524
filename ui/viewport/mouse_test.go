package viewport

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

// drive shows a viewport of 100x100 pixels and notes what the pointer does.
func drive(t *testing.T) (v *Viewport, did *string) {
	t.Helper()
	test.NewTempApp(t)
	v = New()
	w := test.NewTempWindow(t, v)
	w.Resize(fyne.NewSize(200, 200))
	v.SetFrame(Frame{W: 100, H: 100, HU: make([]int16, 100*100)})
	did = new(string)
	v.On.Press = func(_, _ float64) { *did += "press " }
	v.On.Drag = func(_, _ float64) { *did += "drag " }
	v.On.Release = func() { *did += "release " }
	v.On.WindowLevel = func(_, _ float64) { *did += "level " }
	v.On.Step = func(n int) {
		if n > 0 {
			*did += "next "
		} else {
			*did += "previous "
		}
	}
	return v, did
}

func (v *Viewport) sweep(b desktop.MouseButton) {
	at := func(x, y float32) fyne.PointEvent { return fyne.PointEvent{Position: fyne.NewPos(x, y)} }
	v.MouseDown(&desktop.MouseEvent{PointEvent: at(50, 50), Button: b})
	v.MouseMoved(&desktop.MouseEvent{PointEvent: at(60, 55), Button: b})
	v.MouseUp(&desktop.MouseEvent{PointEvent: at(60, 55), Button: b})
}

func TestButtonsDoWhatTheUserWants(t *testing.T) {
	const left, right, middle = desktop.MouseButtonPrimary, desktop.MouseButtonSecondary, desktop.MouseButtonTertiary
	const stroke, level, panned = "press drag release ", "level ", ""
	for _, c := range []struct {
		name   string
		mouse  Mouse
		held   func(v *Viewport)
		button desktop.MouseButton
		want   string
	}{
		{"left", Mouse{}, nil, left, stroke},
		{"right", Mouse{}, nil, right, level},
		{"middle", Mouse{}, nil, middle, panned},
		{"left, swapped", Mouse{Swapped: true}, nil, left, level},
		{"right, swapped", Mouse{Swapped: true}, nil, right, stroke},
		{"middle, swapped", Mouse{Swapped: true}, nil, middle, panned},
		{"one button for the window", Mouse{Left: LeftWindow}, nil, left, level},
		{"one button for the picture", Mouse{Left: LeftPan}, nil, left, panned},
		{"a held key for the window", Mouse{}, func(v *Viewport) { v.Level(true) }, left, level},
		{"a held key for the picture", Mouse{Left: LeftWindow}, func(v *Viewport) { v.Pan(true) }, left, panned},
		{"a held key for the picture, swapped", Mouse{Swapped: true}, func(v *Viewport) { v.Pan(true) }, right, panned},
	} {
		v, did := drive(t)
		v.SetMouse(c.mouse)
		if c.held != nil {
			c.held(v)
		}
		before := v.View()
		v.sweep(c.button)
		if *did != c.want || (v.View() != before) != (c.want == panned) {
			t.Errorf("%s: it did %q; the picture moved: %v", c.name, *did, v.View() != before)
		}
	}
}

func TestTheWheelTurnsAsTheUserWants(t *testing.T) {
	v, did := drive(t)
	up := &fyne.ScrollEvent{Scrolled: fyne.Delta{DY: notch}}
	v.Scrolled(up)
	v.SetMouse(Mouse{SlicesTurned: true, ZoomTurned: true})
	v.Scrolled(up)
	if *did != "previous next " {
		t.Errorf("it did %q", *did)
	}
	v.On.Modifiers = func() fyne.KeyModifier { return fyne.KeyModifierControl }
	before := v.View().Zoom
	v.Scrolled(up)
	if v.View().Zoom >= before {
		t.Errorf("the zoom went from %g to %g", before, v.View().Zoom)
	}
}

func TestAPanIsTakenBack(t *testing.T) {
	v, _ := drive(t)
	before := v.View()
	v.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(50, 50)}, Button: desktop.MouseButtonTertiary})
	v.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(90, 50)}, Button: desktop.MouseButtonTertiary})
	if v.View() == before {
		t.Fatal("the picture did not move")
	}
	if !v.CancelPan() || v.View() != before || v.CancelPan() {
		t.Error("the pan was not taken back once")
	}
}
