package viewport

import (
	"math"

	"groundglass/annotate/ct"
)

// Interpolation is how the values between the centres of pixels are found.
type Interpolation uint8

// The interpolations. Cubic is the convolution of R. Keys (IEEE Trans. ASSP
// 29:1153, 1981) with a = -1/2, which reproduces quadratic functions.
const (
	Nearest Interpolation = iota
	Linear
	Cubic
)

// kernel is the weight of a sample at a distance, and radius where it ends.
func (k Interpolation) kernel(x float64) float64 {
	switch x = math.Abs(x); {
	case k == Linear:
		return max(0, 1-x)
	case x < 1:
		return (1.5*x-2.5)*x*x + 1
	case x < 2:
		return ((-0.5*x+2.5)*x-4)*x + 2
	}
	return 0
}

func (k Interpolation) radius() float64 {
	if k == Linear {
		return 1
	}
	return 2
}

// taps are the samples that each of a row's output pixels is made of: n of
// them from first on, and their weights, which add up to 1.
type taps struct {
	n      int
	first  []int
	weight []float32
}

// newTaps returns those of out pixels, whose centres lie at from, from+step, ...
// in a row of size samples with their centres at 0.5, 1.5, ... Beyond its ends
// the row goes on as it ends. Where a step passes over samples, the kernel is
// widened to take all of them in.
func newTaps(out, size int, from, step float64, k Interpolation) taps {
	wide := max(1, step)
	radius := k.radius() * wide
	reach := 2 * int(math.Ceil(radius))
	if k == Nearest {
		reach = 1
	}
	t := taps{n: min(reach, size), first: make([]int, out)}
	t.weight = make([]float32, out*t.n)
	for i := range out {
		c := from + float64(i)*step - 0.5
		low := int(math.Floor(c-radius)) + 1
		if k == Nearest {
			low = int(math.Floor(c + 0.5))
		}
		t.first[i] = min(max(low, 0), size-t.n)
		w, sum := t.weight[i*t.n:][:t.n], 0.0
		for j := low; j < low+reach; j++ {
			sum += k.at(float64(j)-c, wide)
		}
		for j := low; j < low+reach; j++ {
			at := min(max(j, t.first[i]), t.first[i]+t.n-1)
			w[at-t.first[i]] += float32(k.at(float64(j)-c, wide) / sum)
		}
	}
	return t
}

func (k Interpolation) at(x, wide float64) float64 {
	if k == Nearest {
		return 1
	}
	return k.kernel(x / wide)
}

// crop says which pixels of a screen show which part of an image.
type crop struct {
	w, h         int     // output pixels
	x, y         float64 // image coordinates of the first one's centre
	stepX, stepY float64 // from one to the next
}

// resample writes the picture of an image of sw x sh Hounsfield values. Values are interpolated before they are windowed: the other way
// round, all that lies beyond the window's edges would pull at its neighbours
// with the edge's grey.
func resample(dst []uint32, c crop, hu []int16, sw, sh int, k Interpolation, g shade) {
	cols := newTaps(c.w, sw, c.x, c.stepX, k)
	rows := newTaps(c.h, sh, c.y, c.stepY, k)
	if c.w == 0 || c.h == 0 {
		return
	}
	low, high := rows.first[0], rows.first[c.h-1]+rows.n
	across := make([]float32, (high-low)*c.w)
	line := make([]float32, sw)
	for y := low; y < high; y++ {
		for x, v := range hu[y*sw:][:sw] {
			line[x] = float32(v)
		}
		cols.apply(across[(y-low)*c.w:][:c.w], line)
	}
	sum := make([]float32, c.w)
	for i := range c.h {
		down(sum, across[(rows.first[i]-low)*c.w:], rows.weight[i*rows.n:][:rows.n])
		g.write(dst[i*c.w:][:c.w], sum)
	}
}

// apply makes a row of output.
func (t *taps) apply(out, line []float32) {
	if t.n == 4 {
		for i := range out {
			s, w := line[t.first[i]:][:4], t.weight[4*i:][:4]
			out[i] = s[0]*w[0] + s[1]*w[1] + s[2]*w[2] + s[3]*w[3]
		}
		return
	}
	for i := range out {
		var sum float32
		s := line[t.first[i]:][:t.n]
		for j, w := range t.weight[i*t.n:][:t.n] {
			sum += s[j] * w
		}
		out[i] = sum
	}
}

// down adds up rows that follow each other, by their weights.
func down(sum, rows, weight []float32) {
	n := len(sum)
	if len(weight) == 4 {
		a, b, c, d := rows[:n], rows[n:][:n], rows[2*n:][:n], rows[3*n:][:n]
		for x := range sum {
			sum[x] = a[x]*weight[0] + b[x]*weight[1] + c[x]*weight[2] + d[x]*weight[3]
		}
		return
	}
	clear(sum)
	for j, w := range weight {
		for x, v := range rows[j*n:][:n] {
			sum[x] += v * w
		}
	}
}

// shade maps Hounsfield values between those of pixels to grey words.
type shade struct{ gain, offset float32 }

func newShade(w ct.Window, invert bool) shade {
	gain := 255 / max(w.Width, 1e-3)
	if invert {
		gain = -gain
	}
	return shade{float32(gain), float32(127.5 - gain*w.Level + 0.5)}
}

func (g shade) write(dst []uint32, hu []float32) {
	dst = dst[:len(hu)]
	for x, v := range hu {
		grey := uint32(min(max(v*g.gain+g.offset, 0), 255))
		dst[x] = 0xff000000 | grey*0x010101
	}
}
