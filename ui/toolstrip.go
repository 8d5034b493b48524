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
	box     *fyne.Container
	buttons []*toolButton
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
	s.box = container.NewStack(canvas.NewRectangle(colPanel), container.NewVScroll(padded))
	return s
}

func (s *toolStrip) update() {
	for _, t := range s.buttons {
		t.update()
	}
}

// level is a horizontal line, as wide as its column.
func level() fyne.CanvasObject {
	r := canvas.NewRectangle(colLine)
	r.SetMinSize(fyne.NewSize(1, 1))
	return container.New(layout.NewCustomPaddedLayout(2, 2, 4, 4), r)
}
