package connect

import (
	"math"
	"slices"
)

// Options says what [Apply] does. The zero value changes nothing. Options can
// be compared with ==, to find out whether a result still holds.
type Options struct {
	// TV is the weight λ of [Denoise]; 0 is none. About 0.1 to 2 is useful: at
	// a threshold of one half, a lone patch vanishes below a width of 8 λ pixels.
	TV float64

	HolePixels  int     // holes of up to so many pixels are filled; below 0, all
	HoleArea    float64 // and those of up to so many mm²
	LeastPixels int     // parts of fewer pixels are dropped
	LeastArea   float64 // and those of fewer mm²
	Largest     int     // then only so many parts are kept, the largest; 0 is all

	PixelArea    float64 // of one pixel in mm²; 0 is unknown: areas in mm² are then without effect
	Connectivity Connectivity

	// Draft ends the denoising after about 20 ms of one processor, for a person
	// who is moving a slider; TV may then be a little off where parts are large.
	Draft bool
}

// Apply returns the map that stands in for prob (0..255, w×h) at one level: a
// pixel of it is at least level exactly where the connected mask is set. Level
// is the smallest value that counts as foreground, at least 1, as whoever
// thresholds the map has it. Whoever keeps pixels that a person set does so when
// thresholding the result, as ever.
//
// In turn, the map is denoised and cut at level, holes are filled, small parts
// dropped and the largest kept. Where a pixel's side of the level changes by
// that, its value becomes level, or level − 1. Elsewhere it is the denoised
// one; without TV it is prob's own.
//
// Without TV this takes about a millisecond at 512×512. With TV it takes longer by
// the size of the bounding box of what is at least level.
func Apply(prob []uint8, w, h int, level uint8, o Options) []uint8 {
	level = max(level, 1)
	out := smooth(prob, w, h, o.TV, level-1, o.Draft)
	holes, least := o.holes(), o.least()
	if holes == 0 && least <= 1 && o.Largest <= 0 {
		return out
	}
	mask := Mask(out, level)
	mask = Fill(mask, w, h, holes, o.Connectivity)
	mask = DropSmall(mask, w, h, least, o.Connectivity)
	if o.Largest > 0 {
		mask = KeepLargest(mask, w, h, o.Largest, o.Connectivity)
	}
	for i, v := range out {
		if mask[i] != 0 {
			out[i] = max(v, level)
		} else {
			out[i] = min(v, level-1)
		}
	}
	return out
}

// Mask is 1 where prob is at least level, and 0 elsewhere.
func Mask(prob []uint8, level uint8) []uint8 {
	out := slices.Clone(prob)
	for i, v := range out {
		out[i] = 0
		if v >= level {
			out[i] = 1
		}
	}
	return out
}

// holes is the limit of [Fill].
func (o Options) holes() int {
	if o.HolePixels < 0 {
		return -1
	}
	return max(o.HolePixels, int(o.pixels(o.HoleArea)))
}

// least is the limit of [DropSmall].
func (o Options) least() int {
	return max(o.LeastPixels, int(math.Ceil(o.pixels(o.LeastArea))))
}

// pixels is an area in mm² in pixels, with some slack so that whole numbers of
// pixels stay whole, and 0 where either area is unknown.
func (o Options) pixels(area float64) float64 {
	n := area / o.PixelArea
	if !(o.PixelArea > 0) || !(n > 0) {
		return 0
	}
	n = min(n, 1<<31-1)
	if r := math.Round(n); math.Abs(n-r) < 1e-6 {
		return r
	}
	return n
}
