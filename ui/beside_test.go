package ui

import (
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
	"groundglass/ui/viewport"
)

// linked reports whether both views show the same place of the same slice.
func (h *harness) linked() bool {
	a, b := h.view.View(), h.bare.view.View()
	near := func(x, y float64) bool { return math.Abs(x-y) < 0.02*max(1, math.Abs(x)) }
	return near(a.Zoom, b.Zoom) && near(a.CX, b.CX) && near(a.CY, b.CY) && &h.view.Frame().HU[0] == &h.bare.view.Frame().HU[0]
}

func TestTheUnmarkedSliceFollows(t *testing.T) {
	h := edited(t)
	h.Do("view.bare")
	f := h.bare.view.Frame()
	if f.Mask != nil || f.Prob != nil || !h.bare.box.Visible() || !h.linked() {
		t.Fatal("the unmarked slice is not beside the marked one")
	}
	if a, b := h.view.Size(), h.bare.view.Size(); math.Abs(float64(a.Width-b.Width)) > 2 || a.Height != b.Height {
		t.Errorf("the views measure %v and %v", a, b)
	}
	over := func(v *viewport.Viewport, x, y float64) fyne.PointEvent {
		sx, sy := v.View().ToScreen(x, y)
		return fyne.PointEvent{Position: fyne.NewPos(float32(sx), float32(sy))}
	}
	for name, move := range map[string]func(){
		"zoom in the marked one":   func() { h.view.ZoomBy(2) },
		"zoom in the unmarked one": func() { h.bare.view.ZoomBy(1.5) },
		"pan in the unmarked one": func() {
			v := h.bare.view
			v.MouseDown(&desktop.MouseEvent{PointEvent: over(v, 100, 100), Button: desktop.MouseButtonTertiary})
			v.Dragged(&fyne.DragEvent{PointEvent: over(v, 90, 108)})
			v.DragEnd()
		},
		"another slice": func() { h.bare.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -25)}); h.drain() },
		"fit":           func() { h.view.Fit() },
	} {
		if move(); !h.linked() {
			t.Errorf("%s: %+v and %+v", name, h.view.View(), h.bare.view.View())
		}
	}
	before := h.session.Foreground(h.session.Current())
	h.Do("tool.brush")
	v := h.bare.view
	v.MouseDown(&desktop.MouseEvent{PointEvent: over(v, 180, 120), Button: desktop.MouseButtonPrimary})
	v.Dragged(&fyne.DragEvent{PointEvent: over(v, 190, 140)})
	v.DragEnd()
	if h.session.Foreground(h.session.Current()) <= before {
		t.Error("a stroke in the unmarked slice paints nothing")
	}
	h.setSettings(func(s *settings) { s.mouse.Swapped = true })
	level := h.level
	v.MouseDown(&desktop.MouseEvent{PointEvent: over(v, 100, 100), Button: desktop.MouseButtonPrimary})
	v.Dragged(&fyne.DragEvent{PointEvent: over(v, 130, 110)})
	if h.level == level {
		t.Error("the buttons are not exchanged in the unmarked slice")
	}
	h.typedKey(fyne.KeyEscape)
	if v.DragEnd(); h.level != level {
		t.Errorf("Esc leaves the window at %v, not at %v", h.level, level)
	}
	h.setSettings(func(s *settings) { s.mouse.Swapped = false })
	place := v.View()
	h.keyDown(fyne.KeySpace)
	v.MouseDown(&desktop.MouseEvent{PointEvent: over(v, 100, 100), Button: desktop.MouseButtonPrimary})
	v.Dragged(&fyne.DragEvent{PointEvent: over(v, 96, 103)})
	v.DragEnd()
	h.keyUp(fyne.KeySpace)
	if v.View() == place || !h.linked() {
		t.Error("with Space held the unmarked slice does not move")
	}
	h.show(h.Window.found, 0, func() {})
	if !h.linked() {
		t.Error("another series is not in both views")
	}
	h.Do("view.bare")
	if h.bare.box.Visible() || h.bare.view.Frame().HU != nil {
		t.Error("the unmarked slice stays")
	}
	h.Do("view.bare")
	h.closeAll()
	h.drain()
	if h.bare.view.Frame().HU != nil {
		t.Error("the unmarked slice stays after its series was closed")
	}
}

func TestLookBeside(t *testing.T) {
	h := edited(t)
	h.Do("view.bare")
	h.Do("view.origin")
	h.view.MouseOut()
	h.bare.view.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(110, 380)}})
	h.capture("beside")
}

// The cross follows the pointer, and the magnifier is there while its key is
// held.
func TestCrossAndMagnifier(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 20))
	h.strokeAt(annotate.Point{X: 80, Y: 120}, annotate.Point{X: 90, Y: 140})
	h.Do("view.cross")
	h.view.KeyDown(&fyne.KeyEvent{Name: fyne.KeyF12})
	sx, sy := h.view.View().ToScreen(86, 133)
	h.view.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(sx), float32(sy))}})
	h.capture("lens")
	h.view.KeyUp(&fyne.KeyEvent{Name: fyne.KeyF12})
	h.Do("view.cross")
	plain := h.win.Canvas().Capture()
	p := h.app.Driver().AbsolutePositionForObject(h.view).AddXY(float32(sx), float32(sy))
	if r, g, _, _ := plain.At(int(p.X)+100, int(p.Y)).RGBA(); r != g {
		t.Error("the cross or the magnifier stays")
	}
}

// A measuring tool over a cut says that it does not measure there.
func TestCutsRefuseToMeasure(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 12))
	h.threeViews()
	h.Do("measure.distance")
	at, x := h.session.Current(), h.three.x
	c := h.three.cuts[0].view
	click(c, 20.5, 2.5)
	if h.status.hintShown.Text != txtCutMeasure || h.session.Current() != at || h.three.x != x {
		t.Errorf("a click in a cut says %q and leads to slice %d", h.status.hintShown.Text, h.session.Current())
	}
	c.MouseOut()
	if h.status.hintShown.Text != "" {
		t.Error("the sentence stays")
	}
	h.Do("measure.distance")
	click(c, 20.5, 2.5)
	if h.session.Current() == at {
		t.Error("a click without a measuring tool shows nothing")
	}
}
