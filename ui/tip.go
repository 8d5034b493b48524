package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// tipDelay is how long the pointer rests on a control before its tip is shown.
const tipDelay = 600 * time.Millisecond

// tips shows, beside the control under the pointer, its name, its key and a line
// on it. They lie over the window and take no events.
type tips struct {
	w               *Window
	layer           *fyne.Container
	box             *fyne.Container
	name, key, line *canvas.Text
	turn            int // of the control that the pointer is over
}

func newTips(w *Window) *tips {
	t := &tips{w: w, name: text("", 13, colText), key: text("", 12, colAccent), line: text("", 12, colDim)}
	t.name.TextStyle.Bold = true
	ground := canvas.NewRectangle(colRaised)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = colEdge, 1, 4
	head := container.New(layout.NewCustomPaddedHBoxLayout(14), t.name, t.key)
	t.box = container.NewStack(ground, container.New(layout.NewCustomPaddedLayout(4, 5, 8, 8), container.New(layout.NewCustomPaddedVBoxLayout(1), head, t.line)))
	t.box.Hide()
	w.toast = newToast(w)
	t.layer = container.NewWithoutLayout(w.toast.box, t.box)
	return t
}

// about is what is told of a control.
type about struct{ name, key, line string }

// over shows what is told of a control once the pointer has rested on it, and
// takes it away when the pointer leaves.
func (t *tips) over(o fyne.CanvasObject, what func() about, inside bool) {
	t.hide()
	if !inside {
		return
	}
	turn := t.turn
	time.AfterFunc(tipDelay, func() {
		t.w.post(func() {
			if t.turn == turn && !t.w.blocked() {
				t.show(o, what())
			}
		})
	})
}

// hide takes the tip away, and what would be shown soon.
func (t *tips) hide() {
	t.turn++
	if t.box.Visible() {
		t.box.Hide()
		canvas.Refresh(t.layer)
	}
}

// show shows a tip below a control, or above where there is no room.
func (t *tips) show(o fyne.CanvasObject, a about) {
	at, seen := t.w.placeOf(o)
	if !seen {
		return
	}
	t.name.Text, t.key.Text, t.line.Text = a.name, a.key, a.line
	t.line.Hidden = a.line == ""
	t.key.Hidden = a.key == ""
	t.box.Resize(t.box.MinSize())
	at = at.Subtract(t.w.app.Driver().AbsolutePositionForObject(t.layer))
	size, all := t.box.MinSize(), t.layer.Size()
	x := min(at.X, all.Width-size.Width-4)
	y := at.Y + o.Size().Height + 4
	if y+size.Height > all.Height {
		y = at.Y - size.Height - 4
	}
	t.box.Move(fyne.NewPos(max(x, 4), max(y, 0)))
	t.box.Show()
	t.box.Refresh()
}

// hoverable is a control that tells when the pointer is over it.
type hoverable interface {
	fyne.CanvasObject
	onHover(func(inside bool))
}

// explain tells a control's name and a line on it while the pointer is over it.
func (w *Window) explain(o hoverable, name, line string) {
	o.onHover(func(inside bool) {
		w.status.tell(line, inside)
		w.tips.over(o, func() about { return about{name: name, line: line} }, inside)
	})
}

// explainRow tells of a number's slider and field.
func (w *Window) explainRow(r *numberRow, name, line string) {
	w.explain(r.slider, name, line)
	w.explain(r.entry, name, line)
}

// explainCommand tells, of a control that does a command, what that is.
func (w *Window) explainCommand(o hoverable, id string) {
	o.onHover(func(inside bool) { w.hoverCommand(o, id, inside) })
}

// hoverCommand tells what a command is while the pointer is over its control.
func (w *Window) hoverCommand(o fyne.CanvasObject, id string, inside bool) {
	c := w.commands.byID[id]
	if c == nil {
		return
	}
	w.status.hint(c, inside)
	w.tips.over(o, func() about { return about{name: c.title(), key: keyText(c), line: txtLines[id]} }, inside)
}
