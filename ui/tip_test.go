package ui

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/test"
)

func TestTipsTellNameKeyAndWhatItDoes(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	rest := func(o desktop.Hoverable) {
		o.MouseIn(&desktop.MouseEvent{})
		h.until("the tip is shown", func() bool { return h.tips.box.Visible() })
	}
	fit := h.named["bar.view.fit"].(*toolButton)
	rest(fit)
	if h.tips.name.Text != txtFit || h.tips.key.Text != "Ctrl+0" || h.tips.line.Text != txtLines["view.fit"] {
		t.Errorf("it says %q %q %q", h.tips.name.Text, h.tips.key.Text, h.tips.line.Text)
	}
	fit.MouseOut()
	if h.tips.box.Visible() {
		t.Error("the tip stays")
	}
	rest(h.panel.tv.slider) // at the right edge, low
	at, size, all := h.tips.box.Position(), h.tips.box.Size(), h.tips.layer.Size()
	if at.X < 0 || at.Y < 0 || at.X+size.Width > all.Width || at.Y+size.Height > all.Height {
		t.Errorf("the tip at %v of %v is cut", at, size)
	}
	h.Do("help.about")
	if h.tips.box.Visible() {
		t.Error("the tip stays beside a dialog")
	}
	h.typedKey(fyne.KeyEscape)
	h.panel.tv.slider.MouseOut()
	fit.MouseIn(&desktop.MouseEvent{})
	fit.MouseOut() // at once
	turn := h.tips.turn
	h.settle()
	if h.tips.box.Visible() || h.tips.turn != turn {
		t.Error("a pointer that passes by shows a tip")
	}
}

func TestLookTip(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax 1.0 lung", 256, 9))
	h.win.Resize(fyne.NewSize(840, 640))
	b := h.named["bar.view.three"].(*toolButton)
	b.MouseIn(&desktop.MouseEvent{})
	h.until("the tip is shown", func() bool { return h.tips.box.Visible() })
	h.capture("tip")
}

// Every button of the bar is in the window, however narrow that is.
func TestBarFitsNarrowWindows(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	for _, width := range []float32{560, 840, 1600, 560} {
		h.win.Resize(fyne.NewSize(width, 700))
		for _, b := range h.bar.buttons {
			at := h.app.Driver().AbsolutePositionForObject(b)
			if at.X+b.Size().Width > width {
				t.Errorf("at %g, %s ends at %g", width, b.cmd.id, at.X+b.Size().Width)
			}
		}
		if named := h.bar.buttons[0].name.Text != ""; named != (width > 600) {
			t.Errorf("at %g, names are shown: %v", width, named)
		}
	}
}

func TestSectionsFoldAndStaySo(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	head := h.named["section."+txtProposal].(*sectionHead)
	where := func() float32 { return h.app.Driver().AbsolutePositionForObject(h.panel.labelRows).Y }
	low := where()
	test.Tap(head)
	if where() > low-100 {
		t.Errorf("the labels went from %g to %g", low, where())
	}
	if !folded(h, txtProposal) {
		t.Error("the next session does not know")
	}
	h.win.Canvas().Focus(head)
	head.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	if where() != low || folded(h, txtProposal) {
		t.Error("Space did not bring it back")
	}
	head.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	h.drain()
	if h.win.Canvas().Focused() != fyne.Focusable(h.view) {
		t.Error("Esc did not go back to the picture")
	}
}

func folded(h *harness, name string) bool {
	return len(h.app.Preferences().StringList(prefFolded)) == 1 && h.app.Preferences().StringList(prefFolded)[0] == name
}

func TestStatusShowsWhatMattersMostInLittleRoom(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.hover(3, 4, true)
	for _, c := range []struct {
		width float32
		place bool
	}{{1400, true}, {640, false}} {
		h.win.Resize(fyne.NewSize(c.width, 700))
		for text, want := range map[string]bool{"slice": true, "level": true, "place": c.place} {
			o := map[string]fyne.CanvasObject{"slice": h.status.slice, "level": h.status.level, "place": h.status.place}[text]
			at := h.app.Driver().AbsolutePositionForObject(o)
			if seen := at.X >= 0 && at.X < c.width; seen != want {
				t.Errorf("at %g, %s is at %v", c.width, text, at)
			}
		}
	}
}
