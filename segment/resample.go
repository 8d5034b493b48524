package segment

import "math"

// Kernel is a resampling filter of [Resize].
type Kernel uint8

const (
	Bilinear Kernel = iota // triangle: the default for images and probabilities
	Box                    // mean of the covered pixels
	Bicubic                // Keys' cubic with a = -0.5; may overshoot
)

// reach is half the kernel's width, in output pixels when shrinking.
func (k Kernel) reach() float64 {
	switch k {
	case Box:
		return 0.5
	case Bicubic:
		return 2
	}
	return 1
}

// at is the kernel's weight at distance x from its centre.
func (k Kernel) at(x float64) float64 {
	switch k {
	case Box:
		if x > -0.5 && x <= 0.5 {
			return 1
		}
		return 0
	case Bicubic:
		return cubic(math.Abs(x))
	}
	return math.Max(0, 1-math.Abs(x))
}

func cubic(x float64) float64 {
	const a = -0.5
	switch {
	case x < 1:
		return ((a+2)*x-(a+3))*x*x + 1
	case x < 2:
		return (((x-5)*x+8)*x - 4) * a
	}
	return 0
}

// taps are the source pixels of one output pixel: weights w of the pixels from
// first on, summing to 1.
type taps struct {
	first int
	w     []float64
}

// tapsOf lists the taps of each of out pixels over in source pixels. Pixel
// centres lie at half integers, as in Pillow's Image.resize, and the kernel
// widens when shrinking, so that nothing aliases.
func tapsOf(in, out int, k Kernel) []taps {
	scale := float64(in) / float64(out)
	wide := math.Max(scale, 1)
	reach := k.reach() * wide
	all := make([]taps, out)
	for o := range all {
		centre := (float64(o) + 0.5) * scale
		first := max(0, int(centre-reach+0.5))
		last := min(in, int(centre+reach+0.5))
		w := make([]float64, last-first)
		sum := 0.0
		for i := range w {
			w[i] = k.at((float64(first+i) - centre + 0.5) / wide)
			sum += w[i]
		}
		for i := range w {
			w[i] /= sum
		}
		all[o] = taps{first, w}
	}
	return all
}

// Resize resamples a w×h row-major picture to ow×oh: separable, antialiased,
// with Pillow's convention (mode "F") and its double-precision sums; the two
// agree within 1e-6, and nearly always to the last bit. src is neither changed
// nor shared. It returns nil when a size is not positive or src is too short.
func Resize(src []float32, w, h, ow, oh int, k Kernel) []float32 {
	if w <= 0 || h <= 0 || ow <= 0 || oh <= 0 || len(src) < w*h {
		return nil
	}
	wide := resizeRows(src, w, h, ow, k)
	return resizeColumns(wide, ow, h, oh, k)
}

// resizeRows changes the width from w to ow.
func resizeRows(src []float32, w, h, ow int, k Kernel) []float32 {
	if w == ow {
		return src[:w*h]
	}
	all := tapsOf(w, ow, k)
	dst := make([]float32, ow*h)
	for y := range h {
		from := src[y*w : y*w+w]
		to := dst[y*ow : y*ow+ow]
		for x := range to {
			t := &all[x]
			seg := from[t.first : t.first+len(t.w)]
			sum := 0.0
			for i, c := range t.w {
				sum += c * float64(seg[i])
			}
			to[x] = float32(sum)
		}
	}
	return dst
}

// resizeColumns changes the height from h to oh.
func resizeColumns(src []float32, w, h, oh int, k Kernel) []float32 {
	dst := make([]float32, w*oh)
	if h == oh {
		copy(dst, src)
		return dst
	}
	sum := make([]float64, w)
	for y, t := range tapsOf(h, oh, k) {
		clear(sum)
		for i, c := range t.w {
			row := src[(t.first+i)*w : (t.first+i)*w+w]
			for x, v := range row {
				sum[x] += c * float64(v)
			}
		}
		to := dst[y*w : y*w+w]
		for x, v := range sum {
			to[x] = float32(v)
		}
	}
	return dst
}
