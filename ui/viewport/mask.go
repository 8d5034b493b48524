package viewport

import (
	"image"
	"image/color"
)

// Pattern is how a label's outline is drawn, so that labels can be told apart
// without colours.
type Pattern uint8

// The patterns, in the order in which labels get them.
const (
	Solid Pattern = iota
	Dashed
	Dotted
	DashDot
	patterns
)

// PatternOf returns the pattern for the n-th label, counted from 0.
func PatternOf(n int) Pattern { return Pattern(n) % patterns }

// on reports whether the outline is drawn in pixel (x, y). A step along an axis
// or a diagonal moves n by 1, 3, 4 or 2, which no period divides: in none of
// these directions does the line stay on or off.
func (p Pattern) on(x, y int) bool {
	n := x + 3*y
	switch p {
	case Dashed:
		return n%7 < 4
	case Dotted:
		return n%5 < 2
	case DashDot:
		return n%11 < 6 || n%11 == 8
	}
	return true
}

// Style is the look of one label.
type Style struct {
	Color   color.NRGBA
	Pattern Pattern
	Fade    float64 // how much of the area's strength is taken away, 0 to 1
	Bare    bool    // the outline alone, also where outlines are off
	Hidden  bool
}

// tints holds, for each label, the words of its area and of its outline.
type tints struct {
	fill, line [256]uint32
	pattern    [256]Pattern
	outlined   [256]bool
}

// set fills the table. Opacity, 0 to 1, is the area's; the outline is twice as
// strong.
func (t *tints) set(styles map[uint8]Style, opacity float64, outline bool) {
	*t = tints{}
	for label, s := range styles {
		if s.Hidden {
			continue
		}
		if !s.Bare {
			t.fill[label] = word(s.Color, opacity*(1-s.Fade))
		}
		t.line[label] = word(s.Color, min(1, 0.25+1.5*opacity))
		t.pattern[label], t.outlined[label] = s.Pattern, outline || s.Bare
	}
}

// thin leaves half of the areas' strength.
func (t *tints) thin() {
	for i, w := range t.fill {
		t.fill[i] = w >> 1 & 0x7f7f7f7f
	}
}

// clear leaves the outlines alone.
func (t *tints) clear() { t.fill = [256]uint32{} }

// composeMask writes the part r of a label picture of w x h pixels.
func composeMask(dst words, src []uint8, w, h int, r image.Rectangle, t *tints) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := src[y*w:][:w]
		above, below := row, row
		if y > 0 {
			above = src[(y-1)*w:][:w]
		}
		if y+1 < h {
			below = src[(y+1)*w:][:w]
		}
		d := dst.row(y, r.Min.X)[:r.Dx()]
		for x := range d {
			i := r.Min.X + x
			v := row[i]
			if v == 0 {
				d[x] = 0
				continue
			}
			d[x] = t.fill[v]
			edge := above[i] != v || below[i] != v || i > 0 && row[i-1] != v || i+1 < w && row[i+1] != v
			if edge && t.outlined[v] && t.pattern[v].on(i, y) {
				d[x] = t.line[v]
			}
		}
	}
}

// word returns the premultiplied word of a colour at an opacity of 0 to 1.
func word(c color.NRGBA, opacity float64) uint32 {
	a := uint32(float64(c.A)*min(max(opacity, 0), 1) + 0.5)
	return a<<24 | uint32(c.B)*a/255<<16 | uint32(c.G)*a/255<<8 | uint32(c.R)*a/255
}

// Swatch is a small picture of a label's look, for a legend: 28 x 14 pixels.
func Swatch(s Style) *image.RGBA {
	const w, h = 28, 14
	var t tints
	t.set(map[uint8]Style{1: s}, 0.45, true)
	labels := make([]uint8, (w+2)*(h+2)) // with a border, so that there is an outline all around
	for i := range labels {
		if x, y := i%(w+2), i/(w+2); x > 0 && x <= w && y > 0 && y <= h {
			labels[i] = 1
		}
	}
	l := newLayer(0, func(dst words, r image.Rectangle) { composeMask(dst, labels, w+2, h+2, r, &t) })
	l.see(image.Rect(1, 1, w+1, h+1))
	return l.picture()
}
