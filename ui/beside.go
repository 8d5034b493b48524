package ui

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"groundglass/ui/viewport"
)

// bareView is the slice without any mark, beside the marked one. Both show the
// same place, and one may draw in either.
type bareView struct {
	w       *Window
	on      bool
	view    *viewport.Viewport
	box     *fyne.Container
	linking bool // one view follows the other
}

func newBareView(w *Window) *bareView {
	b := &bareView{w: w, view: viewport.New()}
	name := text(txtUnmarked, 12, colText)
	name.TextStyle.Bold = true
	plate := canvas.NewRectangle(colPlate)
	plate.CornerRadius = 4
	tag := container.NewStack(plate, container.NewPadded(name))
	b.box = container.NewStack(b.view, container.New(lowerLeft{}, tag))
	b.box.Hide()
	b.view.On = viewport.Handlers{
		Press: w.press, Drag: w.drag, Release: w.release, Step: w.stepSlices, LevelBegin: w.beginLevel, WindowLevel: w.dragWindow, BrushSize: w.growBrush,
		Hover: b.hover, ViewChanged: func() { b.link(b.view, w.view) },
		KeyDown: w.keyDown, KeyUp: w.keyUp, TypedKey: w.typedKey, TypedRune: w.typedSign, FocusLost: w.letGo, Modifiers: w.modifiers, Post: w.post,
	}
	w.named["bare"] = b.view
	return b
}

// toggle shows the unmarked slice, or puts it away.
func (b *bareView) toggle() {
	b.on = !b.on
	b.box.Hidden = !b.on
	b.w.view.SetGhost(0, 0, false)
	b.follow()
	b.w.refreshAll()
	b.link(b.w.view, b.view)
	b.w.focusView()
}

// follow shows the slice in view.
func (b *bareView) follow() {
	if b.w.session == nil || !b.on {
		b.view.SetFrame(viewport.Frame{})
		b.view.SetLetters("", "", "", "")
		return
	}
	f := b.w.view.Frame()
	f.Mask, f.Prob = nil, nil
	b.view.SetLetters(b.w.session.Series().Geometry.Letters())
	b.view.SetFrame(f)
	b.link(b.w.view, b.view)
}

// link shows in one view the place that the other shows.
func (b *bareView) link(from, to *viewport.Viewport) {
	if b.on && !b.linking {
		b.linking = true
		to.Follow(from)
		b.linking = false
	}
}

// hover tells what is under the pointer, and marks it in the other view.
func (b *bareView) hover(x, y float64, inside bool) {
	b.w.hover(x, y, inside)
	b.view.SetGhost(0, 0, false)
	b.w.view.SetGhost(x, y, inside)
}

// hovered marks in the unmarked slice what is under the pointer in the other.
func (b *bareView) hovered(x, y float64, inside bool) {
	if b.on {
		b.w.view.SetGhost(0, 0, false)
		b.view.SetGhost(x, y, inside)
	}
}

// twins lays out two parts beside each other in equal widths, or the second
// alone where the first is hidden.
type twins struct{}

// MinSize fits both.
func (twins) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := o[1].MinSize()
	if o[0].Visible() {
		m := o[0].MinSize()
		s = fyne.NewSize(s.Width+m.Width, max(s.Height, m.Height))
	}
	return s
}

// Layout implements fyne.Layout.
func (twins) Layout(o []fyne.CanvasObject, s fyne.Size) {
	left := float32(0)
	if o[0].Visible() {
		left = float32(math.Floor(float64(s.Width) / 2))
		o[0].Resize(fyne.NewSize(left-1, s.Height))
		o[0].Move(fyne.NewPos(0, 0))
	}
	o[1].Resize(fyne.NewSize(s.Width-left, s.Height))
	o[1].Move(fyne.NewPos(left, 0))
}
