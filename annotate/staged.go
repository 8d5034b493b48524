package annotate

import "reflect"

// Staging reports whether a staged stroke is under way, which FinishStroke ends
// and StepBack shortens.
func (s *Session) Staging() bool {
	if s.gesture == nil {
		return false
	}
	_, ok := s.gesture.tool.(Stager)
	return ok
}

// StepBack takes back the newest press of a staged stroke, and with the only one
// the stroke. It reports whether there was any.
func (s *Session) StepBack() bool {
	if !s.Staging() {
		return false
	}
	g := s.gesture
	if len(g.trails) == 1 {
		s.CancelStroke()
		return true
	}
	g.trails, g.down = g.trails[:len(g.trails)-1], false
	s.tellOutline(g)
	return true
}

// Outlines is what the stroke under way is about to do on the current slice,
// with the pointer at a place; nil where there is nothing to show.
func (s *Session) Outlines(pointer Point) []Outline {
	g := s.gesture
	if g == nil || g.parts[0].slice != s.current {
		return nil
	}
	if t, ok := g.tool.(Outliner); ok {
		return t.Outlines(g.parts[0], pointer)
	}
	return nil
}

// SetReach sets how far apart, in image pixels, two points count as the same: the
// reach of a hand on the screen at the present zoom.
func (s *Session) SetReach(pixels float64) { s.reach = pixels }

// take takes a tool in hand, and lets an open staged stroke follow.
func (s *Session) take(t Tool) {
	s.tool = t
	switch {
	case !s.Staging():
	case reflect.TypeOf(t) == reflect.TypeOf(s.gesture.tool):
		s.gesture.tool = t
		s.tellOutline(s.gesture)
	default:
		s.FinishStroke()
	}
}

// scratch are masks without use, for strokes to keep what was before.
type scratch []*Mask

func (s *scratch) take(w, h int) *Mask {
	if n := len(*s); n > 0 {
		m := (*s)[n-1]
		*s = (*s)[:n-1]
		return m
	}
	return NewMask(w, h)
}

func (s *scratch) give(m *Mask) { *s = append(*s, m) }

// trim keeps one, which is what most strokes need.
func (s *scratch) trim() {
	for n := len(*s); n > 1; n-- {
		(*s)[n-1] = nil
		*s = (*s)[:n-1]
	}
}
