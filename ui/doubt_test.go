package ui

import (
	"image"
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
)

// The key goes down from the slice that the model is least sure of, leaves out
// those that are accepted, and begins anew once other work came between.
func TestSeekDoubtful(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 6)) // doubts 0, 0.35, 0.7, 0.05, 0.4 and 0.75
	if h.Do("slice.doubtful") {
		t.Fatal("it is offered before anything is proposed")
	}
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	seek := func(want ...int) {
		t.Helper()
		var got []int
		for range want {
			h.typedKey(fyne.KeyU)
			h.drain()
			got = append(got, h.session.Current())
		}
		if !slices.Equal(got, want) {
			t.Fatalf("it went to %v, want %v", got, want)
		}
	}
	seek(5, 2, 4, 1, 3, 0, 5, 2)
	h.Do("slice.accept")
	if at := h.session.Current(); at != 3 {
		t.Fatalf("accepting went to %d", at)
	}
	seek(5, 4)
	h.session.SetCurrent(0)
	seek(5)
	for i := range 6 {
		h.session.Accept(i)
	}
	if h.Do("slice.doubtful") {
		t.Fatal("it is offered with all accepted")
	}
	h.Do("edit.undo")
	seek(5)
	h.session.SetCurrent(0)
	seek(5)
}

// The overlay of doubt comes and goes by its own key, beside the heat map.
func TestUnsureOverlay(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 6))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.Do("view.alone") // without the list and tool bar, which tell of more
	picture := func() []uint8 {
		h.settle()
		return h.win.Canvas().Capture().(*image.NRGBA).Pix
	}
	plain := picture()
	h.typedKey(fyne.KeyQ)
	unsure := picture()
	h.typedKey(fyne.KeyQ)
	h.Do("view.heat")
	heat := picture()
	h.Do("view.heat")
	if slices.Equal(plain, unsure) || slices.Equal(heat, unsure) {
		t.Error("the overlay shows nothing of its own")
	}
	if !slices.Equal(plain, picture()) {
		t.Error("the overlay stayed")
	}
}

func TestRowsTellDoubt(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 6))
	row := newSliceRow()
	shown := func(i int) string {
		row.set(stateOf(h.session, i, 0, nil))
		return row.unsure.Text
	}
	if got := shown(5); got != "" || row.doubt.Size().Width != 0 {
		t.Errorf("before a proposal: %q", got)
	}
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	row.Resize(fyne.NewSize(listWidth, rowHeight))
	if got := shown(5); got != "unsure 75 %" || row.doubt.Size().Width != 0.75*rowBar {
		t.Errorf("%q, a bar of %g", got, row.doubt.Size().Width)
	}
	if got := shown(0); got != "" || row.doubt.Size().Width != 0 {
		t.Errorf("of a sure slice: %q", got)
	}
	h.session.SetCurrent(5)
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	if got := shown(5); got != "unsure 75 %" {
		t.Errorf("of an edited slice: %q", got)
	}
	h.session.Accept(5)
	if got := shown(5); got != "" || row.doubt.Size().Width != 0 {
		t.Errorf("of an accepted slice: %q", got)
	}
	for h.session.Undo() {
	}
	if _, ok := h.session.Doubt(5); ok || shown(5) != "" {
		t.Error("the doubt of an undone proposal stayed")
	}
}
