package annotate

import (
	"image"

	"groundglass/annotate/region"
)

// Area is what the tools share that draw an outline and fill it at the end.
type Area struct {
	Label uint8
	Cut   bool // erase what is inside in place of painting it; pressed in its other meaning, the reverse
	// Redraw makes the outline the border of what it crosses: where it paints, the parts of the label
	// that reach into it, by edges or corners, lose what lies outside. A wrong border is so mended by one line.
	Redraw bool
}

// cuts reports whether the gesture erases.
func (a Area) cuts(s *Stroke) bool { return a.Cut != s.Trails()[0].Other }

// write writes to the inside, which rows gives span by span.
func (a Area) write(s *Stroke, rows func(r image.Rectangle, span func(y, x0, x1 int))) {
	label := a.Label
	if a.cuts(s) {
		label = 0
	} else if a.Redraw {
		inside := region.NewSet(s.Bounds())
		rows(s.Bounds(), inside.Add)
		a.trim(s, inside)
	}
	rows(s.Bounds(), func(y, x0, x1 int) { s.Span(y, x0, x1, label) })
}

// trim erases what hangs on to the label's pixels within a set and lies outside it.
func (a Area) trim(s *Stroke, inside *region.Set) {
	m := s.Mask()
	all := region.FloodFrom(m.Label, m.W, m.H, a.Label, inside, true)
	inside.Spans(all.Remove)
	s.paint(all, 0)
}

// Lasso fills the line that is drawn, closed from its end to its beginning.
type Lasso struct {
	Area
	Smooth float64
}

// Press begins the line.
func (l Lasso) Press(*Stroke, Point) {}

// Drag draws it.
func (l Lasso) Drag(*Stroke, Point, Point) {}

// Release fills it.
func (l Lasso) Release(s *Stroke) { l.write(s, polygon(s.Path()).rows) }

// Outlines is the line so far, closed.
func (l Lasso) Outlines(s *Stroke, _ Point) []Outline {
	return []Outline{{Points: s.Path(), Closed: true, Cut: l.cuts(s)}}
}

// Name is the tool's name in the history.
func (l Lasso) Name() string { return "Lasso" }

// Smoothing is the length of the lasso's string.
func (l Lasso) Smoothing() float64 { return l.Smooth }

// Labelled is the lasso with another label.
func (l Lasso) Labelled(v uint8) Tool { l.Label = v; return l }

// Box fills the rectangle between two corners, or the ellipse within it.
type Box struct {
	Area
	Round bool
}

// Press sets the first corner.
func (b Box) Press(*Stroke, Point) {}

// Drag moves the other.
func (b Box) Drag(*Stroke, Point, Point) {}

// Release fills the figure.
func (b Box) Release(s *Stroke) {
	p := s.Path()
	if first, last := p[0], p[len(p)-1]; b.Round {
		b.write(s, func(r image.Rectangle, span func(y, x0, x1 int)) { ellipseRows(first, last, r, span) })
	} else {
		b.write(s, rectangle(first, last).rows)
	}
}

// Outlines is the figure.
func (b Box) Outlines(s *Stroke, _ Point) []Outline {
	p := s.Path()
	first, last := p[0], p[len(p)-1]
	if b.Round {
		return []Outline{{Points: ellipse(first, last), Closed: true, Cut: b.cuts(s)}}
	}
	return []Outline{{Points: rectangle(first, last), Closed: true, Cut: b.cuts(s)}}
}

// Name is the tool's name in the history.
func (b Box) Name() string {
	if b.Round {
		return "Ellipse"
	}
	return "Rectangle"
}

// Labelled is the box with another label.
func (b Box) Labelled(v uint8) Tool { b.Label = v; return b }

// Polygon fills the polygon through the points that are set, one a press. It is
// finished by a press on its first point, or by FinishStroke.
type Polygon struct{ Area }

// Press sets a point.
func (t Polygon) Press(*Stroke, Point) {}

// Drag moves it.
func (t Polygon) Drag(*Stroke, Point, Point) {}

// Open reports whether the newest point is none that closes the polygon.
func (t Polygon) Open(s *Stroke) bool { return len(s.Trails()) == len(t.corners(s)) }

// Release fills the polygon.
func (t Polygon) Release(s *Stroke) { t.write(s, polygon(t.corners(s)).rows) }

// corners are the points set: where each press ended. The last is none where it
// closes the polygon.
func (t Polygon) corners(s *Stroke) []Point {
	var out []Point
	for _, trail := range s.Trails() {
		out = append(out, trail.Points[len(trail.Points)-1])
	}
	if n := len(out); n > 3 && s.Near(out[0], out[n-1]) {
		return out[:n-1]
	}
	return out
}

// Outlines is the polygon so far, and the side to the pointer.
func (t Polygon) Outlines(s *Stroke, pointer Point) []Outline {
	corners := t.corners(s)
	line := Outline{Points: corners, Knots: corners, Closed: true, Cut: t.cuts(s)}
	if n := len(corners); n < 3 || !s.Near(corners[0], pointer) {
		line.Points = append(corners[:n:n], pointer)
	}
	return []Outline{line}
}

// Name is the tool's name in the history.
func (t Polygon) Name() string { return "Polygon" }

// Labelled is the polygon with another label.
func (t Polygon) Labelled(v uint8) Tool { t.Label = v; return t }
