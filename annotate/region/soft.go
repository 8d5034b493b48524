package region

import (
	"image"
	"math"
)

// soft is a box of HU, w by h, smoothed, with a margin of one pixel around it.
type soft struct {
	v    []float32
	w, h int
}

// laplacian is the sum of the second differences; 0 in the margin.
func (s soft) laplacian() []float32 {
	stride := s.w + 2
	l := make([]float32, len(s.v))
	for y := range s.h {
		for i := (y+1)*stride + 1; i < (y+2)*stride-1; i++ {
			l[i] = s.v[i-1] + s.v[i+1] + s.v[i-stride] + s.v[i+stride] - 4*s.v[i]
		}
	}
	return l
}

// The Gaussian that smooths: its standard deviation, and how many pixels it
// reaches to either side.
const (
	softSigma = 1.2
	softReach = 3
)

// softKernel holds its middle and one half; all of it sums to 1.
var softKernel = func() (k [softReach + 1]float32) {
	sum := 0.0
	for i := -softReach; i <= softReach; i++ {
		sum += math.Exp(-float64(i*i) / (2 * softSigma * softSigma))
	}
	for i := range k {
		k[i] = float32(math.Exp(-float64(i*i)/(2*softSigma*softSigma)) / sum)
	}
	return k
}()

// smoothed is a plane's box under that Gaussian. HU count from stickLow to
// stickHigh; at the plane's border its outermost pixels count again.
func smoothed(p Plane, box image.Rectangle) soft {
	s := soft{w: box.Dx(), h: box.Dy()}
	width, k := s.w+2, softKernel
	rows := make([]float32, width*(s.h+2+2*softReach))
	line := make([]float32, width+2*softReach)
	for r := range s.h + 2 + 2*softReach {
		hu := p.row(box.Min.Y - 1 - softReach + r)
		for x := range line {
			line[x] = float32(clamp(hu[min(max(box.Min.X-1-softReach+x, 0), p.W-1)]))
		}
		for x := range width {
			c := line[x:][:2*softReach+1]
			rows[r*width+x] = k[0]*c[3] + k[1]*(c[2]+c[4]) + k[2]*(c[1]+c[5]) + k[3]*(c[0]+c[6])
		}
	}
	s.v = make([]float32, width*(s.h+2))
	n := len(s.v)
	r0, r1, r2, r3, r4, r5, r6 := rows[:n], rows[width:][:n], rows[2*width:][:n], rows[3*width:][:n], rows[4*width:][:n], rows[5*width:][:n], rows[6*width:][:n]
	for i := range s.v {
		s.v[i] = k[0]*r3[i] + k[1]*(r2[i]+r4[i]) + k[2]*(r1[i]+r5[i]) + k[3]*(r0[i]+r6[i])
	}
	return s
}
