package region

import (
	"image"
	"math"
	"slices"
)

// Tissue is what is looked for: the HU at a place, and how much they vary there.
type Tissue struct {
	HU     float64 // mean of what is left after smoothing
	Spread float64 // standard deviation before it, robustly: noise and texture
}

// TissueAt is the tissue in the middle of a disc; x, y and radius in pixels, the
// pixel in column i and row j has its centre at (i+0.5, j+0.5). HU is NaN where the
// disc lies outside the plane.
func TissueAt(p Plane, x, y, radius float64) Tissue {
	r := min(core(radius), tissueReach)
	t := Tissue{HU: math.NaN(), Spread: spread(p, x, y, 1.25*r)}
	box := discBox(p, x, y, r)
	if box.Empty() {
		return t
	}
	f, sum, n := blurred(p, box, t.sigma()), 0.0, 0.0
	disc(p, x, y, r, func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			sum += float64(f.at(x, y))
			n++
		}
	})
	t.HU = sum / n
	return t
}

// tissueReach is how far around a place its tissue is measured, in pixels.
const tissueReach = 4

// spread is the standard deviation of a disc's HU: 1.4826 times the median of the
// distances from their median.
func spread(p Plane, x, y, radius float64) float64 {
	var v []float64
	disc(p, x, y, radius, func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			v = append(v, clamp(p.at(x, y)))
		}
	})
	if len(v) == 0 {
		return 0
	}
	slices.Sort(v)
	mid := v[len(v)/2]
	for i, u := range v {
		v[i] = math.Abs(u - mid)
	}
	slices.Sort(v)
	return 1.4826 * v[len(v)/2]
}

// calm is the noise in HU that smoothing is to leave of a tissue's spread: white
// noise of this much remains of 1 under a Gaussian of 1/(2 sqrt(pi) calm) pixels.
const calm = 20

// sigma is the Gaussian that a tissue is seen under, in pixels.
func (t Tissue) sigma() float64 {
	return min(max(t.Spread/(2*math.SqrtPi*calm), leastSigma), mostSigma)
}

const leastSigma, mostSigma = 0.6, 3

// denser times the tolerance is how much denser than a tissue what belongs to it
// may be: vessels and streaks within a lesion are, lung beside it is not.
const denser = 1.6

// like is the test of which of a box's pixels are like the tissue within tolerance
// HU. Where the model agrees that there is something at (x, y), the tolerance
// counts twice its probability: double where it is sure, nothing where it finds
// nothing. Prob is its map of the plane, 0..255, nil for none.
func (t Tissue) like(p Plane, box image.Rectangle, tolerance float64, prob []uint8, x, y float64) func(x, y int) bool {
	f := blurred(p, box, t.sigma())
	hu, below, above := float32(t.HU), float32(tolerance), float32(tolerance*denser)
	if !agrees(p, prob, x, y) {
		return func(x, y int) bool {
			d := f.at(x, y) - hu
			return d >= -below && d <= above
		}
	}
	return func(x, y int) bool {
		d, share := f.at(x, y)-hu, float32(prob[y*p.W+x])*(2./255)
		return d > -below*share && d < above*share
	}
}

// agrees reports whether the model's probability around a place is at least 0.4.
func agrees(p Plane, prob []uint8, x, y float64) bool {
	if len(prob) < p.W*p.H {
		return false
	}
	sum, n := 0, 0
	disc(p, x, y, tissueReach, func(y, x0, x1 int) {
		for _, v := range prob[y*p.W:][x0:x1] {
			sum += int(v)
			n++
		}
	})
	return n > 0 && sum >= n*255*2/5
}
