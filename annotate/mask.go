package annotate

import (
	"image"
	"slices"
)

// Origin says who set a pixel.
type Origin uint8

// The second bit marks the pixels that a person set: see Human.
const (
	Untouched    Origin = iota // background that nobody has touched
	Model                      // foreground by the model at the present threshold
	HumanAdded                 // a person painted a label
	HumanRemoved               // a person said: background
)

// Human reports whether a person set the pixel.
func (o Origin) Human() bool { return o&humanBit != 0 }

const humanBit = HumanAdded & HumanRemoved

// Mask holds a label and an origin for each pixel of one slice, row-major,
// W*H long. Label 0 is the background.
type Mask struct {
	W, H   int
	Label  []uint8
	Origin []Origin
}

// NewMask returns an empty mask of w columns and h rows.
func NewMask(w, h int) *Mask {
	return &Mask{W: w, H: h, Label: make([]uint8, w*h), Origin: make([]Origin, w*h)}
}

// Bounds is the mask's rectangle, with its first pixel at (0, 0).
func (m *Mask) Bounds() image.Rectangle { return image.Rect(0, 0, m.W, m.H) }

// Clone returns an independent copy.
func (m *Mask) Clone() *Mask {
	return &Mask{W: m.W, H: m.H, Label: slices.Clone(m.Label), Origin: slices.Clone(m.Origin)}
}

// Equal reports whether both masks hold the same pixels and origins.
func (m *Mask) Equal(o *Mask) bool {
	return m.W == o.W && m.H == o.H && slices.Equal(m.Label, o.Label) && slices.Equal(m.Origin, o.Origin)
}

// Provenance counts the pixels of a mask by who set them.
type Provenance struct{ Model, Added, Removed int }

// Provenance counts the mask's pixels by who set them.
func (m *Mask) Provenance() Provenance {
	var n [4]int
	for _, o := range m.Origin {
		n[o&3]++
	}
	return Provenance{Model: n[Model], Added: n[HumanAdded], Removed: n[HumanRemoved]}
}
