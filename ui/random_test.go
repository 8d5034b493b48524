package ui

import (
	"math/rand/v2"
	"slices"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// TestRandomActions does 3000 things at random, in any order, lost releases
// included. The window must not panic, what it shows must be what the session
// holds, and undoing everything must leave nothing of a person's.
func TestRandomActions(t *testing.T) {
	h := start(t, nil)
	h.open(chest("A", 64, 9), chest("B", 48, 5))
	r := rand.New(rand.NewPCG(7, 11))
	buttons := []desktop.MouseButton{desktop.MouseButtonPrimary, desktop.MouseButtonPrimary, desktop.MouseButtonSecondary, desktop.MouseButtonTertiary, 0}
	mouse := func() *desktop.MouseEvent {
		p := fyne.NewPos(r.Float32()*900-50, r.Float32()*800-50)
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: p}, Button: buttons[r.IntN(len(buttons))]}
	}
	actions := []func(){
		func() { h.view.MouseDown(mouse()) },
		func() { h.view.MouseUp(mouse()) },
		func() { h.view.MouseMoved(mouse()) },
		func() { h.view.MouseOut() },
		func() { h.view.DragEnd() },
		func() { h.view.Dragged(&fyne.DragEvent{PointEvent: mouse().PointEvent}) },
		func() { h.view.Dragged(&fyne.DragEvent{PointEvent: mouse().PointEvent}) },
		func() { h.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, float32(r.IntN(101)-50))}) },
		func() { h.setThreshold(r.Float64()) },
		func() { h.view.KeyDown(&fyne.KeyEvent{Name: fyne.KeyH}) },
		func() { h.view.KeyUp(&fyne.KeyEvent{Name: fyne.KeySpace}) },
		func() { h.typedKey(fyne.KeyEscape) },
		func() { h.list.picker.SetSelectedIndex(r.IntN(2)) },
		h.drain,
		func() {
			c := h.commands.all[r.IntN(len(h.commands.all))]
			if !slices.Contains([]string{"file.quit", "file.close", "file.demo", "file.folder", "file.files"}, c.id) {
				h.Do(c.id)
			}
		},
	}
	for range 3000 {
		actions[r.IntN(len(actions))]()
		if len(h.dialogs) > 0 && r.IntN(4) == 0 {
			h.dialogKey(fyne.KeyEscape)
		}
		if m := h.session.Mask(h.session.Current()); h.shown == h.session.Current() && !slices.Equal(h.view.Frame().Mask, m.Label) {
			t.Fatal("the picture shows another mask than the session's")
		}
	}
	for len(h.dialogs) > 0 {
		h.dialogKey(fyne.KeyEscape)
	}
	h.view.DragEnd()
	for _, s := range h.sessions {
		for s.Undo() {
		}
		for i := range s.Series().Len() {
			if n := len(human(s.Mask(i))); n != 0 {
				t.Fatalf("%d painted pixels are left on slice %d", n, i)
			}
		}
	}
	h.drain()
	if h.unsaved() != 0 {
		t.Fatal("undone work counts as unsaved")
	}
}
