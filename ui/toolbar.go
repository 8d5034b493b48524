package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// barOrder is the tool bar, by the commands' ids; an empty one is a gap.
var barOrder = []string{
	"file.folder", "file.export", "",
	"edit.undo", "edit.redo", "",
	"view.fit", "view.one", "view.three", "view.mask", "view.heat", "",
	"slice.accept",
}

// toolBar is the row of the most used commands.
type toolBar struct {
	box     *fyne.Container
	row     *fyne.Container
	buttons []*toolButton
	tight   bool
}

func newToolBar(w *Window) *toolBar {
	b := &toolBar{}
	row := container.New(layout.NewCustomPaddedHBoxLayout(2))
	for _, id := range barOrder {
		if id == "" {
			row.Add(gap(4, 0))
			row.Add(upright())
			row.Add(gap(4, 0))
			continue
		}
		button := w.newButton(id)
		b.buttons = append(b.buttons, button)
		row.Add(button)
	}
	b.row = container.New(layout.NewCustomPaddedLayout(4, 4, 6, 6), row)
	b.box = container.New(b, container.NewHScroll(b.row))
	return b
}

// newButton is a button for the command with an id.
func (w *Window) newButton(id string) *toolButton {
	c := w.commands.byID[id]
	b := newToolButton(c, func() {
		w.run(c)
		w.focusView()
	})
	w.explainCommand(b, id)
	w.named["bar."+id] = b
	return b
}

// MinSize is the row's height. With Layout, it makes the bar a layout of itself.
func (b *toolBar) MinSize([]fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(100, b.row.MinSize().Height)
}

// Layout gives the row all the room that there is. Where its buttons do not fit
// with names and keys, they show their icons alone.
func (b *toolBar) Layout(row []fyne.CanvasObject, s fyne.Size) {
	b.setTight(false)
	if b.row.MinSize().Width > s.Width {
		b.setTight(true)
	}
	row[0].Resize(s)
	row[0].Refresh()
}

func (b *toolBar) setTight(on bool) {
	if b.tight == on {
		return
	}
	b.tight = on
	for _, t := range b.buttons {
		t.tight = on
		t.showKey()
		t.Refresh()
	}
}

func (b *toolBar) update() {
	for _, t := range b.buttons {
		t.update()
	}
}

// gap is empty space of at least this size.
func gap(width, height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(width, height))
	return r
}

// upright is a vertical line, as tall as its row.
func upright() fyne.CanvasObject {
	r := canvas.NewRectangle(colLine)
	r.SetMinSize(fyne.NewSize(1, 1))
	return r
}

// fixed gives an object this size as its least.
func fixed(width, height float32, o fyne.CanvasObject) fyne.CanvasObject {
	return container.NewStack(gap(width, height), o)
}

// text is a line of a size and colour.
func text(s string, size float32, c color.Color) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize = size
	return t
}
