package annotate

// Brush paints Label in a disc of Radius image pixels around the pointer, and
// in the capsule between two pointer positions. Pressed in its other meaning it
// erases.
type Brush struct {
	Radius float64
	Label  uint8
	Square bool    // a square of the same width in place of the disc
	Smooth float64 // length of the string that it hangs on the pointer by; 0 for none
}

// Press paints a dab.
func (b Brush) Press(s *Stroke, p Point) { b.Drag(s, p, p) }

// Drag paints what the dab covers on its way.
func (b Brush) Drag(s *Stroke, from, to Point) {
	label := b.Label
	if s.Other() {
		label = 0
	}
	sweep(s.Bounds(), from, to, b.Radius, b.Square, func(y, x0, x1 int) { s.Span(y, x0, x1, label) })
}

// Name is the tool's name in the history.
func (b Brush) Name() string { return "Brush" }

// Smoothing is the length of the brush's string.
func (b Brush) Smoothing() float64 { return b.Smooth }

// Labelled is the brush with another label.
func (b Brush) Labelled(v uint8) Tool { b.Label = v; return b }

// Eraser sets the pixels that a Brush of the same shape would paint to
// background, and marks them as removed by a person.
type Eraser struct {
	Radius float64
	Square bool
	Smooth float64
}

// Press erases a dab.
func (e Eraser) Press(s *Stroke, p Point) { e.Drag(s, p, p) }

// Drag erases what the dab covers on its way.
func (e Eraser) Drag(s *Stroke, from, to Point) {
	sweep(s.Bounds(), from, to, e.Radius, e.Square, func(y, x0, x1 int) { s.Span(y, x0, x1, 0) })
}

// Name is the tool's name in the history.
func (e Eraser) Name() string { return "Eraser" }

// Smoothing is the length of the eraser's string.
func (e Eraser) Smoothing() float64 { return e.Smooth }
