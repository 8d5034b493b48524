package quantize

import "math"

// span is what 8 bits stand for: from low to high, 0 always among it.
type span struct{ low, high float32 }

func (s span) union(o span) span { return span{min(s.low, o.low), max(s.high, o.high)} }

// steps is the distance from one of the 256 numbers to the next, and the one
// that stands for 0 exactly.
func (s span) steps() (step float32, zero uint8) {
	step = (s.high - s.low) / 255
	if step < 1e-30 {
		return 1, 0 // nothing but 0
	}
	return step, uint8(math.Round(float64(-s.low / step)))
}

// half is the number of a histogram's bins on each side of 0.
const half = 4096

// histogram counts elements by value in bins of one width, which doubles as
// larger ones come. Zeros, which 8 bits give exactly, are left out, as is what
// is not finite.
type histogram struct {
	width  float32 // of a bin; 0 while there is nothing but zeros
	counts [2 * half]int64
}

func (h *histogram) add(v []float32) {
	for _, x := range v {
		size := max(x, -x)
		if x == 0 || !(size < 1e30) {
			continue
		}
		for size >= half*h.width {
			h.widen()
		}
		h.counts[half+int(math.Floor(float64(x/h.width)))]++
	}
}

// widen makes room for larger elements: two bins become one.
func (h *histogram) widen() {
	if h.width == 0 {
		h.width = 1. / (1 << 20)
		return
	}
	h.width *= 2
	var wider [2 * half]int64
	for i, n := range h.counts {
		wider[half/2+i/2] += n
	}
	h.counts = wider
}

// span is the one over which 8 bits lose least: of all parts of the elements'
// range that have the same share of its two ends, the one with the smallest sum
// of squared errors.
func (h *histogram) span() span {
	whole := h.whole()
	best, least := whole, math.Inf(1)
	for percent := 100; percent >= 20; percent-- {
		share := float32(percent) / 100
		s := span{whole.low * share, whole.high * share}
		if loss := h.loss(s); loss < least {
			best, least = s, loss
		}
	}
	return best
}

// whole is the span of all elements.
func (h *histogram) whole() span {
	var s span
	for i, n := range h.counts {
		if n > 0 {
			s = s.union(span{float32(i-half) * h.width, float32(i+1-half) * h.width})
		}
	}
	return s
}

// loss is the sum of the squared errors: a step's rounding within s, the
// distance to it outside.
func (h *histogram) loss(s span) float64 {
	step, _ := s.steps()
	var sum float64
	for i, n := range h.counts {
		if n > 0 {
			x := (float64(i-half) + 0.5) * float64(h.width)
			out := max(0, x-float64(s.high), float64(s.low)-x)
			sum += float64(n) * (out*out + float64(step)*float64(step)/12)
		}
	}
	return sum
}
