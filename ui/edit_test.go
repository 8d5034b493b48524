package ui

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
)

// human is a copy of the pixels of a slice that a person set.
func human(m *annotate.Mask) map[int]uint8 {
	out := map[int]uint8{}
	for i, o := range m.Origin {
		if o.Human() {
			out[i] = m.Label[i]
		}
	}
	return out
}

func same(a, b map[int]uint8) bool {
	if len(a) != len(b) {
		return false
	}
	for i, v := range a {
		if w, ok := b[i]; !ok || v != w {
			return false
		}
	}
	return true
}

func proposed(t *testing.T) *harness {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	return h
}

func TestStrokeReachesTheMask(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	h.setRadius(3)
	h.strokeAt(annotate.Point{X: 20, Y: 20}, annotate.Point{X: 100, Y: 20}) // one fast move
	m := h.session.Mask(h.session.Current())
	for x := 20; x < 100; x++ {
		if i := 20*128 + x; m.Label[i] != 1 || m.Origin[i] != annotate.HumanAdded {
			t.Fatalf("pixel (%d, 20) was not painted", x)
		}
	}
	if m.Label[30*128+50] != 0 {
		t.Fatal("painted beyond the brush")
	}
	if f := h.last("stroke"); f["state"] != "end" || len(f["points"].([][2]float64)) != 2 {
		t.Fatalf("the stroke was told as %v", f)
	}
	h.Do("tool.eraser")
	h.strokeAt(annotate.Point{X: 50, Y: 20})
	if i := 20*128 + 50; m.Origin[i] == annotate.HumanAdded && h.session.Mask(h.session.Current()).Label[i] != 0 {
		t.Fatal("the eraser left the pixel")
	}
	h.Do("edit.undo")
	h.Do("edit.undo")
	if n := h.session.Foreground(h.session.Current()); n != 0 {
		t.Fatalf("%d pixels are left after undoing everything", n)
	}
	h.Do("edit.redo")
	if h.session.Foreground(h.session.Current()) == 0 {
		t.Fatal("nothing came back")
	}
}

func TestLostReleaseEndsTheStroke(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	down := &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(300, 300)}, Button: desktop.MouseButtonPrimary}
	h.view.MouseDown(down)
	h.view.MouseOut()
	h.view.MouseIn(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(10, 10)}})
	before := h.session.Foreground(h.session.Current())
	h.view.MouseMoved(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(90, 90)}})
	if h.session.Stroking() || h.session.Foreground(h.session.Current()) != before {
		t.Fatal("the stroke went on without a button")
	}
	if undo, _ := h.session.History().Len(); undo != 1 {
		t.Fatalf("%d edits, want 1", undo)
	}
}

func TestThresholdLeavesPaintedPixels(t *testing.T) {
	h := proposed(t)
	h.strokeAt(annotate.Point{X: 40, Y: 60}, annotate.Point{X: 70, Y: 80})
	h.Do("tool.eraser")
	h.strokeAt(annotate.Point{X: 36, Y: 76})
	i := h.session.Current()
	want := human(h.session.Mask(i))
	if len(want) == 0 {
		t.Fatal("nothing was painted")
	}
	counts := map[int]bool{}
	for _, v := range []float64{0.05, 0.5, 0.9, 1, 0.01, 0.3} {
		h.panel.threshold.slider.SetValue(v)
		if h.session.Threshold() != v {
			t.Fatalf("the threshold is %g, want %g", h.session.Threshold(), v)
		}
		if !same(want, human(h.session.Mask(i))) {
			t.Fatalf("threshold %g changed painted pixels", v)
		}
		counts[h.session.Foreground(i)] = true
		if !slices.Equal(h.view.Frame().Mask, h.session.Mask(i).Label) {
			t.Fatalf("at %g the picture shows another mask", v)
		}
	}
	if len(counts) < 4 {
		t.Fatal("the threshold changed nothing else either")
	}
	h.panel.threshold.entry.SetText("0,45")
	h.panel.threshold.entry.OnSubmitted("")
	if h.session.Threshold() != 0.45 || h.panel.threshold.slider.Value != 0.45 {
		t.Fatalf("typing gave %g", h.session.Threshold())
	}
	h.panel.threshold.entry.SetText("much")
	h.panel.threshold.entry.OnSubmitted("")
	if h.session.Threshold() != 0.45 || h.panel.threshold.entry.Text != "0.45" {
		t.Fatal("what is no number was taken")
	}
}

func TestCancelledStrokeLeavesNothing(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 128, 9))
	h.view.MouseDown(&desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(300, 300)}, Button: desktop.MouseButtonPrimary})
	h.typedKey(fyne.KeyEscape)
	h.view.Dragged(&fyne.DragEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(320, 300)}})
	h.view.DragEnd()
	if h.session.Foreground(h.session.Current()) != 0 || h.session.CanUndo() {
		t.Fatal("the cancelled stroke left something")
	}
}

func TestSlicesFollowWheelKeysAndList(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 9))
	at := func(want int, what string) {
		t.Helper()
		h.until(what, func() bool { return h.shown == want })
		if h.session.Current() != want {
			t.Fatalf("%s: slice %d, want %d", what, h.session.Current(), want)
		}
	}
	at(4, "the middle comes first")
	h.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -50)})
	at(6, "the wheel")
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	at(5, "Up")
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyPageDown})
	at(6, "Page Down")
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyHome})
	at(0, "Home")
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyUp})
	at(0, "the end")
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEnd})
	at(8, "End")
	h.list.list.Select(2)
	at(2, "the list")
	h.view.TypedKey(&fyne.KeyEvent{Name: fyne.KeyA})
	at(3, "A")
	if h.session.Status(2) != annotate.Accepted {
		t.Fatal("A did not accept the slice")
	}
}

func TestPaintingAnotherSliceWaitsForItsPixels(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 9))
	h.sliceAbsent(4, "loading")
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	if h.session.CanUndo() {
		t.Fatal("painted on a slice that is not shown")
	}
}
