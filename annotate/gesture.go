package annotate

import (
	"image"
	"math"
)

// gesture is what a tool does from a press to its end: on the slice of the
// press, and on others where the tool asks for them.
type gesture struct {
	session *Session
	tool    Tool // nil for what Do does
	name    string
	parts   []*Stroke // the slice of the press comes first
	open    []*Stroke // those that are not sealed, the one longest open first
	trails  []Trail
	pointer Point // as last heard of
	pen     Point // what the tool follows: behind the pointer where the path is smoothed
	down    bool  // the button is held
	label   uint8 // that it paints; 0 where none, or several
	labels  bool  // it paints several
	muted   bool  // a staged tool that is not yet to write
	scratch any   // the tool's own
}

// Bounds of the slices that a gesture holds ready to write at once: so many, and
// more as far as they take no more memory than this.
const openParts, openBytes = 8, 64 << 20

// begin starts a gesture on slice i, which the series must have.
func (s *Session) begin(t Tool, name string, i int) *Stroke {
	s.gesture = &gesture{session: s, tool: t, name: name}
	return s.gesture.part(i)
}

// part is the gesture's stroke on slice i.
func (g *gesture) part(i int) *Stroke {
	if p := g.on(i); p != nil {
		return p
	}
	st := &Stroke{slice: i, gesture: g}
	g.parts = append(g.parts, st)
	st.unseal()
	st.status = st.sheet.status()
	st.limits = g.session.limits(i)
	return st
}

// opened makes room for one more stroke that is ready to write.
func (g *gesture) opened(st *Stroke) {
	each := 4 * max(1, g.session.w*g.session.h) // a mask, and what was before
	if len(g.open) >= max(openParts, g.session.openBytes/each) {
		g.open[0].seal()
		g.open = append(g.open[:0], g.open[1:]...)
	}
	g.open = append(g.open, st)
}

// on is the gesture's stroke on slice i; nil where it has none.
func (g *gesture) on(i int) *Stroke {
	if g == nil {
		return nil
	}
	for _, p := range g.parts {
		if p.slice == i {
			return p
		}
	}
	return nil
}

// paints notes a label that the gesture paints.
func (g *gesture) paints(label uint8) {
	switch {
	case g.labels:
	case g.label == 0:
		g.label = label
	case g.label != label:
		g.label, g.labels = 0, true
	}
}

// holds reports whether the gesture needs the mask of slice i.
func (g *gesture) holds(i int) bool {
	p := g.on(i)
	return p != nil && p.before != nil
}

// edit is what the gesture overwrote; ok is false when it changed nothing.
func (g *gesture) edit() (e *Edit, ok bool) {
	e = &Edit{name: g.name, label: g.label}
	for _, p := range g.parts {
		if patch, ok := p.patch(); ok {
			e.patches = append(e.patches, patch)
		}
	}
	return e, len(e.patches) > 0
}

// end lets go of what the gesture held.
func (g *gesture) end() {
	for _, p := range g.open {
		g.session.scratch.give(p.before)
		p.before = nil
	}
	g.muted = true
	g.session.gesture = nil
	g.session.scratch.trim()
}

// Press begins a stroke of the tool in hand on the current slice, or goes on with
// a staged one that is open there. Any other that is still under way ends first.
// Points are in image pixels and may lie outside.
func (s *Session) Press(p Point) { s.press(p, false) }

// PressOther is Press in the tool's other meaning, where it has one: to cut in
// place of adding, background in place of foreground.
func (s *Session) PressOther(p Point) { s.press(p, true) }

func (s *Session) press(p Point, other bool) {
	s.Release()
	if g := s.gesture; g != nil && g.parts[0].slice != s.current {
		s.FinishStroke()
	}
	if s.tool == nil || !s.has(s.current) || !p.finite() || s.refuses() {
		return
	}
	if s.gesture == nil {
		s.begin(s.tool, toolName(s.tool), s.current)
		_, s.gesture.muted = s.tool.(Stager)
	}
	g := s.gesture
	g.down, g.pointer, g.pen = true, p, p
	g.trails = append(g.trails, Trail{Points: []Point{p}, Other: other})
	s.drawn(func() { g.tool.Press(g.parts[0], p) })
}

// Drag continues the stroke to p.
func (s *Session) Drag(p Point) {
	g := s.gesture
	if g == nil || !g.down || !p.finite() {
		return
	}
	g.pointer = p
	s.follow(pull(g.pen, p, smoothing(g.tool)))
}

// follow brings the tool to p.
func (s *Session) follow(p Point) {
	g := s.gesture
	if p == g.pen && smoothing(g.tool) > 0 {
		return
	}
	from, t := g.pen, &g.trails[len(g.trails)-1]
	g.pen, t.Points = p, append(t.Points, p)
	s.drawn(func() { g.tool.Drag(g.parts[0], from, p) })
}

// pull is where a pen gets that hangs on the pointer by a string of a length.
func pull(pen, pointer Point, length float64) Point {
	d := math.Hypot(pointer.X-pen.X, pointer.Y-pen.Y)
	switch {
	case !(length > 0):
		return pointer
	case d <= length:
		return pen
	}
	t := (d - length) / d
	return Point{pen.X + t*(pointer.X-pen.X), pen.Y + t*(pointer.Y-pen.Y)}
}

// drawn lets the tool write and tells what it wrote.
func (s *Session) drawn(write func()) {
	g := s.gesture
	write()
	s.tell(g)
	s.tellOutline(g)
}

// tell tells what a gesture has written since it was last told.
func (s *Session) tell(g *gesture) {
	for _, st := range g.parts {
		r := st.takeDirty()
		if r.Empty() {
			continue
		}
		what := Pixels
		if now := st.sheet.status(); now != st.status {
			st.status = now
			what |= StatusChanged
		}
		s.emit(st.slice, r, what)
	}
}

// tellOutline tells that the outline under way may be another one.
func (s *Session) tellOutline(g *gesture) {
	if _, ok := g.tool.(Outliner); ok {
		s.emit(g.parts[0].slice, image.Rectangle{}, OutlineChanged)
	}
}

// Release ends the press, and with it the stroke, unless that is a staged one
// that goes on. Without a press it does nothing.
func (s *Session) Release() {
	g := s.gesture
	if g == nil || !g.down {
		return
	}
	if g.pen != g.pointer {
		s.follow(g.pointer)
	}
	g.down = false
	if t, ok := g.tool.(Stager); ok && t.Open(g.parts[0]) {
		s.tellOutline(g)
		return
	}
	s.FinishStroke()
}

// FinishStroke ends the stroke, a staged one too, and makes it one undoable edit;
// where it changed nothing there is none. Without a stroke it does nothing.
func (s *Session) FinishStroke() {
	g := s.gesture
	if g == nil {
		return
	}
	g.down, g.muted = false, false
	if t, ok := g.tool.(Releaser); ok {
		t.Release(g.parts[0])
		s.tell(g)
	}
	e, ok := g.edit()
	g.end()
	s.tellOutline(g)
	if !ok {
		return
	}
	e.id = s.history.newID()
	s.keepLabels(e)
	s.history.push(e)
	s.emit(g.parts[0].slice, image.Rectangle{}, HistoryChanged)
}

// Do lets write change pixels of slice i, and of others by Stroke.On, as one
// undoable edit of a name, and reports whether it changed any.
func (s *Session) Do(name string, i int, write func(*Stroke)) bool {
	s.FinishStroke()
	if !s.has(i) || s.refuses() {
		return false
	}
	st := s.begin(nil, name, i)
	s.drawn(func() { write(st) })
	before := s.history.newest
	s.FinishStroke()
	return s.history.newest != before
}

// CancelStroke takes back the stroke under way, as if it had never begun.
func (s *Session) CancelStroke() {
	g := s.gesture
	if g == nil {
		return
	}
	e, ok := g.edit()
	g.end()
	s.tellOutline(g)
	if !ok {
		return
	}
	e.swap(s)
	for _, p := range e.patches {
		s.emit(p.slice, p.rect, Pixels|StatusChanged)
	}
}

// Stroking reports whether a stroke is under way.
func (s *Session) Stroking() bool { return s.gesture != nil }
