package region

import (
	"image"
	"math"
)

// Wand says what belongs together with a pixel.
type Wand struct {
	Tolerance int  // HU
	Diagonal  bool // pixels that touch by a corner hang together too
	// Denoise compares smoothed HU, the more smoothed the more they vary around the
	// seed, with their mean there. What is denser may then differ by more.
	Denoise bool
	// Firm goes only where a diamond of 5 pixels across fits in, so that no rim or
	// vessel leads out; where none fits around the seed, by a smaller one or none.
	Firm    bool
	Holes   int                 // pixels: smaller holes are filled
	Radius  float64             // mm around the seed; 0: no limit
	Spacing [2]float64          // mm between columns and rows; what is not positive counts as 1
	Prob    []uint8             // with Denoise: the model's map of the plane, 0..255, to heed; nil: none
	Allow   func(x, y int) bool // which pixels may be entered; nil: all
}

// firmest is half the diamond of a firm wand.
const firmest = 2

// Find is what hangs together with the seed on its plane and is within tolerance
// of it. Unless Allow forbids it, the seed is always part of what is found.
func (w Wand) Find(p Plane, seed image.Point) *Set {
	if !seed.In(p.Bounds()) || w.Allow != nil && !w.Allow(seed.X, seed.Y) {
		return nil
	}
	all := w.similar(p, seed)
	part, n := all, 0
	if w.Firm {
		part, n = all.shrunk(firmest, seed)
	}
	found := NewSet(all.box)
	f := filler{set: found, in: part.Has, diag: w.Diagonal}
	f.flood([]run{{seed.Y, seed.X, seed.X + 1}})
	found = found.grown(n, all)
	found.FillHoles(w.Holes)
	return found
}

// similar is all that is within tolerance and reach of the seed, which counts
// in any case.
func (w Wand) similar(p Plane, seed image.Point) *Set {
	box := image.Rect(seed.X-w.chord(p, 0), seed.Y, seed.X+w.chord(p, 0)+1, seed.Y+1)
	for w.chord(p, seed.Y-box.Min.Y+1) >= 0 && box.Min.Y > 0 {
		box.Min.Y--
	}
	for w.chord(p, box.Max.Y-seed.Y) >= 0 && box.Max.Y < p.H {
		box.Max.Y++
	}
	box = box.Intersect(p.Bounds())
	in, s := w.like(p, box, seed), NewSet(box)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		half := w.chord(p, y-seed.Y)
		for x := max(seed.X-half, box.Min.X); x < min(seed.X+half+1, box.Max.X); x++ {
			if in(x, y) && (w.Allow == nil || w.Allow(x, y)) {
				s.Add(y, x, x+1)
			}
		}
	}
	s.Add(seed.Y, seed.X, seed.X+1)
	return s
}

// chord is how many columns the radius reaches to either side some rows from the
// seed; negative where it does not reach there.
func (w Wand) chord(p Plane, rows int) int {
	if !(w.Radius > 0) {
		return p.W
	}
	or1 := func(d float64) float64 {
		if d > 0 {
			return d
		}
		return 1
	}
	dy := float64(rows) * or1(w.Spacing[1])
	left := w.Radius*w.Radius - dy*dy
	if left < 0 {
		return -1
	}
	return int(min(math.Sqrt(left)/or1(w.Spacing[0]), float64(p.W)))
}

// like is the test of which of a box's pixels are within tolerance.
func (w Wand) like(p Plane, box image.Rectangle, seed image.Point) func(x, y int) bool {
	tolerance := max(w.Tolerance, 0)
	if w.Denoise {
		x, y := float64(seed.X)+0.5, float64(seed.Y)+0.5
		return TissueAt(p, x, y, 4*tissueReach).like(p, box, float64(tolerance), w.Prob, x, y)
	}
	v := int(p.at(seed.X, seed.Y))
	return func(x, y int) bool {
		d := int(p.at(x, y)) - v
		return max(d, -d) <= tolerance
	}
}
