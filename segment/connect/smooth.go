package connect

import (
	"image"
	"math"
	"slices"
)

// Smooth is [Denoise] for a probability map (0..255; λ is for 0..1) that is
// surrounded by 0 and of which only what is above floor matters: thresholds
// above floor give the masks that the whole denoised map gives, while only the
// bounding box of what is above floor is worked on, and the rest stays.
//
// This is exact. The best u, cut at t, is the set S of least
// λ·perimeter(S) + Σ (t − p) over S, the perimeter counted in pixel sides
// (Darbon, Sigelle 2006, "Image restoration with discrete constrained total
// variation", part I). For t above floor, S gains by leaving out what of it is
// outside the box: each pixel there costs t − p > 0, and the part of a set in
// a rectangle has no longer a perimeter than the set. So S is in the box, and
// the box surrounded by 0 has the same S.
func Smooth(prob []uint8, w, h int, lambda float64, floor uint8) []uint8 {
	return smooth(prob, w, h, lambda, floor, false)
}

// draftWork is how many pixels, each as often as there are rounds, a draft takes.
const draftWork = 300_000

func smooth(prob []uint8, w, h int, lambda float64, floor uint8, draft bool) []uint8 {
	out := slices.Clone(prob[:max(0, w)*max(0, h)])
	box := boxAbove(out, w, h, floor)
	if box.Empty() || !(lambda > 0) {
		return out
	}
	n := box.Dx()
	p := make([]float32, n*box.Dy())
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := p[(y-box.Min.Y)*n:][:n]
		for x, v := range out[y*w+box.Min.X:][:n] {
			row[x] = float32(v) / 255
		}
	}
	g := newGrid(p, n, box.Dy(), lambda, true)
	rounds := maxRounds
	if draft {
		rounds = min(rounds, max(2, draftWork/len(p)))
	}
	g.solve(tolerance, rounds)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		row := out[y*w+box.Min.X:][:n]
		for x, v := range g.u[(y-box.Min.Y)*n:][:n] {
			row[x] = uint8(math.Round(float64(min(max(v, 0), 1)) * 255))
		}
	}
	return out
}

// boxAbove is the smallest box that holds every pixel above floor.
func boxAbove(prob []uint8, w, h int, floor uint8) image.Rectangle {
	box := image.Rectangle{Min: image.Pt(w, h)}
	for y := range h {
		row := prob[y*w:][:w]
		first := slices.IndexFunc(row, func(v uint8) bool { return v > floor })
		if first < 0 {
			continue
		}
		last := w - 1
		for row[last] <= floor {
			last--
		}
		box.Min = image.Pt(min(box.Min.X, first), min(box.Min.Y, y))
		box.Max = image.Pt(max(box.Max.X, last+1), y+1)
	}
	return box
}
