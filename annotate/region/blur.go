package region

import (
	"image"
	"math"
)

// field is a value for each pixel of a box, row-major.
type field struct {
	box image.Rectangle
	v   []float32
}

func (f field) at(x, y int) float32 { return f.v[(y-f.box.Min.Y)*f.box.Dx()+x-f.box.Min.X] }

// blurred is a plane's box under a Gaussian of sigma pixels, cut off at 2.5 sigma.
// HU count from stickLow to stickHigh; at the plane's border its outermost pixels
// count again.
func blurred(p Plane, box image.Rectangle, sigma float64) field {
	k := gaussian(sigma)
	reach, w, h := len(k)-1, box.Dx(), box.Dy()
	rows := make([]float32, w*(h+2*reach))
	line := make([]float32, w+2*reach)
	for r := range h + 2*reach {
		hu := p.row(box.Min.Y - reach + r)
		for x := range line {
			line[x] = float32(clamp(hu[min(max(box.Min.X-reach+x, 0), p.W-1)]))
		}
		weigh(rows[r*w:][:w], line, k, 1)
	}
	f := field{box: box, v: make([]float32, w*h)}
	weigh(f.v, rows, k, w)
	return f
}

// weigh sums values with the weights of a kernel, whose middle lies as many steps
// on as it reaches.
func weigh(to, from, k []float32, step int) {
	reach := len(k) - 1
	mid := from[reach*step:][:len(to)]
	for i := range to {
		to[i] = k[0] * mid[i]
	}
	for j := 1; j <= reach; j++ {
		a, b, c := from[(reach-j)*step:][:len(to)], from[(reach+j)*step:][:len(to)], k[j]
		for i := range to {
			to[i] += c * (a[i] + b[i])
		}
	}
}

// gaussian is the middle and one half of a kernel, all of which sums to 1.
func gaussian(sigma float64) []float32 {
	reach := int(math.Ceil(2.5 * sigma))
	at := func(i int) float64 { return math.Exp(-float64(i*i) / (2 * sigma * sigma)) }
	sum := 1.0
	for i := 1; i <= reach; i++ {
		sum += 2 * at(i)
	}
	k := make([]float32, reach+1)
	for i := range k {
		k[i] = float32(at(i) / sum)
	}
	return k
}
