package viewport

import (
	"image"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// layer is one picture of the stack. It holds the visible pixels of the image
// and composes, when it is painted, those that have changed.
type layer struct {
	raster  *canvas.Raster
	compose func(dst words, r image.Rectangle)
	img     image.RGBA
	rect    image.Rectangle // the part of the image that img holds
	dirty   image.Rectangle // the part of the image to compose anew
}

// words are the premultiplied pixels of a layer, as little-endian RGBA.
type words struct {
	pix    []uint32
	stride int
	origin image.Point // of the first word, in the image
}

// row returns the words from pixel (x, y) of the image to the end of its row.
func (w words) row(y, x int) []uint32 {
	start := (y - w.origin.Y) * w.stride
	return w.pix[start+x-w.origin.X : start+w.stride]
}

func newLayer(scale canvas.ImageScale, compose func(words, image.Rectangle)) *layer {
	l := &layer{compose: compose}
	l.raster = canvas.NewRaster(func(_, _ int) image.Image { return l.picture() })
	l.raster.ScaleMode = scale
	return l
}

// picture brings the layer up to date and returns it. The painter takes
// *image.RGBA whose Stride is 4 times its width without copying.
func (l *layer) picture() *image.RGBA {
	r := l.dirty.Intersect(l.rect)
	l.dirty = image.Rectangle{}
	if !r.Empty() {
		l.compose(l.words(), r)
	}
	return &l.img
}

func (l *layer) words() words {
	n := len(l.img.Pix) / 4
	return words{unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(l.img.Pix))), n), l.rect.Dx(), l.rect.Min}
}

// see sets the part of the image that the layer holds, and says whether it is
// another one than before.
func (l *layer) see(r image.Rectangle) bool {
	if l.rect == r {
		return false
	}
	n := 4 * r.Dx() * r.Dy()
	if cap(l.img.Pix) < n {
		l.img.Pix = make([]uint8, n)
	}
	l.img.Pix = l.img.Pix[:n]
	l.img.Stride = 4 * r.Dx()
	l.img.Rect = image.Rect(0, 0, r.Dx(), r.Dy())
	l.rect, l.dirty = r, r
	return true
}

// place puts the layer on the widget.
func (l *layer) place(at fyne.Position, size fyne.Size) {
	l.raster.Resize(size)
	l.raster.Move(at)
}

// changed marks r, in image pixels, as changed.
func (l *layer) changed(r image.Rectangle) {
	if r = r.Intersect(l.rect); r.Empty() || l.raster.Hidden {
		return
	}
	l.dirty = l.dirty.Union(r)
	l.raster.Refresh()
}

// show makes the layer visible, with fresh content, or hides it.
func (l *layer) show(on bool) {
	if l.raster.Hidden == !on {
		return
	}
	l.raster.Hidden = !on
	if on {
		l.dirty = l.rect
		l.raster.Refresh()
	}
}
