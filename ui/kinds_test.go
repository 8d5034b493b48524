package ui

import (
	"testing"

	"groundglass/annotate"
)

// Kinds that have labels get them, strokes over both stay whatever the sliders
// do, and the export offers label values.
func TestKindsGetTheirLabels(t *testing.T) {
	h := start(t, func(h *harness, _ *Services) { h.model.kinds = true })
	h.open(chest("Thorax", 128, 5))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.setRadius(1.5)
	h.Do("label.3")
	h.strokeAt(annotate.Point{X: 30, Y: 80}, annotate.Point{X: 50, Y: 60})
	i := h.session.Current()
	painted := human(h.session.Mask(i))
	for _, threshold := range []float64{0.2, 0.5, 0.92, 0.3} {
		h.setThreshold(threshold)
		h.drain()
		m := h.session.Mask(i)
		if !same(painted, human(m)) {
			t.Fatalf("a threshold of %g changed painted pixels", threshold)
		}
		prob, n := h.session.Probability(i), map[uint8]int{}
		for p, l := range m.Label {
			if m.Origin[p] != annotate.Model {
				continue
			}
			n[l]++
			if want := 1 + prob[p]/255; l != want {
				t.Fatalf("at %g a pixel of probability %d has label %d, want %d", threshold, prob[p], l, want)
			}
		}
		if n[2] == 0 || n[1] == 0 && threshold <= 0.5 {
			t.Fatalf("at %g there are %v", threshold, n)
		}
	}
	if n := labelsInUse(h.session); n != 3 {
		t.Errorf("%d labels are in use, want 3", n)
	}
	h.Do("edit.undo") // the threshold came back to where it was, which is no edit
	if n := labelsInUse(h.session); n != 2 {
		t.Errorf("with the stroke undone %d labels are in use, want 2", n)
	}
	h.Do("edit.undo")
	if n := labelsInUse(h.session); n != 0 || h.session.CanUndo() {
		t.Errorf("with the proposal undone %d labels are in use", n)
	}
	if h.unsaved() != 0 {
		t.Error("undone work counts as unsaved")
	}
}
