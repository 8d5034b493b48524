package viewport

import (
	"image"
	"image/color"
	"math"
)

// heats maps a probability of 0 to 255 to a word.
type heats [256]uint32

// heatStops are the colours of probabilities 0, 1/4, 1/2, 3/4 and 1: a ramp
// whose lightness only grows, so that it reads without colours too.
var heatStops = [5]color.NRGBA{
	{40, 0, 90, 255}, {120, 20, 130, 255}, {205, 60, 90, 255}, {250, 140, 40, 255}, {255, 240, 130, 255},
}

// HeatColor returns the colour of a probability of 0 to 1.
func HeatColor(p float64) color.NRGBA {
	p = min(max(p, 0), 1) * float64(len(heatStops)-1)
	i := min(int(p), len(heatStops)-2)
	f := p - float64(i)
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-f) + float64(b)*f + 0.5) }
	a, b := heatStops[i], heatStops[i+1]
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

// set fills the table for an opacity of 0 to 1, of the probability or of how
// unsure that is. What is as good as impossible, or sure, stays clear: the
// colours fade in up to 1/5.
func (t *heats) set(opacity float64, unsure bool) {
	for i := range t {
		p := float64(i) / 255
		if unsure {
			p = entropy(p)
		}
		t[i] = word(HeatColor(p), opacity*min(1, max(0, p-0.02)*5))
	}
}

// entropy is that of a probability, in bits: 0 for sure, 1 for as likely as not.
func entropy(p float64) float64 {
	if p <= 0 || p >= 1 {
		return 0
	}
	return -p*math.Log2(p) - (1-p)*math.Log2(1-p)
}

// composeHeat writes the part r of a probability picture of the given stride.
func composeHeat(dst words, src []uint8, stride int, r image.Rectangle, t *heats) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		s := src[y*stride+r.Min.X:][:r.Dx()]
		d := dst.row(y, r.Min.X)[:len(s)]
		for x, p := range s {
			d[x] = t[p]
		}
	}
}
