package ui

import "testing"

// A series that asks for it is shown with black and white exchanged, and the next
// one is not.
func TestInvertedSeries(t *testing.T) {
	h := start(t, nil)
	h.found = several()
	h.found.Series[0].Inverted = true
	h.openFound()
	at := func(series int) uint32 {
		h.show(h.Window.found, series, func() {})
		h.settle()
		r, _, _, _ := h.win.Canvas().Capture().At(600, 400).RGBA()
		return r >> 8
	}
	inverted := at(0)
	h.found.Series[0].Inverted = false
	if plain := at(0); plain != 255-inverted || plain == inverted {
		t.Errorf("grey %d is %d inverted", plain, inverted)
	}
}
