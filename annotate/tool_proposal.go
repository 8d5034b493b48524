package annotate

// ProposalBrush sets the pixels under it that the model proposes, with the
// proposal's label, as a person's own: also those that were removed. Pressed in
// its other meaning it restores, as Restore does.
type ProposalBrush struct {
	Radius    float64
	Threshold float64 // probability (0..1) from which a pixel is proposed; 0: as the session proposes it
	Square    bool
	Smooth    float64
}

// Press sets the pixels under a dab.
func (b ProposalBrush) Press(s *Stroke, p Point) { b.Drag(s, p, p) }

// Drag sets the pixels that the dab covers on its way.
func (b ProposalBrush) Drag(s *Stroke, from, to Point) {
	if s.Other() {
		Restore{b.Radius, b.Square, b.Smooth}.Drag(s, from, to)
		return
	}
	sweep(s.Bounds(), from, to, b.Radius, b.Square, func(y, x0, x1 int) {
		for x := x0; x < x1; {
			label, start := s.ProposesAt(x, y, b.Threshold), x
			for x++; x < x1 && s.ProposesAt(x, y, b.Threshold) == label; x++ {
			}
			if label != 0 {
				s.Span(y, start, x, label)
			}
		}
	})
}

// Name is the tool's name in the history.
func (b ProposalBrush) Name() string { return "Proposal brush" }

// Smoothing is the length of the brush's string.
func (b ProposalBrush) Smoothing() float64 { return b.Smooth }

// Restore gives the pixels under it back to the proposal, as if no person had
// set them.
type Restore struct {
	Radius float64
	Square bool
	Smooth float64
}

// Press gives the pixels under a dab back.
func (b Restore) Press(s *Stroke, p Point) { b.Drag(s, p, p) }

// Drag gives back what the dab covers on its way.
func (b Restore) Drag(s *Stroke, from, to Point) {
	sweep(s.Bounds(), from, to, b.Radius, b.Square, s.Free)
}

// Name is the tool's name in the history.
func (b Restore) Name() string { return "Restore brush" }

// Smoothing is the length of the brush's string.
func (b Restore) Smoothing() float64 { return b.Smooth }
