package region

import (
	"image"
	"math"
)

// core is the radius of a disc's middle.
func core(radius float64) float64 { return max(radius/4, 1.5) }

// Air and soft tissue beyond these HU are alike to a wand and a sticking brush.
const stickLow, stickHigh = -1000, 150

func clamp(v int16) float64 { return float64(min(max(v, stickLow), stickHigh)) }

// DefaultStep is the difference in HU from its tissue that a brush takes for a
// border unless told otherwise. Chosen on lesions of coronacases, Radiopaedia,
// MedSeg and the phantom.
const DefaultStep = 150

// A tissue's spread times stickSpread, but at most stickMost HU, is the least such
// difference: what varies much has vague borders.
const stickSpread, stickMost = 1.5, 200

// Stick is the part of a disc that is like a tissue and hangs together with the
// disc's middle, and its small holes. From step HU below the tissue on, or denser
// times as much above, a pixel is of another one, more or less as the model's map
// prob says (nil: none). Where the middle is of another tissue, nothing is taken.
func Stick(p Plane, x, y, radius float64, t Tissue, step float64, prob []uint8) *Set {
	b := discBox(p, x, y, radius)
	set := NewSet(b)
	if b.Empty() || math.IsNaN(t.HU) {
		return set
	}
	like := t.like(p, b, max(step, min(stickSpread*t.Spread, stickMost)), prob, x, y)
	inside := NewSet(b)
	disc(p, x, y, radius, inside.Add)
	f := filler{set: set, in: func(x, y int) bool { return inside.Has(x, y) && like(x, y) }}
	var seeds []run
	disc(p, x, y, core(radius), func(y, x0, x1 int) { seeds = append(seeds, run{y, x0, x1}) })
	f.flood(seeds)
	set.FillHoles(int(radius * radius / 8))
	return set
}

// discBox is the rectangle that a disc's pixels lie in.
func discBox(p Plane, x, y, radius float64) (b image.Rectangle) {
	disc(p, x, y, radius, func(y, x0, x1 int) { b = b.Union(image.Rect(x0, y, x1, y+1)) })
	return b
}

// disc calls f for the rows of the plane's pixels whose centres lie in a disc,
// or that hold its centre.
func disc(p Plane, x, y, radius float64, f func(y, x0, x1 int)) {
	b := p.Bounds()
	if !(math.Abs(x) < 1e6 && math.Abs(y) < 1e6 && radius >= 0) {
		return
	}
	for row := max(int(y-radius)-1, b.Min.Y); row <= min(int(y+radius)+1, b.Max.Y-1); row++ {
		dy := float64(row) + 0.5 - y
		half := math.Sqrt(max(radius*radius-dy*dy, 0))
		x0, x1 := int(math.Ceil(x-half-0.5)), int(math.Floor(x+half-0.5))+1
		if math.Abs(dy) > radius {
			x1 = x0
		}
		if row == int(math.Floor(y)) {
			at := int(math.Floor(x))
			x0, x1 = min(x0, at), max(x1, at+1)
		}
		if x0, x1 = max(x0, b.Min.X), min(x1, b.Max.X); x0 < x1 {
			f(row, x0, x1)
		}
	}
}
