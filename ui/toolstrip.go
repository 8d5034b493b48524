package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// toolStrip is the column of tools to the left of the picture: all that draw,
// then those that measure.
type toolStrip struct {
	box     *container.Scroll
	buttons []*toolButton
	inHand  *toolButton
}

func newToolStrip(w *Window) *toolStrip {
	s := &toolStrip{}
	column := container.New(layout.NewCustomPaddedVBoxLayout(1))
	add := func(id string, gap bool) {
		if gap {
			column.Add(level())
		}
		b := w.newButton(id)
		b.slim = true
		b.showKey()
		s.buttons = append(s.buttons, b)
		column.Add(b)
	}
	for _, t := range w.tools {
		add(t.id, t.gap)
	}
	for i, id := range []string{"measure.distance", "measure.ellipse", "measure.rectangle"} {
		add(id, i == 0)
	}
	padded := container.New(layout.NewCustomPaddedLayout(4, 4, 3, 3), column)
	s.box = container.NewVScroll(padded)
	return s
}

func (s *toolStrip) update() {
	for _, t := range s.buttons {
		if t.update(); t.state.on && t != s.inHand {
			s.inHand = t
			s.reveal(t)
		}
	}
}

// reveal scrolls a button into view, where the window is too low for all.
func (s *toolStrip) reveal(b *toolButton) {
	top := b.Position().Y
	bottom := top + b.Size().Height + slimHeight/2
	if y := s.box.Offset.Y; top < y || bottom > y+s.box.Size().Height {
		s.box.ScrollToOffset(fyne.NewPos(0, min(top, max(0, bottom-s.box.Size().Height))))
	}
}

// level is a horizontal line, as wide as its column.
func level() fyne.CanvasObject {
	r := canvas.NewRectangle(colLine)
	r.SetMinSize(fyne.NewSize(1, 1))
	return container.New(layout.NewCustomPaddedLayout(2, 2, 4, 4), r)
}
