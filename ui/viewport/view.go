package viewport

import (
	"image"
	"math"
)

// Limits of the zoom, in canvas units an image pixel.
const (
	MinZoom = 0.05
	MaxZoom = 32
)

// View says which part of an image is seen. It is a plain value: changing it
// means making another one.
type View struct {
	Zoom   float64 // canvas units for the width of an image pixel
	Aspect float64 // height of an image pixel over its width
	CX, CY float64 // the image point in the widget's middle
	W, H   float64 // the widget's size in canvas units
}

// ToImage maps a place in the widget, in canvas units, to image coordinates.
func (v View) ToImage(sx, sy float64) (x, y float64) {
	return (sx-v.W/2)/v.Zoom + v.CX, (sy-v.H/2)/(v.Zoom*v.Aspect) + v.CY
}

// ToScreen maps image coordinates to a place in the widget, in canvas units.
func (v View) ToScreen(x, y float64) (sx, sy float64) {
	return (x-v.CX)*v.Zoom + v.W/2, (y-v.CY)*v.Zoom*v.Aspect + v.H/2
}

// Fit shows the whole of an image of w columns and h rows, as large as it goes.
func (v View) Fit(w, h int) View {
	if w <= 0 || h <= 0 {
		return v
	}
	v.CX, v.CY = float64(w)/2, float64(h)/2
	v.Zoom = clampZoom(math.Min(v.W/float64(w), v.H/(float64(h)*v.Aspect)))
	return v
}

// ZoomAt sets the zoom, and keeps the image point at (sx, sy) where it is.
func (v View) ZoomAt(zoom, sx, sy float64) View {
	x, y := v.ToImage(sx, sy)
	v.Zoom = clampZoom(zoom)
	v.CX = x - (sx-v.W/2)/v.Zoom
	v.CY = y - (sy-v.H/2)/(v.Zoom*v.Aspect)
	return v
}

// Pan moves the image by (dx, dy) canvas units.
func (v View) Pan(dx, dy float64) View {
	v.CX -= dx / v.Zoom
	v.CY -= dy / (v.Zoom * v.Aspect)
	return v
}

// Keep moves the centre into an image of w x h pixels, so that it can't get lost.
func (v View) Keep(w, h int) View {
	v.CX = min(max(v.CX, 0), float64(w))
	v.CY = min(max(v.CY, 0), float64(h))
	return v
}

// Visible returns the pixels of an image of w x h that can be seen, with one
// more on each side. It is empty where nothing is seen.
func (v View) Visible(w, h int) image.Rectangle {
	x0, y0 := v.ToImage(0, 0)
	x1, y1 := v.ToImage(v.W, v.H)
	return image.Rect(
		int(math.Floor(x0))-1, int(math.Floor(y0))-1,
		int(math.Ceil(x1))+1, int(math.Ceil(y1))+1,
	).Intersect(image.Rect(0, 0, w, h))
}

func clampZoom(z float64) float64 {
	if math.IsNaN(z) {
		return 1
	}
	return min(max(z, MinZoom), MaxZoom)
}
