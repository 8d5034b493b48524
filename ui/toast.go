package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// toastTime is how long a toast is shown.
const toastTime = 5 * time.Second

// toast is a sentence in the window's lower left corner, over the slice list,
// that goes away by itself: for what the user should know and need not answer.
type toast struct {
	w    *Window
	box  *fyne.Container
	text *canvas.Text
	turn int
}

func newToast(w *Window) *toast {
	t := &toast{w: w, text: text("", 13, colWarn)}
	ground := canvas.NewRectangle(colRaised)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = colWarn, 1, 4
	t.box = container.NewStack(ground, container.New(layout.NewCustomPaddedLayout(6, 7, 10, 10), t.text))
	t.box.Hide()
	return t
}

// say shows a sentence for a while.
func (t *toast) say(s string) {
	t.turn++
	turn := t.turn
	t.text.Text = s
	size, all := t.box.MinSize(), t.w.tips.layer.Size()
	t.box.Resize(size)
	t.box.Move(fyne.NewPos(8, all.Height-statusHeight-size.Height-12))
	t.box.Show()
	t.box.Refresh()
	t.w.trace("toast", map[string]any{"text": s})
	time.AfterFunc(toastTime, func() {
		t.w.post(func() {
			if t.turn == turn {
				t.box.Hide()
				canvas.Refresh(t.w.tips.layer)
			}
		})
	})
}
