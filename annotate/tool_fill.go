package annotate

import (
	"groundglass/annotate/region"
)

// Fill gives Label to the region under the pointer: the pixels that hang together
// by their edges and have the same label, or have none. Without a label only a
// hole is filled, which does not reach the slice's border. Pressed in its other
// meaning it erases a labelled region.
type Fill struct{ Label uint8 }

// Press fills.
func (f Fill) Press(s *Stroke, p Point) {
	m, at := s.Mask(), pixelAt(p)
	if !at.In(m.Bounds()) {
		return
	}
	have := m.Label[at.Y*m.W+at.X]
	label := f.Label
	if s.Other() {
		label = 0
	}
	found := region.Flood(m.Label, m.W, m.H, at, false)
	if have == 0 && (label == 0 || !found.Bounds().In(m.Bounds().Inset(1))) {
		return
	}
	s.paint(found, label)
}

// Drag does nothing.
func (f Fill) Drag(*Stroke, Point, Point) {}

// Name is the tool's name in the history.
func (f Fill) Name() string { return "Fill" }

// Labelled is the tool with another label.
func (f Fill) Labelled(v uint8) Tool { f.Label = v; return f }

// paint gives a region a label; erasing leaves what has none.
func (s *Stroke) paint(found *region.Set, label uint8) {
	m := s.Mask()
	found.Spans(func(y, x0, x1 int) {
		if label != 0 {
			s.Span(y, x0, x1, label)
			return
		}
		for x := x0; x < x1; x++ {
			if m.Label[y*m.W+x] != 0 {
				s.Span(y, x, x+1, 0)
			}
		}
	})
}

// plane is the slice's HU for finding regions; empty where it cannot be decoded.
func (s *Stroke) plane() region.Plane {
	b := s.Bounds()
	return region.Plane{HU: s.HU(), W: b.Dx(), H: b.Dy()}
}
