package viewport

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
)

// brushCursor is the outline of the brush, light on dark, so that it is seen on
// any ground.
type brushCursor struct {
	under, over   *canvas.Ellipse
	below, square *canvas.Rectangle // the same for a square brush
	radius        float64           // in image pixels
	squared       bool
}

// smallest is the cursor's least width on the screen, in canvas units.
const smallest = 5

func newBrushCursor() brushCursor {
	ring := func(c color.Color, width float32) *canvas.Ellipse {
		e := canvas.NewEllipse(color.Transparent)
		e.StrokeColor, e.StrokeWidth = c, width
		e.Hide()
		return e
	}
	box := func(c color.Color, width float32) *canvas.Rectangle {
		r := canvas.NewRectangle(color.Transparent)
		r.StrokeColor, r.StrokeWidth = c, width
		r.Hide()
		return r
	}
	return brushCursor{
		below:  box(color.NRGBA{0, 0, 0, 200}, 3),
		square: box(color.NRGBA{255, 235, 120, 255}, 1.2),
		under:  ring(color.NRGBA{0, 0, 0, 200}, 3),
		over:   ring(color.NRGBA{255, 235, 120, 255}, 1.2),
		radius: 8,
	}
}

func (c *brushCursor) objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{c.under, c.over, c.below, c.square}
}

// SetBrush sets the cursor's radius, in image pixels, and its colour.
func (v *Viewport) SetBrush(radius float64, c color.Color) {
	v.cursor.radius = radius
	v.cursor.over.StrokeColor, v.cursor.square.StrokeColor = c, c
	v.moveCursor()
	canvas.Refresh(v.cursor.over)
	canvas.Refresh(v.cursor.square)
}

// SetSquare makes the brush's cursor a square, or a circle.
func (v *Viewport) SetSquare(on bool) {
	v.cursor.squared = on
	v.moveCursor()
}

// SetPointing makes the pointer a cross, for what paints nothing, or the brush.
func (v *Viewport) SetPointing(on bool) {
	v.pointing = on
	v.moveCursor()
}

// moveCursor puts the brush under the pointer, or hides it.
func (v *Viewport) moveCursor() {
	c, in := &v.cursor, &v.input
	shown := in.inside && v.frame.W > 0 && !in.space && !v.pointing && (in.gesture == none || in.gesture == tool)
	zoom := v.view.Zoom * max(1, v.lens.factor)
	w := float32(max(2*c.radius*zoom, smallest))
	h := float32(max(2*c.radius*zoom*v.view.Aspect, smallest))
	for i, o := range c.objects() {
		grow := float32(1 - i%2)
		o.Resize(fyne.NewSize(w+2*grow, h+2*grow))
		o.Move(fyne.NewPos(in.last.X-w/2-grow, in.last.Y-h/2-grow))
	}
	c.under.Hidden, c.over.Hidden = !shown || c.squared, !shown || c.squared
	c.below.Hidden, c.square.Hidden = !shown || !c.squared, !shown || !c.squared
	v.moveLens()
	v.ground.repaint()
}

// blank is an invisible pointer. The toolkit's own hidden cursor makes GLFW let
// go of the pointer in the middle of a drag.
type blank struct{ img image.Image }

// Image returns the pointer and its hot spot.
func (b *blank) Image() (image.Image, int, int) { return b.img, 0, 0 }

var noCursor = &blank{image.NewNRGBA(image.Rect(0, 0, 1, 1))}

// Cursor is invisible over a slice, where the brush stands for it.
func (v *Viewport) Cursor() desktop.Cursor {
	switch {
	case v.frame.W == 0:
		return desktop.DefaultCursor
	case v.input.space || v.input.gesture == pan:
		return desktop.PointerCursor
	case v.input.gesture == windowLevel || v.pointing:
		return desktop.CrosshairCursor
	}
	return noCursor
}
