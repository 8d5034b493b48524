package train

import (
	"math"

	"groundglass/segment"
)

// thumbnail is a small picture with mean 0 and norm 1.
type thumbnail []float32

const (
	thumbnailSide = 24
	nearDuplicate = 0.985 // neighbouring slices of one patient reach 0.97
)

func (e *example) thumbnail(side int) thumbnail {
	v := make([]float32, len(e.image))
	for i, x := range e.image {
		v[i] = float32(x)
	}
	t := thumbnail(segment.Resize(v, side, side, thumbnailSide, thumbnailSide, segment.Box))
	var mean, norm float64
	for _, x := range t {
		mean += float64(x) / float64(len(t))
	}
	for i, x := range t {
		t[i] = x - float32(mean)
		norm += float64(t[i]) * float64(t[i])
	}
	for i := range t {
		t[i] /= float32(math.Sqrt(norm + 1e-9))
	}
	return t
}

func (t thumbnail) correlation(o thumbnail) float64 {
	var sum float64
	for i := range t {
		sum += float64(t[i]) * float64(o[i])
	}
	return sum
}
