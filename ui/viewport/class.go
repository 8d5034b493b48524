package viewport

import (
	"image"
	"image/color"
)

// Hatch is how an area is filled, so that areas can be told apart without
// colours.
type Hatch uint8

// The hatches.
const (
	Full    Hatch = iota
	Rising        // lines like /
	Falling       // lines like \
	Dots
)

// on reports whether pixel (x, y) belongs to a line or dot of the hatch.
func (h Hatch) on(x, y int) bool {
	switch h {
	case Rising:
		return (x+y)&3 < 2
	case Falling:
		return (x-y)&7 < 3
	case Dots:
		return x%3 == 0 && y%3 == 0
	}
	return true
}

// AreaStyle is the look of one class of pixels: its colour, and how much of it
// lies between the hatch's lines, 0 to 1.
type AreaStyle struct {
	Color   color.NRGBA
	Hatch   Hatch
	Between float64
}

// maxClasses bounds the classes of a picture; 0 is what stays clear.
const maxClasses = 8

// classes holds, for each class, the words on its hatch's lines and between.
type classes struct {
	line, gap [maxClasses]uint32
	hatch     [maxClasses]Hatch
}

// set fills the table; styles[0] is that of class 1.
func (t *classes) set(styles []AreaStyle, opacity float64) {
	*t = classes{}
	for i, s := range styles[:min(len(styles), maxClasses-1)] {
		t.line[i+1], t.gap[i+1], t.hatch[i+1] = word(s.Color, opacity), word(s.Color, opacity*s.Between), s.Hatch
	}
}

// composeClasses writes the part r of a picture of classes of the given stride.
func composeClasses(dst words, src []uint8, stride int, r image.Rectangle, t *classes) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		s := src[y*stride+r.Min.X:][:r.Dx()]
		d := dst.row(y, r.Min.X)[:len(s)]
		for x, c := range s {
			switch c &= maxClasses - 1; {
			case c == 0:
				d[x] = 0
			case t.hatch[c].on(r.Min.X+x, y):
				d[x] = t.line[c]
			default:
				d[x] = t.gap[c]
			}
		}
	}
}

// SetClasses shows a picture of classes over the grey values, one of 0 to 7 for
// each pixel of the slice in view; nil for none. It differs from the one shown
// within r only. The labels then keep their outlines alone.
func (v *Viewport) SetClasses(class []uint8, r image.Rectangle) {
	if class != nil && len(class) != v.frame.W*v.frame.H {
		return // of another slice
	}
	other := (class == nil) != (v.class == nil)
	v.class = class
	if other {
		v.SetStyles(v.styles)
	}
	v.showLayers()
	v.areas.changed(r)
}

// SetClassStyles sets the look of classes 1 and on, at an opacity of 0 to 1.
func (v *Viewport) SetClassStyles(styles []AreaStyle, opacity float64) {
	v.classes.set(styles, opacity)
	v.areas.changed(v.areas.rect)
}

// AreaSwatch is a small picture of a class's look, for a legend: 28 x 14 pixels.
func AreaSwatch(s AreaStyle) *image.RGBA {
	const w, h = 28, 14
	var t classes
	t.set([]AreaStyle{s}, 0.9)
	all := make([]uint8, w*h)
	for i := range all {
		all[i] = 1
	}
	l := newLayer(0, func(dst words, r image.Rectangle) { composeClasses(dst, all, w, r, &t) })
	l.see(image.Rect(0, 0, w, h))
	return l.picture()
}
