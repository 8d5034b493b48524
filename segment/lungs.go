package segment

import (
	"image"

	"groundglass/annotate/ct"
)

// What a lung mask tells of a pixel. The patient's right lung is on the left of
// an axial picture seen from the feet, which is how the program shows slices.
const (
	NoLung    = 0
	RightLung = 1
	LeftLung  = 2
)

// LungMask finds the lungs of an axial slice seen from the feet: NoLung,
// RightLung or LeftLung a pixel, row by row, on the slice's own grid. Vessels,
// ground glass and consolidation are part of the lung; windpipe, main bronchi,
// bowel, the diaphragm's domes and padding are not.
//
// It is classical and deterministic: air within the body (Otsu's threshold, so
// that shifted or clipped Hounsfield units do no harm) without what is gas by
// its density; parted into right and left along the cheapest path from front to
// back; closed with a ball; and rounded where the outline faces the chest wall,
// which is convex unless something dense fills the lung. A slice that is cut to
// the lungs does as well. A slice without lungs, or too small to tell, has an
// empty mask.
//
// Bounds: what is dense over the whole side of a lung cannot be told from the
// chest wall, and the gas of a bowel full of stool not from lung. [Lungs] mends
// the second by the neighbouring slices.
func LungMask(s *ct.Slice) []uint8 {
	out := make([]uint8, s.W*s.H)
	small, step := coarsen(s, lungScan)
	if small == nil {
		return out
	}
	t := newThorax(small)
	if t == nil {
		return out
	}
	lungs, box := t.lungs(), image.Rect(0, 0, t.w, t.h)
	for y := range s.H {
		for x := range s.W {
			p := image.Pt(x/step, y/step).Sub(t.at)
			if p.In(box) {
				out[y*s.W+x] = lungs.v[p.Y*t.w+p.X]
			}
		}
	}
	for i, pad := range s.Pad {
		if pad {
			out[i] = NoLung
		}
	}
	return out
}

// Slices longer or wider than lungScan are searched at half their size, or
// less, and those of which fewer than leastScan pixels are left not at all.
const lungScan, leastScan = 640, 16

// What is denser or thinner than these Hounsfield units tells nothing more.
const huLow, huHigh = -1150, 150

// coarsen averages step×step blocks of a slice, so that neither side is longer
// than most, and clips its values; nil for a slice too small to search.
func coarsen(s *ct.Slice, most int) (small *ct.Slice, step int) {
	step = (max(s.W, s.H) + most - 1) / most
	if min(s.W, s.H) < leastScan*max(1, step) || len(s.HU) < s.W*s.H {
		return nil, 0
	}
	w, h := (s.W+step-1)/step, (s.H+step-1)/step
	out := &ct.Slice{HU: make([]int16, w*h), W: w, H: h}
	for i := range out.HU {
		x, y := i%w*step, i/w*step
		out.HU[i] = mean(s, image.Rect(x, y, min(s.W, x+step), min(s.H, y+step)))
	}
	return out, step
}

// mean is the average of a slice's clipped values in a box; padding is air.
func mean(s *ct.Slice, box image.Rectangle) int16 {
	sum := 0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for i := y*s.W + box.Min.X; i < y*s.W+box.Max.X; i++ {
			hu := int(s.HU[i])
			if s.Pad != nil && s.Pad[i] {
				hu = ct.Air
			}
			sum += min(huHigh, max(huLow, hu))
		}
	}
	return int16(sum / (box.Dx() * box.Dy()))
}

// lungs is the lungs' mask on the thorax' grid.
func (t *thorax) lungs() plane {
	air := t.withoutGas()
	airways := t.airways(air)
	air = air.without(airways)
	seam := t.seam(air)
	out := newPlane(t.w, t.h)
	for _, side := range [2]uint8{RightLung, LeftLung} {
		half := t.where(func(i int) bool {
			return air.v[i] != 0 && (i%t.w >= seam[i/t.w]) == (side == LeftLung)
		})
		lung, box := t.outline(half, side)
		out.mark(lung, box.Min, side)
	}
	for i, v := range airways.v {
		if v != 0 {
			out.v[i] = NoLung
		}
	}
	return out
}
