package region

import (
	"image"
	"math"
	"slices"
)

// Tissue is what a sticking brush holds on to: the HU where it was pressed.
type Tissue struct {
	HU     float64 // median of the brush's middle
	Spread float64 // its standard deviation, robustly: noise and texture
}

// TissueAt is the tissue in the middle of a disc; x, y and radius in pixels, the
// pixel in column i and row j has its centre at (i+0.5, j+0.5).
func TissueAt(p Plane, x, y, radius float64) Tissue {
	var v []float64
	disc(p, x, y, core(radius), func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			v = append(v, clamp(p.median(x, y)))
		}
	})
	return tissue(v)
}

func tissue(v []float64) Tissue {
	if len(v) == 0 {
		return Tissue{HU: math.NaN()}
	}
	slices.Sort(v)
	mid := v[len(v)/2]
	for i, u := range v {
		v[i] = math.Abs(u - mid)
	}
	slices.Sort(v)
	return Tissue{HU: mid, Spread: 1.4826 * v[len(v)/2]}
}

// core is the radius of a disc's middle.
func core(radius float64) float64 { return max(radius/4, 1.5) }

// Air and soft tissue beyond these HU are alike to a sticking brush.
const stickLow, stickHigh = -1000, 150

func clamp(v int16) float64 { return float64(min(max(v, stickLow), stickHigh)) }

// DefaultStep is the least difference in HU between two tissues that a brush
// takes for a border unless told otherwise: less than from lung to ground glass,
// more than from one part of ground glass to another. Chosen on the phantom's
// lesions.
const DefaultStep = 130

// stickSteps times the tissue's spread is the least such difference, too.
const stickSteps = 2.5

// Stick is the part of a disc that belongs to a tissue: its HU are split where
// they fall into classes of their own (Liao et al. 2001, a fast algorithm for
// multilevel thresholding, with three classes), and what is of the tissue's
// class and hangs together with the disc's middle is taken, its small holes
// too. Classes whose means differ by less than step HU are one. A disc of one
// tissue is taken whole; where the middle is of another tissue, nothing is.
func Stick(p Plane, x, y, radius float64, t Tissue, step float64) *Set {
	b := discBox(p, x, y, radius)
	set := NewSet(b)
	if b.Empty() || math.IsNaN(t.HU) {
		return set
	}
	v := make([]float64, b.Dx()*b.Dy())
	var in histogram
	disc(p, x, y, radius, func(y, x0, x1 int) {
		row := v[(y-b.Min.Y)*b.Dx():]
		for x := x0; x < x1; x++ {
			u := clamp(p.median(x, y))
			row[x-b.Min.X] = u
			in.add(u)
		}
	})
	low, high := in.class(t, step)
	inside := NewSet(b)
	disc(p, x, y, radius, inside.Add)
	f := filler{set: set, in: func(x, y int) bool {
		u := v[(y-b.Min.Y)*b.Dx()+x-b.Min.X]
		return u >= low && u < high && inside.Has(x, y)
	}}
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
