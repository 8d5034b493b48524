package train

import (
	"math"
	"slices"

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

// Held remembers what the network is given of validation pictures, so that the
// same slices under other names, which public sets have, can be told. The zero
// value is empty.
type Held struct{ thumbnails []thumbnail }

// Add remembers a picture's input, side x side values of 0..1.
func (h *Held) Add(input []float32, side int) { h.add(thumbnailOf(input, side)) }

func (h *Held) add(t thumbnail) { h.thumbnails = append(h.thumbnails, t) }

// Has tells whether an input looks like one that was added, as training would
// say.
func (h *Held) Has(input []float32, side int) bool { return h.has(thumbnailOf(input, side)) }

func (h *Held) has(t thumbnail) bool {
	return slices.ContainsFunc(h.thumbnails, func(o thumbnail) bool { return t.correlation(o) > nearDuplicate })
}

func thumbnailOf(input []float32, side int) thumbnail {
	return (&example{image: quantize(input)}).thumbnail(side)
}
