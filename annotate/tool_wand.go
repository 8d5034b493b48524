package annotate

import "groundglass/annotate/region"

// Wand gives Label to the pixels of the slice that hang together with the one
// under the pointer and are within Tolerance HU of it. It goes by no pixel that
// limits do not let it paint. A drag to the right makes the tolerance more, to
// the left less. Pressed in its other meaning it erases what it finds.
type Wand struct {
	Label     uint8
	Tolerance int     // HU
	Diagonal  bool    // pixels that touch by a corner hang together
	Denoise   bool    // compare HU smoothed as much as they vary there; what is denser may differ by more
	Firm      bool    // not through narrow places
	Holes     int     // pixels: smaller holes are filled
	Radius    float64 // mm around the pointer, or pixels where their size is unknown; 0: no limit
	// Model, with Denoise: where the model's probability agrees with the press,
	// the tolerance is more where it is high, and less where it is low.
	Model bool
}

// DefaultWandTolerance finds, with one press in their middle, a mean Dice of 0.55
// of 99 lesions in coronacases, Radiopaedia and MedSeg, and of 0.66 with the model.
const DefaultWandTolerance = 150

// Press finds and paints.
func (w Wand) Press(s *Stroke, p Point) {
	*s.Scratch() = w.Tolerance
	w.find(s, p)
}

// wandPull is what a drag over the hand's reach adds to the tolerance, in HU.
const wandPull = 10

// Drag finds anew with another tolerance. Less than the hand's reach is none.
func (w Wand) Drag(s *Stroke, _, to Point) {
	at := s.Path()[0]
	pull := (to.X - at.X) / s.Reach()
	pull -= min(max(pull, -1), 1)
	w.Tolerance = int(min(max(float64(w.Tolerance)+pull*wandPull, 0), 1<<15))
	if *s.Scratch() == w.Tolerance {
		return
	}
	*s.Scratch() = w.Tolerance
	s.TakeBack()
	w.find(s, at)
}

func (w Wand) find(s *Stroke, at Point) {
	label := w.Label
	if s.Other() {
		label = 0
	}
	found := region.Wand{Tolerance: w.Tolerance, Diagonal: w.Diagonal, Denoise: w.Denoise, Firm: w.Firm, Holes: w.Holes, Radius: w.Radius}
	found.Spacing[0], found.Spacing[1], _, _ = s.Spacing()
	found.Allow = s.gesture.session.passes(s.slice, label)
	if w.Model {
		found.Prob = s.Probability()
	}
	s.paint(found.Find(s.plane(), pixelAt(at)), label)
}

// Name is the tool's name in the history.
func (w Wand) Name() string { return "Wand" }

// Labelled is the tool with another label.
func (w Wand) Labelled(v uint8) Tool { w.Label = v; return w }

// passes is the test of which pixels of slice i have a label or may get it; nil
// where all may. It holds until the session's next change.
func (s *Session) passes(i int, label uint8) func(x, y int) bool {
	if !s.limited() || !s.has(i) {
		return nil
	}
	m, limits := s.Mask(i), s.limits(i)
	return func(x, y int) bool {
		at := y*m.W + x
		have := m.Label[at]
		return have == label || limits.allow(at, have, label)
	}
}
