package annotate

import (
	"image"

	"groundglass/annotate/region"
)

// Livewire gives Label to what a line surrounds that follows edges from each
// press to the next. Presses are drawn to the edge nearby. A press on the first
// one ends it; FinishStroke closes the line from wherever it is. Begun in its
// other meaning it erases.
type Livewire struct{ Label uint8 }

// wireReach is how far the line sees around its newest press, in image pixels:
// beyond, it is straight.
const wireReach = 160

// wired is the line so far.
type wired struct {
	presses []Point         // as the trails have them
	knots   []image.Point   // where they were drawn to
	ways    [][]image.Point // from each knot to the next
	wire    *region.Wire    // around the last knot
}

// Press adds a knot.
func (l Livewire) Press(s *Stroke, _ Point) { s.wired() }

// Drag does nothing: a press counts where it began.
func (l Livewire) Drag(*Stroke, Point, Point) {}

// Open ends the line at a press on the first knot.
func (l Livewire) Open(s *Stroke) bool {
	all := s.Trails()
	return len(all) < 3 || !s.Near(all[0].Points[0], s.Path()[0])
}

// Release paints what the line surrounds, and itself.
func (l Livewire) Release(s *Stroke) {
	w := s.wired()
	if len(w.knots) == 0 {
		return
	}
	found := region.NewSet(s.Bounds())
	for _, way := range append(w.ways, w.to(w.knots[0])) {
		for _, q := range way {
			found.Add(q.Y, q.X, q.X+1)
		}
	}
	b := s.Bounds()
	found.FillHoles(b.Dx() * b.Dy())
	label := l.Label
	if s.Trails()[0].Other {
		label = 0
	}
	s.paint(found, label)
}

// Outlines is the line, on to the pointer.
func (l Livewire) Outlines(s *Stroke, pointer Point) []Outline {
	w := s.wired()
	if len(w.knots) == 0 {
		return nil
	}
	o := Outline{Points: []Point{middle(w.knots[0])}, Cut: s.Trails()[0].Other}
	for _, k := range w.knots {
		o.Knots = append(o.Knots, middle(k))
	}
	for _, way := range append(w.ways[:len(w.ways):len(w.ways)], w.to(w.snap(s, pointer))) {
		for _, q := range way[1:] {
			o.Points = append(o.Points, middle(q))
		}
	}
	return []Outline{o}
}

// Name is the tool's name in the history.
func (l Livewire) Name() string { return "Livewire" }

// Labelled is the tool with another label.
func (l Livewire) Labelled(v uint8) Tool { l.Label = v; return l }

// middle is the middle of a pixel.
func middle(p image.Point) Point { return Point{float64(p.X) + 0.5, float64(p.Y) + 0.5} }

// wired brings the line up to date with the gesture's presses, which may have
// become fewer.
func (s *Stroke) wired() *wired {
	w, _ := (*s.Scratch()).(*wired)
	if w == nil {
		w = &wired{}
		*s.Scratch() = w
	}
	trails := s.Trails()
	n := 0
	for n < len(w.presses) && n < len(trails) && w.presses[n] == trails[n].Points[0] {
		n++
	}
	if n < len(w.presses) {
		w.presses, w.knots, w.ways, w.wire = w.presses[:n], w.knots[:n], w.ways[:max(n-1, 0)], nil
		w.look(s)
	}
	for _, t := range trails[n:] {
		w.add(s, t.Points[0])
	}
	return w
}

// look lays the wire around the last knot.
func (w *wired) look(s *Stroke) {
	if n := len(w.knots); n > 0 {
		k := w.knots[n-1]
		w.wire = region.NewWire(s.plane(), image.Rectangle{k, k.Add(image.Pt(1, 1))}.Inset(-wireReach))
		w.wire.SetAnchor(k)
	}
}

// add adds a knot. The one that ends the line is the first again.
func (w *wired) add(s *Stroke, p Point) {
	w.presses = append(w.presses, p)
	knot := pixelAt(p)
	if w.wire == nil {
		w.knots = append(w.knots, knot)
		w.look(s)
		knot = w.snap(s, p)
		w.knots = w.knots[:len(w.knots)-1]
	} else if knot = w.snap(s, p); len(w.knots) > 1 && s.Near(w.presses[0], p) {
		knot = w.knots[0]
	}
	if len(w.knots) > 0 {
		w.ways = append(w.ways, w.to(knot))
	}
	w.knots = append(w.knots, knot)
	w.look(s)
}

// snap draws a place to the edge nearby.
func (w *wired) snap(s *Stroke, p Point) image.Point {
	at := pixelAt(p)
	b := s.Bounds()
	at = image.Pt(min(max(at.X, b.Min.X), b.Max.X-1), min(max(at.Y, b.Min.Y), b.Max.Y-1))
	if !at.In(w.wire.Box()) {
		return at
	}
	return w.wire.Snap(at, int(min(max(s.Reach(), 1), 4)))
}

// to is the way from the last knot: along edges as far as the wire sees, then
// straight.
func (w *wired) to(at image.Point) []image.Point {
	way := w.wire.Path(at)
	if len(way) == 0 {
		way = []image.Point{w.knots[len(w.knots)-1]}
	}
	from := way[len(way)-1]
	n := max(at.X-from.X, from.X-at.X, at.Y-from.Y, from.Y-at.Y)
	for i := 1; i <= n; i++ {
		way = append(way, from.Add(at.Sub(from).Mul(i).Div(n)))
	}
	return way
}
