package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
)

func TestHistoryGoesToAnyState(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.shortcut(&desktop.CustomShortcut{KeyName: fyne.KeyH, Modifier: fyne.KeyModifierShortcutDefault})
	h.drain()
	if !h.history.box.Visible() || h.history.list.Length() != 1 {
		t.Fatal("the history is not shown empty")
	}
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.strokeAt(annotate.Point{X: 30, Y: 30}) // nothing new: no entry
	marked := h.session.Foreground(2)
	h.Do("label.2")
	h.session.Step(1)
	h.until("the next slice is shown", func() bool { return h.shown == 3 })
	h.strokeAt(annotate.Point{X: 20, Y: 20})
	if n := len(h.history.steps); n != 2 || h.history.done != 2 {
		t.Fatalf("%d steps, %d done", n, h.history.done)
	}
	if name, where := h.history.nameOf(h.history.steps[1]), whereText(h.history.steps[1]); name != "Brush, consolidation" || where != "slice 4" {
		t.Errorf("the second is %q, %q", name, where)
	}
	h.session.MarkExported()
	h.history.list.OnSelected(0)
	h.drain()
	if h.session.Foreground(2) != 0 || h.session.Foreground(3) != 0 || h.history.done != 0 {
		t.Error("the beginning did not come back")
	}
	if !h.history.steps[1].Exported || h.history.steps[0].Exported {
		t.Error("what was exported is not marked")
	}
	h.history.list.OnSelected(1)
	h.drain()
	if h.session.Foreground(2) != marked || h.session.Foreground(3) != 0 || h.session.Current() != 2 {
		t.Error("the first stroke did not come back")
	}
	if h.history.memory.Text == "" {
		t.Error("nothing is said of memory")
	}
	h.Do("edit.history")
	if h.history.box.Visible() {
		t.Error("the history stays")
	}
}

func TestLookHistory(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 12))
	h.Do("edit.history")
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.strokeAt(annotate.Point{X: 170, Y: 110}, annotate.Point{X: 190, Y: 130})
	h.session.MarkExported()
	h.Do("label.2")
	h.strokeAt(annotate.Point{X: 160, Y: 140})
	h.Do("tool.eraser")
	h.strokeAt(annotate.Point{X: 160, Y: 145})
	h.Do("edit.undo")
	h.view.MouseOut()
	h.capture("history")
}
