package ui

import (
	"fmt"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// three shows the three views and waits until the volume is there.
func (h *harness) threeViews() {
	h.t.Helper()
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyT})
	h.until("the volume is read", func() bool { return h.last("volume") != nil && h.three.reading == nil })
}

// click presses the left button on an image point of a picture.
func click(v *viewport.Viewport, x, y float64) {
	sx, sy := v.View().ToScreen(x, y)
	e := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(float32(sx), float32(sy))}, Button: desktop.MouseButtonPrimary}
	v.MouseDown(e)
	v.MouseUp(e)
}

// cutIs checks that a cut shows, for every slice, its own values and labels.
func (h *harness) cutIs(c *cutView) {
	h.t.Helper()
	f := c.view.Frame()
	n := h.session.Series().Len()
	if f.H != n {
		h.t.Fatalf("a cut of %d slices has %d rows", n, f.H)
	}
	for k := range n {
		s, _ := h.session.Series().Slice(k)
		m := h.session.Mask(k)
		for u := range f.W {
			i := c.cut*s.W + u
			if c.plane == ct.AlongColumns {
				i = u*s.W + c.cut
			}
			at := (n-1-k)*f.W + u
			if f.HU[at] != s.HU[i] || f.Mask[at] != m.Label[i] {
				h.t.Fatalf("slice %d, column %d: %d HU with label %d, want %d with %d", k, u, f.HU[at], f.Mask[at], s.HU[i], m.Label[i])
			}
		}
	}
}

func TestThreeViewsShowOnePoint(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 96, 12))
	h.threeViews()
	coronal, sagittal := h.three.cuts[0], h.three.cuts[1]
	if coronal.cut != 48 || sagittal.cut != 48 {
		t.Fatalf("they begin with cuts %d and %d", coronal.cut, sagittal.cut)
	}
	if a := coronal.view.Frame().Aspect; math.Abs(a-2) > 1e-9 { // 7.5 mm of 3.75
		t.Errorf("an aspect of %g, want 2", a)
	}
	h.cutIs(coronal)
	h.cutIs(sagittal)

	click(coronal.view, 30.25, 2.5) // the third slice from the head
	h.drain()
	if h.session.Current() != 9 || math.Abs(h.three.x-30.25) > 1e-4 || sagittal.cut != 30 || coronal.cut != 48 {
		t.Errorf("a click in the coronal cut leads to slice %d, %g, cut %d", h.session.Current(), h.three.x, sagittal.cut)
	}
	click(sagittal.view, 20.75, 10.5)
	h.drain()
	if h.session.Current() != 1 || math.Abs(h.three.y-20.75) > 1e-4 || coronal.cut != 20 || sagittal.cut != 30 {
		t.Errorf("a click in the sagittal cut leads to slice %d, %g, cut %d", h.session.Current(), h.three.y, coronal.cut)
	}
	if got := coronal.name.Text; got != "Coronal  A 104.1 mm" { // -180 + (20.75 - 0.5) * 3.75
		t.Errorf("the cut is called %q", got)
	}
	coronal.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -50)})
	sagittal.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, 25)})
	if coronal.cut != 22 || sagittal.cut != 29 || h.session.Current() != 1 {
		t.Errorf("the wheel leads to cuts %d and %d", coronal.cut, sagittal.cut)
	}
	h.cutIs(coronal)
	h.cutIs(sagittal)
	coronal.hover(29.5, 10.5, true)
	s, _ := h.session.Series().Slice(1)
	if want := placeText(h.session.Series().At(29, 22.25, 1)); h.status.place.Text != want || h.status.hu.Text != huText(s.HU[22*96+29]) {
		t.Errorf("the status line says %q at %q, want %q at %q", h.status.hu.Text, h.status.place.Text, huText(s.HU[22*96+29]), want)
	}
}

func huText(hu int16) string { return fmt.Sprintf(txtHU, hu) }

func TestEditsShowInAllViews(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 96, 12))
	h.threeViews()
	h.setRadius(3)
	h.strokeAt(annotate.Point{X: 40, Y: 30}, annotate.Point{X: 60, Y: 50})
	coronal, sagittal := h.three.cuts[0], h.three.cuts[1]
	marked := func(c *cutView) (n int) {
		for _, l := range c.view.Frame().Mask {
			n += int(min(l, 1))
		}
		return n
	}
	h.cutIs(coronal)
	h.cutIs(sagittal)
	if marked(coronal) == 0 || marked(sagittal) == 0 {
		t.Fatal("a stroke is not seen in the cuts through it")
	}
	at := func(x, y float64) fyne.PointEvent {
		sx, sy := h.view.View().ToScreen(x, y)
		return fyne.PointEvent{Position: fyne.NewPos(float32(sx), float32(sy))}
	}
	h.view.MouseDown(&desktop.MouseEvent{PointEvent: at(20, 60), Button: desktop.MouseButtonPrimary})
	h.view.Dragged(&fyne.DragEvent{PointEvent: at(30, 60)})
	h.drain()
	if h.cutIs(coronal); marked(coronal) < 10 { // before the button is released
		t.Errorf("the stroke under way shows in %d pixels", marked(coronal))
	}
	h.view.DragEnd()
	h.Do("edit.undo")
	h.Do("edit.undo")
	h.drain()
	if marked(coronal)+marked(sagittal) != 0 {
		t.Error("what is undone is still seen in the cuts")
	}
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.settle()
	h.until("the cuts follow", func() bool { return len(h.three.stale) == 0 && !h.three.waiting })
	h.cutIs(coronal)
	click(h.view, 30, 53)
	h.setThreshold(0.9)
	h.settle()
	h.until("the cuts follow", func() bool { return len(h.three.stale) == 0 && !h.three.waiting })
	if h.cutIs(coronal); marked(coronal) < 12 {
		t.Errorf("the proposals show in %d pixels", marked(coronal))
	}
	h.Do("view.three")
	if h.three.volume != nil || h.three.side.Visible() || coronal.view.Frame().W != 0 {
		t.Error("putting the cuts away left something")
	}
}

// Reading can be stopped, what is unreadable stays empty, and another series
// brings its own cuts.
func TestThreeViewsOfTroubledSeries(t *testing.T) {
	h := start(t, nil)
	good := chest("Thorax", 64, 9)
	bad := ct.NewSeries(*good, func(i int) (*ct.Slice, error) {
		if i == 7 {
			return nil, errDisk
		}
		return good.Slice(i)
	})
	h.open(bad, chest("Other", 32, 4))
	h.threeViews()
	c := h.three.cuts[0]
	if f := c.view.Frame(); c.remarks.Text != "1 slice can't be read" || f.HU[1*64+20] != ct.Air || f.HU[2*64+20] == ct.Air {
		t.Errorf("the cut remarks %q", c.remarks.Text)
	}
	h.show(h.Window.found, 1, func() {})
	h.until("the other volume is read", func() bool { return h.three.reading == nil })
	if f := c.view.Frame(); f.W != 32 || f.H != 4 || c.remarks.Visible() {
		t.Errorf("the other series shows %dx%d and %q", f.W, f.H, c.remarks.Text)
	}
	h.closeAll()
	h.drain()
	if h.three.volume != nil || h.Do("view.three") {
		t.Error("nothing is open, and it can be cut")
	}
}

func TestLookThree(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 40))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.threeViews()
	h.settle()
	h.until("the cuts follow", func() bool { return len(h.three.stale) == 0 && !h.three.waiting })
	click(h.three.cuts[0].view, 79.5, 20.5)
	h.three.cuts[0].view.MouseOut()
	h.Do("measure.distance")
	h.strokeAt(annotate.Point{X: 60, Y: 180}, annotate.Point{X: 120, Y: 180})
	h.until("the cuts follow", func() bool { return len(h.three.stale) == 0 && !h.three.waiting })
	h.capture("three")
}
