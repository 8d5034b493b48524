package segment

import (
	"image"

	"groundglass/annotate/ct"
)

// Input is the network's view of a slice: the pixels of box (columns and rows
// of the slice, clipped to it; an empty box means the whole slice) under the
// lung window as 0..1, resampled to size×size. The aspect is not kept: the box
// is stretched to the square. [Restore] is the way back.
func Input(s *ct.Slice, box image.Rectangle, size int) []float32 {
	return windowed(s, box, size, ct.Lung)
}

// windowed is Input under any window.
func windowed(s *ct.Slice, box image.Rectangle, size int, win ct.Window) []float32 {
	box = clip(box, s.W, s.H)
	w, h := box.Dx(), box.Dy()
	low, per := float32(win.Level-win.Width/2), float32(1/win.Width)
	crop := make([]float32, w*h)
	for y := range h {
		from := s.HU[(box.Min.Y+y)*s.W+box.Min.X:][:w]
		to := crop[y*w:][:w]
		for x, hu := range from {
			to[x] = max(0, min(1, (float32(hu)-low)*per))
		}
	}
	return Resize(crop, w, h, size, size, Bilinear)
}

// Restore puts a network's size×size probabilities back on the grid of the
// slice, w×h, whose box they were taken from: 0..1 becomes 0..255, rounded, and
// everything outside the box is 0. It is nil when prob is too short.
func Restore(prob []float32, size int, box image.Rectangle, w, h int) []uint8 {
	box = clip(box, w, h)
	fitted := Resize(prob, size, size, box.Dx(), box.Dy(), Bilinear)
	if fitted == nil {
		return nil
	}
	out := make([]uint8, w*h)
	for y := range box.Dy() {
		from := fitted[y*box.Dx():][:box.Dx()]
		to := out[(box.Min.Y+y)*w+box.Min.X:][:box.Dx()]
		for x, p := range from {
			to[x] = uint8(max(0, min(1, p))*255 + 0.5)
		}
	}
	return out
}

// clip cuts box to a w×h slice; what is empty becomes the whole slice.
func clip(box image.Rectangle, w, h int) image.Rectangle {
	whole := image.Rect(0, 0, w, h)
	if box = box.Intersect(whole); box.Empty() {
		return whole
	}
	return box
}
