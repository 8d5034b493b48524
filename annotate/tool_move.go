package annotate

import "math"

// Move shifts the pixels of a label on the slice by whole pixels, as the pointer
// moves; where they came from is then removed. Pressed in its other meaning it
// leaves them there too.
type Move struct{ Label uint8 }

// run is the columns [x0, x1) of row y.
type run struct{ y, x0, x1 int }

// Press takes hold of the label's pixels.
func (m Move) Press(s *Stroke, _ Point) { *s.Scratch() = labelRuns(s.Mask(), m.Label) }

// Drag shifts them.
func (m Move) Drag(s *Stroke, _, to Point) {
	held, _ := (*s.Scratch()).([]run)
	from := s.Path()[0]
	dx, dy := int(math.Round(to.X-from.X)), int(math.Round(to.Y-from.Y))
	s.TakeBack()
	if dx == 0 && dy == 0 {
		return
	}
	for _, r := range held {
		if !s.Other() {
			s.Span(r.y, r.x0, r.x1, 0)
		}
	}
	for _, r := range held {
		s.Span(r.y+dy, r.x0+dx, r.x1+dx, m.Label)
	}
}

// Name is the tool's name in the history.
func (m Move) Name() string { return "Move" }

// Labelled is the tool for another label.
func (m Move) Labelled(v uint8) Tool { m.Label = v; return m }

// labelRuns are the runs of a label in a mask.
func labelRuns(m *Mask, label uint8) (out []run) {
	for y := range m.H {
		row := m.Label[y*m.W:][:m.W]
		runs(0, m.W, func(x int) bool { return row[x] == label }, func(x0, x1 int) { out = append(out, run{y, x0, x1}) })
	}
	return out
}
