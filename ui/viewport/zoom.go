package viewport

import (
	"fyne.io/fyne/v2"
)

// View returns what part of the image is seen.
func (v *Viewport) View() View { return v.view }

// Scale returns the number of the screen's pixels for a canvas unit.
func (v *Viewport) Scale() float64 {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		return float64(c.Scale())
	}
	return 1
}

// Fit shows the whole slice.
func (v *Viewport) Fit() {
	v.fitted = true
	v.arrange()
}

// OneToOne shows a pixel of the image as a pixel of the screen.
func (v *Viewport) OneToOne() { v.zoomAt(1/v.Scale(), v.pointer()) }

// ZoomBy multiplies the zoom and keeps the image still under the pointer.
func (v *Viewport) ZoomBy(factor float64) { v.zoomAt(v.view.Zoom*factor, v.pointer()) }

// pointer is where the pointer is on the widget, or the middle.
func (v *Viewport) pointer() fyne.Position {
	if v.input.inside {
		return v.input.last
	}
	return fyne.NewPos(v.Size().Width/2, v.Size().Height/2)
}

func (v *Viewport) zoomAt(zoom float64, at fyne.Position) {
	v.setView(v.view.ZoomAt(zoom, float64(at.X), float64(at.Y)))
}

// setView takes a view that the user has chosen.
func (v *Viewport) setView(view View) {
	v.view = view
	v.fitted = false
	v.arrange()
}

// arrange puts the layers where the view says, in a widget of the present size.
func (v *Viewport) arrange() {
	s := v.Size()
	v.view.W, v.view.H = float64(s.Width), float64(s.Height)
	if v.fitted {
		v.view = v.view.Fit(v.frame.W, v.frame.H)
	}
	v.view = v.view.Keep(v.frame.W, v.frame.H)
	seen := v.view.Visible(v.frame.W, v.frame.H)
	for _, l := range []*layer{v.grey, v.heat, v.areas} {
		v.lay(l, seen)
	}
	v.lay(v.mask, seen.Intersect(v.marked))
	v.placeGround()
	if v.view != v.laid {
		v.laid = v.view
		v.moves()
	}
	v.placeCrosshair()
	v.placeMarks()
	v.path.place(v.view)
	v.moveCursor()
	v.ground.repaint()
	if v.input.inside {
		v.hover() // the pointer is over another point, or over the widget no longer
	}
	if v.On.ViewChanged != nil {
		v.On.ViewChanged()
	}
}

// Follow shows the place that another viewport of the same slice shows, as large.
func (v *Viewport) Follow(o *Viewport) {
	if o.fitted && v.fitted {
		return
	}
	view := v.view
	view.Zoom, view.CX, view.CY = o.view.Zoom, o.view.CX, o.view.CY
	v.view, v.fitted = view, o.fitted
	v.arrange()
}
