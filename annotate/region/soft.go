package region

import "image"

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

// softSigma is the standard deviation of the Gaussian that smooths, in pixels.
const softSigma = 1.2

// smoothed is a plane's box under that Gaussian: see blurred.
func smoothed(p Plane, box image.Rectangle) soft {
	return soft{v: blurred(p, box.Inset(-1), softSigma).v, w: box.Dx(), h: box.Dy()}
}
