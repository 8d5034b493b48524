package annotate

import "groundglass/annotate/region"

// Wand gives Label to the pixels of the slice that hang together with the one
// under the pointer and are within Tolerance HU of it. It goes by no pixel that
// the guard does not let it paint. Pressed in its other meaning it erases what it
// finds.
type Wand struct {
	Label     uint8
	Tolerance int  // HU
	Diagonal  bool // pixels that touch by a corner hang together
	Denoise   bool // compare medians of 3x3 pixels
	Firm      bool // not through narrow places
	Holes     int  // pixels: smaller holes are filled
}

// Press finds and paints.
func (w Wand) Press(s *Stroke, p Point) {
	label := w.Label
	if s.Other() {
		label = 0
	}
	s.paint(region.Wand(s.plane(), pixelAt(p), w.Tolerance, region.Limits{
		Diagonal: w.Diagonal, Denoise: w.Denoise, Firm: w.Firm, Holes: w.Holes,
		Allow: func(int) func(x, y int) bool { return s.gesture.session.passes(s.slice, label) },
	}), label)
}

// Drag does nothing.
func (w Wand) Drag(*Stroke, Point, Point) {}

// Name is the tool's name in the history.
func (w Wand) Name() string { return "Wand" }

// Labelled is the tool with another label.
func (w Wand) Labelled(v uint8) Tool { w.Label = v; return w }

// passes is the test of which pixels of slice i have a label or may get it; nil
// where all may. It holds until the session's next change.
func (s *Session) passes(i int, label uint8) func(x, y int) bool {
	if s.guard == nil {
		return nil
	}
	guard, m := s.guard(i), s.Mask(i)
	if guard == nil || m == nil {
		return nil
	}
	return func(x, y int) bool {
		have := m.Label[y*m.W+x]
		return have == label || guard(x, y, have, label)
	}
}
