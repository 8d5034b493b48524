package ui

import (
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
)

// inLesion is a place within the lesion of a chest of 128 pixels.
var inLesion = annotate.Point{X: 39.5, Y: 69.5}

// regionChest is a window on such a chest, with HU limits that its lesion is
// within.
func regionChest(t *testing.T) *harness {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	h.setRange(-790, -350)
	h.region.radius, h.region.most = 0, 0
	return h
}

func TestRegionToolsByKey(t *testing.T) {
	for _, c := range []struct {
		id    string
		press func(h *harness)
		row   string
		least int // pixels of the lesion that the tool takes
	}{
		{"tool.edge", func(h *harness) { h.typedKey(fyne.KeyK) }, "edge", 60},
		{"tool.wand", func(h *harness) { h.typedKey(fyne.KeyW) }, "tolerance", 60},
		{"tool.grow", func(h *harness) { h.Do("tool.grow") }, "range", 60},
		{"tool.fill", func(h *harness) { h.typedKey(fyne.KeyF) }, "fill", 0},
		{"tool.wire", func(h *harness) { h.Do("tool.wire") }, "wire", 0},
		{"tool.scribble", func(h *harness) { h.typedKey(fyne.KeyY) }, "scribble", 0},
	} {
		t.Run(c.id, func(t *testing.T) {
			h := regionChest(t)
			if c.press(h); h.inHand() != c.id {
				t.Fatalf("%q is in hand", h.inHand())
			}
			h.drain()
			for name, row := range h.panel.tool.rows {
				if name == c.row && !row.box.Visible() {
					t.Errorf("its row %q is not shown", name)
				}
			}
			h.click(inLesion)
			if n := h.marked(1); n < c.least || n > 500 {
				t.Errorf("a click marked %d pixels", n)
			}
			if h.session.Staging() != (c.id == "tool.wire" || c.id == "tool.scribble") {
				t.Error("goes on, or ends, against its kind")
			}
		})
	}
}

func TestFillByClicks(t *testing.T) {
	h := regionChest(t)
	h.Do("tool.lasso")
	h.strokeAt(annotate.Point{X: 30, Y: 30}, annotate.Point{X: 60, Y: 30}, annotate.Point{X: 60, Y: 60}, annotate.Point{X: 30, Y: 60})
	before := h.marked(1)
	h.Do("label.2")
	h.typedKey(fyne.KeyF)
	h.click(annotate.Point{X: 40, Y: 40})
	if h.marked(1) != 0 || h.marked(2) != before || before == 0 {
		t.Errorf("%d pixels were given label 2, %d kept label 1", h.marked(2), h.marked(1))
	}
	h.holdCtrl(true)
	h.click(annotate.Point{X: 40, Y: 40})
	if h.marked(2) != 0 {
		t.Error("with Ctrl the region was not erased")
	}
}

func TestGrowThroughSlices(t *testing.T) {
	h := regionChest(t)
	h.session.SetCurrent(4)
	h.until("the slice is shown", func() bool { return h.shown == 4 })
	h.typedKey(fyne.KeyZ)
	if h.inHand() != "tool.grow" || !h.region.volume {
		t.Fatal("Z did not take region growing through all slices")
	}
	h.click(inLesion)
	h.until("it has grown", func() bool { return h.growing == nil })
	for i := range 9 {
		if n := h.session.Foreground(i); n < 60 || n > 500 {
			t.Errorf("slice %d has %d pixels", i, n)
		}
	}
	if n, _ := h.session.History().Len(); n != 1 {
		t.Errorf("%d edits", n)
	}
	h.Do("edit.undo")

	h.click(inLesion)
	h.typedKey(fyne.KeyEscape)
	h.drain()
	if h.growing != nil || len(h.tasks.Objects) != 0 || h.session.CanUndo() {
		t.Error("Esc did not stop it")
	}

	h.setRange(2000, 3000)
	h.click(inLesion)
	h.until("it has grown", func() bool { return h.growing == nil })
	if !h.notice.box.Visible() || !strings.Contains(h.notice.text.Text, "2000 to 3000") {
		t.Errorf("that nothing is found is told as %q", h.notice.text.Text)
	}
}

func TestGrowOnTheSlice(t *testing.T) {
	h := regionChest(t)
	h.Do("tool.grow")
	h.click(annotate.Point{X: 64, Y: 64})
	if h.session.CanUndo() || !strings.Contains(h.notice.text.Text, "-790 to -350") || !h.notice.box.Visible() {
		t.Errorf("that nothing is found is told as %q", h.notice.text.Text)
	}
	h.click(inLesion)
	if n := h.marked(1); n < 60 || n > 500 || h.growing != nil || h.notice.box.Visible() {
		t.Errorf("%d pixels; the notice is %q", n, h.notice.text.Text)
	}
	h.holdCtrl(true)
	h.click(inLesion)
	if h.marked(1) != 0 {
		t.Error("with Ctrl it was not erased")
	}
}

// A stroke that is drawn while a region grows is whole, and comes first.
func TestGrowWaitsForTheStroke(t *testing.T) {
	h := regionChest(t)
	h.region.volume = true
	h.Do("tool.grow")
	g := h.session.Growth(h.session.Tool().(annotate.Grow), inLesion, false)
	for _, more := g.Next(); more; _, more = g.Next() {
		if err := g.Step(); err != nil {
			t.Fatal(err)
		}
	}
	task, ctx := h.begin(txtGrowing, txtStop)
	h.growing = &growing{session: h.session, growth: g, task: task, ctx: ctx}
	h.Do("tool.brush")
	h.Window.press(90, 60)
	h.endGrowing(h.growing)
	h.Window.drag(95, 60)
	if h.growing == nil || !h.session.Stroking() {
		t.Fatal("the stroke was cut short")
	}
	h.Window.release()
	h.until("it has grown", func() bool { return h.growing == nil })
	if n, _ := h.session.History().Len(); n != 2 || h.session.UndoName() != "Region growing" {
		t.Errorf("%d edits, the last is %q", n, h.session.UndoName())
	}
}

func TestScribbleByHints(t *testing.T) {
	for _, soon := range []bool{false, true} {
		h := regionChest(t)
		h.typedKey(fyne.KeyY)
		h.strokeAt(annotate.Point{X: 37, Y: 66}, annotate.Point{X: 43, Y: 72})
		h.holdCtrl(true)
		h.strokeAt(annotate.Point{X: 30, Y: 45}, annotate.Point{X: 48, Y: 45})
		h.holdCtrl(false)
		if !soon {
			h.until("it is found", func() bool { return !h.scribbling })
			if n := len(h.view.Paths()); n < 3 {
				t.Errorf("%d lines are shown", n)
			}
		}
		if h.session.CanUndo() != h.session.Stroking() || h.marked(1) != 0 {
			t.Error("hints are painted")
		}
		h.typedKey(fyne.KeyReturn)
		h.until("it is painted", func() bool { return !h.session.Staging() })
		if n := h.marked(1); n < 60 || n > 500 {
			t.Errorf("%d pixels", n)
		}
		if len(h.view.Paths()) != 0 {
			t.Error("its lines stay")
		}
	}
}

// By X, or its box, the other meaning takes no key held; Ctrl then reverses it.
func TestOtherMeaningWithoutCtrl(t *testing.T) {
	h := regionChest(t)
	h.typedKey(fyne.KeyW)
	h.click(inLesion)
	before := h.marked(1)
	h.typedKey(fyne.KeyX)
	h.click(inLesion)
	if h.marked(1) != 0 || before == 0 {
		t.Errorf("%d of %d pixels are left", h.marked(1), before)
	}
	h.holdCtrl(true)
	h.click(inLesion)
	h.holdCtrl(false)
	if h.marked(1) != before {
		t.Errorf("with Ctrl %d pixels, want %d", h.marked(1), before)
	}
	h.typedKey(fyne.KeyY)
	h.strokeAt(annotate.Point{X: 30, Y: 45}, annotate.Point{X: 48, Y: 45})
	if lines := h.session.Outlines(annotate.Point{}); len(lines) != 1 || !lines[0].Cut {
		t.Error("the hint is not outside")
	}
}

// Another series, an export or the end wait for nothing in the background.
func TestScribbleIsKeptByLeaving(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9), chest("Abdomen", 128, 8))
	s := h.session
	h.typedKey(fyne.KeyY)
	h.strokeAt(annotate.Point{X: 37, Y: 66}, annotate.Point{X: 43, Y: 72})
	h.typedKey(fyne.KeyReturn) // as soon as it is found
	h.show(h.Window.found, 1, func() {})
	if s.Staging() || s.UndoName() != "Scribble" {
		t.Fatalf("the scribble is left open; the last edit is %q", s.UndoName())
	}
	h.until("nothing is sought", func() bool { return !h.scribbling })
	h.until("the slice is shown", func() bool { return h.shown == h.session.Current() })
	h.strokeAt(annotate.Point{X: 37, Y: 66}, annotate.Point{X: 43, Y: 72})
	h.until("nothing is sought", func() bool { return !h.scribbling })
	if !h.session.Staging() {
		t.Error("the next one was finished too")
	}
}

func TestGrowingEndsWithTheSeries(t *testing.T) {
	h := regionChest(t)
	h.region.volume = true
	h.Do("tool.grow")
	h.click(inLesion)
	s := h.session
	h.closeAll()
	h.until("nothing grows", func() bool { return h.growing == nil && len(h.tasks.Objects) == 0 })
	if s.CanUndo() {
		t.Error("it grew on in what is closed")
	}
}

// A form is of the series in view, and ends with it.
func TestFormEndsWithTheSeries(t *testing.T) {
	h := forked(t, 4)
	h.Do("operate.dilate")
	h.closeAll()
	h.refreshAll()
	time.Sleep(time.Millisecond) // its delay, which is none
	h.drain()
	if h.form.op != nil || h.form.box.Visible() {
		t.Error("the form is still asked for")
	}
}

func TestScribbleIsDropped(t *testing.T) {
	h := regionChest(t)
	h.typedKey(fyne.KeyY)
	h.strokeAt(annotate.Point{X: 37, Y: 66}, annotate.Point{X: 43, Y: 72})
	h.typedKey(fyne.KeyReturn)
	if h.session.CanUndo() { // what is inside was found before Enter, which took it
		h.undo()
	}
	h.typedKey(fyne.KeyEscape)
	h.until("the work has ended", func() bool { return !h.scribbling })
	if h.session.Staging() || h.session.CanUndo() || len(h.view.Paths()) != 0 {
		t.Error("Esc left something")
	}
}

func TestRegionSettingsArePersistent(t *testing.T) {
	h := regionChest(t)
	h.typedKey(fyne.KeyW)
	entry := h.named["tool.tolerance.entry"].(*numberEntry)
	entry.SetText("75")
	entry.OnSubmitted("75")
	if w, ok := h.session.Tool().(annotate.Wand); !ok || w.Tolerance != 75 {
		t.Errorf("the wand in hand is %+v", h.session.Tool())
	}
	h.region.volume, h.region.firm, h.region.reach = true, false, 25
	h.retool()
	again := newWindow(h.app, h.services, func(func()) {})
	if r := again.region; r != h.region {
		t.Errorf("the next window has %+v, want %+v", r, h.region)
	}
}
