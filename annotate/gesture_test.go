package annotate

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// stack paints a dab of its label on every slice of the series at once.
type stack struct{ label uint8 }

func (k stack) Press(s *Stroke, p Point) {
	for i := 0; s.On(i) != nil; i++ {
		capsule(s.On(i), p, p, 1, k.label)
	}
}

func (k stack) Drag(s *Stroke, _, to Point) { k.Press(s, to) }

// dots are a staged tool: a pixel for each press, written at the end. The press
// on the first pixel ends it.
type dots struct{ label uint8 }

func (d dots) Press(s *Stroke, p Point)          { s.Span(int(p.Y), 0, 9, 9) }
func (d dots) Drag(s *Stroke, _, to Point)       { s.Free(int(to.Y), 0, 9) }
func (d dots) Labelled(v uint8) Tool             { d.label = v; return d }
func (d dots) Outlines(*Stroke, Point) []Outline { return []Outline{{Closed: true}} }

func (d dots) Open(s *Stroke) bool {
	all := s.Trails()
	return len(all) < 2 || !s.Near(all[0].Points[0], s.Path()[0])
}

func (d dots) Release(s *Stroke) {
	for _, t := range s.Trails() {
		p := pixelAt(t.Points[0])
		label := d.label
		if t.Other {
			label = 0
		}
		s.Span(p.Y, p.X, p.X+1, label)
	}
}

// randomHuman paints and erases on every slice of a session.
func randomHuman(s *Session, r *rand.Rand) {
	for i := range s.series.Len() {
		s.SetCurrent(i)
		for _, tool := range []Tool{Brush{Radius: 2, Label: 2}, Eraser{Radius: 1}} {
			s.SetTool(tool)
			s.Press(Point{r.Float64() * float64(s.w), r.Float64() * float64(s.h)})
			s.Drag(Point{r.Float64() * float64(s.w), r.Float64() * float64(s.h)})
			s.Release()
		}
	}
}

func allMasks(s *Session) (out []*Mask) {
	for i := range s.series.Len() {
		out = append(out, s.Mask(i).Clone())
	}
	return out
}

func TestGestureOverMoreSlicesThanAreHeldOpen(t *testing.T) {
	const n = 3 * openParts
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 3))
		s := newTestSession(9, 7, n)
		s.keep, s.openBytes = 1, 0
		g := s.BeginProposal()
		for i := range n {
			s.Propose(i, g, Guess{Prob: randomMap(r, 9, 7)})
		}
		randomHuman(s, r)
		before := allMasks(s)
		undos, _ := s.History().Len()
		s.SetTool(stack{3})
		points := []Point{{2, 2}, {6, 4}, {2, 2}, {8, 6}}
		draw := func() {
			s.Press(points[0])
			for _, p := range points[1:] {
				s.Drag(p)
			}
		}
		draw()
		if shot := s.Snapshot(); seed%2 == 0 {
			sameMasks(t, "a snapshot during the gesture", shot.Mask, before)
		}
		s.CancelStroke()
		sameMasks(t, "cancelled", s.Mask, before)
		draw()
		s.Release()
		after := allMasks(s)
		for i, m := range after {
			for _, p := range points {
				at := pixelAt(p)
				if j := at.Y*9 + at.X; m.Label[j] != 3 || m.Origin[j] != HumanAdded {
					t.Fatalf("slice %d lacks the dab at %v:\n%s", i, p, picture(m))
				}
			}
		}
		if now, _ := s.History().Len(); now != undos+1 {
			t.Fatalf("%d edits, want one", now-undos)
		}
		s.Undo()
		sameMasks(t, "undone", s.Mask, before)
		s.Redo()
		sameMasks(t, "redone", s.Mask, after)
		checkHistory(t, s)
	}
}

func TestLimitsHoldOnEverySlice(t *testing.T) {
	s := newTestSession(3, 3, 2)
	onlyIn(s, func(slice, x, _ int) bool { return x != slice })
	s.SetTool(stack{1})
	s.Press(Point{1.5, 1.5})
	s.Release()
	wantPicture(t, s.Mask(0), ".1.", ".11", ".1.")
	wantPicture(t, s.Mask(1), "...", "1.1", "...")
}

func TestTakeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	s := newTestSession(9, 7, 1)
	s.Propose(0, s.BeginProposal(), Guess{Prob: randomMap(r, 9, 7)})
	randomHuman(s, r)
	before := allMasks(s)
	s.Do("Try", 0, func(st *Stroke) {
		st.Span(2, 0, 9, 3)
		st.Free(4, 0, 9)
		st.TakeBack()
		sameMasks(t, "taken back", s.Mask, before)
		st.Span(3, 1, 2, 3)
	})
	want := before[0].Clone()
	want.Label[3*9+1], want.Origin[3*9+1] = 3, HumanAdded
	sameMasks(t, "written after that", s.Mask, []*Mask{want})
	s.Undo()
	sameMasks(t, "undone", s.Mask, before)
}

func TestDoIsOneEdit(t *testing.T) {
	s := newTestSession(3, 3, 2)
	if s.Do("Nothing", 0, func(*Stroke) {}) || s.CanUndo() {
		t.Error("what wrote nothing left an edit")
	}
	did := s.Do("Lines", 1, func(st *Stroke) {
		st.Span(0, 0, 3, 1)
		st.On(0).Span(1, 0, 3, 2)
		if st.On(2) != nil || st.On(-1) != nil {
			t.Error("there are slices beyond the series")
		}
	})
	if n, _ := s.History().Len(); !did || n != 1 || s.UndoName() != "Lines" {
		t.Errorf("%d edits, the last named %q", n, s.UndoName())
	}
	wantPicture(t, s.Mask(0), "...", "222", "...")
	wantPicture(t, s.Mask(1), "111", "...", "...")
}

// staged is a session with an open stroke of dots at (0,0) and (2,1).
func staged() *Session {
	s := newTestSession(4, 3, 2)
	s.SetTool(dots{1})
	for _, p := range []Point{{0.5, 0.5}, {2.5, 1.5}} {
		s.Press(p)
		s.Drag(p)
		s.Release()
	}
	return s
}

func TestStagedStroke(t *testing.T) {
	empty := []string{"....", "....", "...."}
	both := []string{"1...", "..1.", "...."}
	cases := []struct {
		name string
		act  func(s *Session)
		open bool
		want []string
	}{
		{"goes on after a release", func(*Session) {}, true, empty},
		{"finished", (*Session).FinishStroke, false, both},
		{"ended by a press on its beginning", func(s *Session) { s.Press(Point{0.7, 0.7}); s.Release() }, false, both},
		{"goes on with a press", func(s *Session) { s.PressOther(Point{3.5, 2.5}); s.Release(); s.FinishStroke() }, false,
			[]string{"1...", "..1.", "...x"}},
		{"cancelled", (*Session).CancelStroke, false, empty},
		{"undone", func(s *Session) { s.Undo() }, false, empty},
		{"redo leaves it", func(s *Session) { s.Redo() }, true, empty},
		{"one step back", func(s *Session) { s.StepBack(); s.FinishStroke() }, false, []string{"1...", "....", "...."}},
		{"two steps back", func(s *Session) { s.StepBack(); s.StepBack() }, false, empty},
		{"kept while another slice is in view", func(s *Session) { s.SetCurrent(1) }, true, empty},
		{"gone on with after another slice", func(s *Session) { s.SetCurrent(1); s.SetCurrent(0); s.Press(Point{3.5, 0.5}); s.FinishStroke() }, false,
			[]string{"1..1", "..1.", "...."}},
		{"finished on its slice by a press on another", func(s *Session) { s.SetCurrent(1); s.Press(Point{1, 1}) }, true, both},
		{"finished by another tool", func(s *Session) { s.SetTool(Brush{Radius: 1, Label: 2}) }, false, both},
		{"follows its tool's settings", func(s *Session) { s.SetActiveLabel(2); s.FinishStroke() }, false, []string{"2...", "..2.", "...."}},
		{"finished by accepting a slice", func(s *Session) { s.Accept(0) }, false, both},
		{"finished by an import", func(s *Session) {
			s.Import(Imported{Name: "Import", Slices: []int{1}, Plane: func(int) []uint8 { return make([]uint8, 12) }})
		}, false, both},
		{"finished by an edit without the pointer", func(s *Session) { s.Do("Dot", 1, func(st *Stroke) { st.Span(0, 0, 1, 3) }) }, false, both},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := staged()
			c.act(s)
			if s.Staging() != c.open || s.Stroking() != c.open {
				t.Errorf("open: %t, want %t", s.Staging(), c.open)
			}
			wantPicture(t, s.Mask(0), c.want...)
			checkHistory(t, s)
			if undos, _ := s.History().Len(); slices.Equal(c.want, empty) && undos != 0 {
				t.Errorf("%d edits of nothing", undos)
			}
			for s.Undo() {
			}
			wantPicture(t, s.Mask(0), empty...)
		})
	}
}

func TestOutlinesAreOfTheSliceInView(t *testing.T) {
	s := staged()
	heard := 0
	s.OnChange(func(c Change) {
		if c.Has(OutlineChanged) {
			heard++
		}
	})
	if len(s.Outlines(Point{})) != 1 {
		t.Error("no outline of the stroke under way")
	}
	s.SetCurrent(1)
	if s.Outlines(Point{}) != nil {
		t.Error("an outline on another slice")
	}
	s.SetCurrent(0)
	s.FinishStroke()
	if s.Outlines(Point{}) != nil || heard == 0 {
		t.Error("the outline stays after the end, or nobody was told")
	}
}

func TestSmoothedStrokeEndsUnderThePointer(t *testing.T) {
	s := newTestSession(30, 5, 1)
	s.SetTool(Brush{Radius: 0.5, Label: 1, Smooth: 6})
	s.Press(Point{2.5, 2.5})
	s.Drag(Point{7.5, 2.5})
	if n := s.Foreground(0); n != 1 {
		t.Errorf("%d pixels painted within the string's length, want the first", n)
	}
	s.Drag(Point{12.5, 4.5})
	s.Drag(Point{12.5, 2.5})
	s.Release()
	m := s.Mask(0)
	if m.Label[2*30+12] == 0 || pieces(m) != 1 {
		t.Errorf("the stroke does not end under the pointer in one piece:\n%s", picture(m))
	}
	for i, l := range m.Label {
		if l != 0 && (i%30 > 12 || i/30 > 3) {
			t.Fatalf("the jerk of the hand is not smoothed:\n%s", picture(m))
		}
	}
}

func TestSquareBrushAgreesWithItsDefinition(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 1))
	for range 150 {
		st := newTestStroke(16, 12)
		at := func() Point { return Point{float64(r.IntN(80))/4 - 2, float64(r.IntN(64))/4 - 2} }
		a, b, radius := at(), at(), 0.5+float64(r.IntN(12))/4
		Brush{Radius: radius, Label: 1, Square: true}.Drag(st, a, b)
		for y := range 12 {
			for x := range 16 {
				got := st.Mask().Label[y*16+x] != 0
				p := Point{float64(x) + 0.5, float64(y) + 0.5}
				want, edge := squareReaches(a, b, p, radius)
				under := pixelAt(a) == pixelAt(p) || pixelAt(b) == pixelAt(p)
				if !edge && got != (want || under) {
					t.Fatalf("square of %g from %v to %v at (%d,%d): %t\n%s", radius, a, b, x, y, got, picture(st.Mask()))
				}
			}
		}
	}
}

// squareReaches tells by small steps whether a square on its way from a to b
// covers p; edge is set where rounding could decide.
func squareReaches(a, b, p Point, radius float64) (in, edge bool) {
	least := 1e9
	for i := range 801 {
		t := float64(i) / 800
		x, y := a.X+t*(b.X-a.X), a.Y+t*(b.Y-a.Y)
		least = min(least, max(abs(p.X-x), abs(p.Y-y)))
	}
	return least <= radius, abs(least-radius) < 0.03
}

func abs(v float64) float64 { return max(v, -v) }
