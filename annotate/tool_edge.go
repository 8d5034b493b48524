package annotate

import (
	"math"

	"groundglass/annotate/region"
)

// DefaultEdgeStep is the step of an edge brush, in HU, that finds the border of
// ground glass.
const DefaultEdgeStep = region.DefaultStep

// EdgeBrush paints Label in a disc of Radius image pixels around the pointer, but
// for what is another tissue than where it was pressed, or lies beyond one: it
// sticks to borders. Pressed in its other meaning it erases likewise.
type EdgeBrush struct {
	Radius float64
	Label  uint8
	Step   float64 // difference in HU from which on tissues are two; more where they vary much
	Smooth float64 // length of the string that it hangs on the pointer by; 0 for none
	Model  bool    // that difference is more where the model's probability is high, and less where it is low
}

// Press takes the tissue to stick to, and paints a dab.
func (b EdgeBrush) Press(s *Stroke, p Point) {
	*s.Scratch() = region.TissueAt(s.plane(), p.X, p.Y, b.Radius)
	b.dab(s, p)
}

// Drag paints dabs on the way, a third of the radius apart.
func (b EdgeBrush) Drag(s *Stroke, from, to Point) {
	apart := max(b.Radius/3, 1)
	far := math.Hypot(to.X-from.X, to.Y-from.Y)
	n := int(min(math.Ceil(far/apart), 4096))
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		b.dab(s, Point{from.X + t*(to.X-from.X), from.Y + t*(to.Y-from.Y)})
	}
}

func (b EdgeBrush) dab(s *Stroke, p Point) {
	tissue, ok := (*s.Scratch()).(region.Tissue)
	if !ok {
		return
	}
	label := b.Label
	if s.Other() {
		label = 0
	}
	var prob []uint8
	if b.Model {
		prob = s.Probability()
	}
	region.Stick(s.plane(), p.X, p.Y, b.Radius, tissue, b.Step, prob).Spans(func(y, x0, x1 int) { s.Span(y, x0, x1, label) })
}

// Name is the tool's name in the history.
func (b EdgeBrush) Name() string { return "Edge brush" }

// Smoothing is the length of the brush's string.
func (b EdgeBrush) Smoothing() float64 { return b.Smooth }

// Labelled is the brush with another label.
func (b EdgeBrush) Labelled(v uint8) Tool { b.Label = v; return b }
