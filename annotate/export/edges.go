package export

import "image"

// edges are the edges of a mask's foreground, 255 and 0, as Canny's detector finds them
// in a picture of 0 and 255 (J. Canny 1986, PAMI 8(6):679-698), with the details of
// OpenCV's Canny(10, 150): Sobel gradients of 3x3 with the border repeated, their length
// as |dx| + |dy|, and a pixel an edge where that is greatest among its two neighbours
// along the gradient, in steps of 45 degrees. In such a picture no gradient is between
// the two thresholds, so that nothing is left for hysteresis to do.
func edges(mask *image.Gray) *image.Gray {
	b := mask.Rect
	f := &gradients{mask: mask, w: b.Dx(), h: b.Dy()}
	f.fill()
	out := image.NewGray(b)
	for y := range f.h {
		for x := range f.w {
			if f.peak(x, y) {
				out.Pix[y*out.Stride+x] = 255
			}
		}
	}
	return out
}

// gradients are Sobel gradients of a mask, in units of its foreground.
type gradients struct {
	mask   *image.Gray
	w, h   int
	dx, dy []int
}

func (f *gradients) fill() {
	f.dx, f.dy = make([]int, f.w*f.h), make([]int, f.w*f.h)
	for y := range f.h {
		for x := range f.w {
			nw, n, ne := f.at(x-1, y-1), f.at(x, y-1), f.at(x+1, y-1)
			sw, s, se := f.at(x-1, y+1), f.at(x, y+1), f.at(x+1, y+1)
			f.dx[y*f.w+x] = ne + 2*f.at(x+1, y) + se - nw - 2*f.at(x-1, y) - sw
			f.dy[y*f.w+x] = sw + 2*s + se - nw - 2*n - ne
		}
	}
}

// at is 1 in the foreground; the border's pixels go on for ever.
func (f *gradients) at(x, y int) int {
	x, y = min(max(x, 0), f.w-1), min(max(y, 0), f.h-1)
	if f.mask.Pix[y*f.mask.Stride+x] != 0 {
		return 1
	}
	return 0
}

// length is a gradient's; outside of the picture it is 0.
func (f *gradients) length(x, y int) int {
	if x < 0 || y < 0 || x >= f.w || y >= f.h {
		return 0
	}
	return abs(f.dx[y*f.w+x]) + abs(f.dy[y*f.w+x])
}

// peak reports whether the gradient is longest across the edge. Of two alike across a
// flat or a steep edge the first is the edge, of two across a slanted one neither.
func (f *gradients) peak(x, y int) bool {
	dx, dy, m := f.dx[y*f.w+x], f.dy[y*f.w+x], f.length(x, y)
	if m == 0 {
		return false
	}
	const one, tan22 = 1 << 15, 13573 // the tangent of 22.5 degrees in units of one, and that of 67.5 is 2 more
	flat, height := abs(dx)*tan22, abs(dy)*one
	switch {
	case height < flat:
		return m > f.length(x-1, y) && m >= f.length(x+1, y)
	case height > flat+2*one*abs(dx):
		return m > f.length(x, y-1) && m >= f.length(x, y+1)
	case dx < 0 != (dy < 0):
		return m > f.length(x+1, y-1) && m > f.length(x-1, y+1)
	}
	return m > f.length(x-1, y-1) && m > f.length(x+1, y+1)
}

func abs(v int) int { return max(v, -v) }
