package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// The events that came while a frame was painted are handled after those that the pointer brought: never within one, since
// GLFW forbids that, and once for all that came together.
func TestEventsAreCaughtUpWith(t *testing.T) {
	var within bool
	var polls int
	h := start(t, func(_ *harness, s *Services) {
		s.PollEvents = func() {
			polls++
			if within {
				t.Error("events are polled for within an event")
			}
		}
	})
	h.open(chest("Thorax", 64, 12))
	h.threeViews()
	h.drain()
	cut := h.three.cuts[0].view
	at := func(x, y float32) *desktop.MouseEvent {
		return &desktop.MouseEvent{PointEvent: fyne.PointEvent{Position: fyne.NewPos(x, y)}}
	}
	for name, event := range map[string]func(){
		"two moves": func() { h.view.MouseMoved(at(90, 90)); h.view.MouseMoved(at(91, 90)) },
		"the wheel": func() { h.view.Scrolled(&fyne.ScrollEvent{Scrolled: fyne.NewDelta(0, -25)}) },
		"in a cut":  func() { cut.MouseMoved(at(20, 20)) },
	} {
		polls = 0
		within = true
		event()
		within = false
		if h.drain(); polls != 1 {
			t.Errorf("%s: events were polled for %d times, not once", name, polls)
		}
	}
}
