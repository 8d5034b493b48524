package viewport

import (
	"image"
	"image/color"
	"math"
	"unsafe"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// lens is a round magnifier around the pointer. It shows what the layers show,
// grey values interpolated.
type lens struct {
	raster *canvas.Raster
	ring   *canvas.Circle
	factor float64 // of magnification; 0: there is none
	img    image.RGBA
	over   layer // scratch, of one overlay after the other
}

const (
	lensSize = 240 // in canvas units
	lensRing = 2
)

func newLens(picture func() *image.RGBA) lens {
	l := lens{ring: canvas.NewCircle(color.Transparent)}
	l.ring.StrokeColor, l.ring.StrokeWidth = color.NRGBA{0xd0, 0xd8, 0xe0, 0xff}, lensRing
	l.raster = canvas.NewRaster(func(_, _ int) image.Image { return picture() })
	l.raster.ScaleMode = canvas.ImageScalePixels
	l.raster.Hidden, l.ring.Hidden = true, true
	l.raster.Resize(fyne.NewSquareSize(lensSize))
	l.ring.Resize(fyne.NewSquareSize(lensSize))
	return l
}

// SetLens shows a magnifier of a factor around the pointer; none with 0.
func (v *Viewport) SetLens(factor float64) {
	v.lens.factor = factor
	v.moveCursor()
}

// moveLens keeps the magnifier around the pointer.
func (v *Viewport) moveLens() {
	l := &v.lens
	on := l.factor > 0 && v.input.inside && v.frame.HU != nil
	if !on && l.raster.Hidden {
		return
	}
	l.raster.Hidden, l.ring.Hidden = !on, !on
	at := v.input.last.SubtractXY(lensSize/2, lensSize/2)
	l.raster.Move(at)
	l.ring.Move(at)
	l.raster.Refresh()
}

// refreshLens shows changed pixels in the magnifier.
func (v *Viewport) refreshLens() {
	if !v.lens.raster.Hidden {
		v.lens.raster.Refresh()
	}
}

// magnify is the magnifier's picture.
func (v *Viewport) magnify() *image.RGBA {
	l, s := &v.lens, v.Scale()
	n := int(lensSize * s)
	if len(l.img.Pix) != 4*n*n {
		l.img = *image.NewRGBA(image.Rect(0, 0, n, n))
	}
	dst := unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(l.img.Pix))), n*n)
	x, y := v.toImage(v.input.last)
	c := crop{w: n, h: n, stepX: 1 / (v.view.Zoom * l.factor * s)}
	c.stepY = c.stepX / v.view.Aspect
	c.x, c.y = x-c.stepX*float64(n-1)/2, y-c.stepY*float64(n-1)/2
	resample(dst, c, v.frame.HU, v.frame.W, v.frame.H, min(v.how, Linear), newShade(v.window, v.invert))
	whole := image.Rect(0, 0, v.frame.W, v.frame.H)
	seen := image.Rect(int(c.x)-1, int(c.y)-1, int(c.x+c.stepX*float64(n))+2, int(c.y+c.stepY*float64(n))+2).Intersect(whole)
	for _, from := range []*layer{v.heat, v.areas, v.mask} {
		if !from.raster.Hidden && !seen.Empty() {
			l.over.see(seen)
			from.compose(l.over.words(), seen)
			c.lay(dst, l.over.words(), seen)
		}
	}
	round(dst, c, n, whole)
	return &l.img
}

// lay puts the pixels of an overlay that holds r over dst.
func (c crop) lay(dst []uint32, w words, r image.Rectangle) {
	for j := range c.h {
		y := int(math.Floor(c.y + float64(j)*c.stepY))
		if y < r.Min.Y || y >= r.Max.Y {
			continue
		}
		row := w.row(y, r.Min.X)
		for i := range c.w {
			x := int(math.Floor(c.x + float64(i)*c.stepX))
			if x >= r.Min.X && x < r.Max.X {
				dst[j*c.w+i] = above(row[x-r.Min.X], dst[j*c.w+i])
			}
		}
	}
}

// above is a premultiplied word over an opaque one.
func above(over, under uint32) uint32 {
	rest := 255 - over>>24
	if rest == 255 {
		return under
	}
	r, g, b := under&0xff*rest/255, under>>8&0xff*rest/255, under>>16&0xff*rest/255
	return 0xff000000 | over&0x00ffffff + (b<<16 | g<<8 | r)
}

// round clears what lies beyond the magnifier's circle, and blackens what lies
// beyond the image.
func round(dst []uint32, c crop, n int, whole image.Rectangle) {
	half := float64(n) / 2
	for j := range n {
		y := c.y + float64(j)*c.stepY
		dy := float64(j) + 0.5 - half
		for i := range n {
			x, dx := c.x+float64(i)*c.stepX, float64(i)+0.5-half
			switch {
			case dx*dx+dy*dy > (half-1)*(half-1):
				dst[j*n+i] = 0
			case x < 0 || y < 0 || x >= float64(whole.Max.X) || y >= float64(whole.Max.Y):
				dst[j*n+i] = 0xff000000
			}
		}
	}
}
