package viewport

import (
	"encoding/binary"
	"image"

	"fyne.io/fyne/v2"
)

// markedGrid is what the edges of the labels' layer lie on multiples of, in
// image pixels, so that a stroke that grows does not move them at each step.
const markedGrid = 64

// marked is a rectangle that holds all labels within r of a picture of w x h
// and their borders; empty where there are none.
func marked(labels []uint8, w, h int, r image.Rectangle) image.Rectangle {
	r = r.Intersect(image.Rect(0, 0, w, h))
	var box image.Rectangle
	for y := r.Min.Y; y < r.Max.Y && labels != nil; y++ {
		row := labels[y*w+r.Min.X : y*w+r.Max.X]
		if first := firstLabel(row); first < len(row) {
			last := len(row) - 1
			for row[last] == 0 {
				last--
			}
			box = box.Union(image.Rect(r.Min.X+first, y, r.Min.X+last+1, y+1))
		}
	}
	if box.Empty() {
		return box
	}
	down := func(v int) int { return v &^ (markedGrid - 1) }
	return image.Rect(down(box.Min.X), down(box.Min.Y), down(box.Max.X-1)+markedGrid, down(box.Max.Y-1)+markedGrid)
}

// firstLabel is the place of the first byte that is not 0, or the length.
func firstLabel(row []uint8) int {
	i := 0
	for i+8 <= len(row) && binary.NativeEndian.Uint64(row[i:]) == 0 {
		i += 8
	}
	for i < len(row) && row[i] == 0 {
		i++
	}
	return i
}

// mark notes that the labels within r have changed. The labels' layer is no
// larger than it must be: all of it goes to the graphics card at each change,
// and is blended in each frame.
func (v *Viewport) mark(r image.Rectangle) {
	whole := image.Rect(0, 0, v.frame.W, v.frame.H)
	box := marked(v.frame.Mask, v.frame.W, v.frame.H, r)
	if !whole.In(r) {
		box = box.Union(v.marked)
	}
	if box != v.marked {
		v.marked = box
		v.lay(v.mask, v.view.Visible(v.frame.W, v.frame.H).Intersect(box))
	}
}

// lay puts a layer over the part of the image that it is to hold.
func (v *Viewport) lay(l *layer, part image.Rectangle) {
	if l.see(part) {
		l.raster.Refresh()
	}
	x0, y0 := v.view.ToScreen(float64(part.Min.X), float64(part.Min.Y))
	x1, y1 := v.view.ToScreen(float64(part.Max.X), float64(part.Max.Y))
	l.place(fyne.NewPos(float32(x0), float32(y0)), fyne.NewSize(float32(x1-x0), float32(y1-y0)))
}
