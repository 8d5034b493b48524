package annotate

import (
	"math"
	"math/rand/v2"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/fuzzlimit"
)

// newBallSession is a session on two slices with a disc of ground glass, of a
// radius around the middle, in lung with noise.
func newBallSession(size int, radius float64) *Session {
	r := rand.New(rand.NewPCG(2, 2))
	sl := &ct.Slice{W: size, H: size, HU: make([]int16, size*size)}
	for i := range sl.HU {
		sl.HU[i] = int16(-850 + r.NormFloat64()*15)
		if math.Hypot(float64(i%size)+0.5-float64(size)/2, float64(i/size)+0.5-float64(size)/2) < radius {
			sl.HU[i] += 220
		}
	}
	meta := ct.Series{Rows: size, Columns: size, Sources: make([]ct.Source, 2)}
	return NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) { return sl, nil }))
}

// overlap is the Dice of a mask with the disc.
func overlap(m *Mask, radius float64) float64 {
	both, sum := 0, 0
	for i, l := range m.Label {
		in := math.Hypot(float64(i%m.W)+0.5-float64(m.W)/2, float64(i/m.W)+0.5-float64(m.H)/2) < radius
		sum += m2i(in) + m2i(l != 0)
		both += m2i(in && l != 0)
	}
	return 2 * float64(both) / float64(sum)
}

func TestLivewire(t *testing.T) {
	around := []Point{{12, 33}, {31, 13}, {53, 30}, {33, 52}}
	s := newBallSession(64, 20)
	s.SetTool(Livewire{Label: 1})
	s.SetReach(4)
	for i, p := range around {
		s.Press(p)
		s.Drag(Point{p.X + 9, p.Y})
		s.Release()
		if !s.Staging() || s.Foreground(0) != 0 {
			t.Fatalf("after %d presses: open %t, %d pixels", i+1, s.Staging(), s.Foreground(0))
		}
	}
	line := s.Outlines(Point{20, 44})
	if len(line) != 1 || len(line[0].Knots) != 4 || len(line[0].Points) < 100 {
		t.Fatalf("shows %d lines", len(line))
	}
	s.StepBack()
	if line := s.Outlines(Point{20, 44}); len(line[0].Knots) != 3 {
		t.Errorf("a step back leaves %d knots", len(line[0].Knots))
	}
	s.Press(around[3])
	s.Release()
	s.Press(Point{around[0].X + 1, around[0].Y})
	s.Release()
	if s.Staging() {
		t.Fatal("the press on the first knot did not end it")
	}
	if d := overlap(s.Mask(0), 20); d < 0.95 {
		t.Errorf("Dice %.3f", d)
	}
	if n, _ := s.History().Len(); n != 1 {
		t.Errorf("%d edits", n)
	}
	closed := s.Mask(0).Clone()
	s.Undo()
	for _, p := range around {
		s.Press(p)
		s.Release()
	}
	s.FinishStroke()
	sameMasks(t, "closed by its end", s.Mask, []*Mask{closed})
}

func TestLivewireErases(t *testing.T) {
	s := newBallSession(64, 20)
	click(s, Brush{Radius: 50, Label: 2}, 32, 32, false)
	s.SetTool(Livewire{Label: 1})
	for i, p := range []Point{{12, 33}, {31, 13}, {53, 30}, {33, 52}} {
		s.press(p, i == 0)
		s.Release()
	}
	s.FinishStroke()
	m := s.Mask(0)
	for i := range m.Label {
		m.Label[i] = 2 - m.Label[i]
	}
	if d := overlap(m, 20); d < 0.95 {
		t.Errorf("Dice of what was erased %.3f", d)
	}
}

// scribble draws a line inside and one outside.
func scribble(s *Session) {
	s.SetTool(Scribble{Label: 1, Radius: 1})
	s.Press(Point{24, 30})
	s.Drag(Point{40, 36})
	s.Release()
	s.PressOther(Point{4, 6})
	s.Drag(Point{60, 8})
	s.Release()
}

func TestScribble(t *testing.T) {
	s := newBallSession(64, 20)
	scribble(s)
	if s.Foreground(0) != 0 || len(s.Outlines(Point{})) != 2 || !s.Outlines(Point{})[1].Cut {
		t.Fatal("hints are not shown, or more")
	}
	work := s.Scribbling()
	work.Do()
	if !s.TakeScribbling(work) || s.Scribbling() != nil {
		t.Fatal("the work was not taken")
	}
	if lines := s.Outlines(Point{}); len(lines) != 3 || lines[2].Points[0] != lines[2].Points[len(lines[2].Points)-1] {
		t.Errorf("shows %d lines", len(lines))
	}
	s.FinishStroke()
	if d := overlap(s.Mask(0), 20); d < 0.95 {
		t.Errorf("Dice %.3f", d)
	}
	if n, _ := s.History().Len(); n != 1 {
		t.Errorf("%d edits", n)
	}
	found := s.Mask(0).Clone()
	s.Undo()
	scribble(s)
	s.FinishStroke() // before any work is done
	sameMasks(t, "without the work", s.Mask, []*Mask{found})
}

func TestScribblingOutOfDate(t *testing.T) {
	s := newBallSession(64, 20)
	scribble(s)
	late := s.Scribbling()
	late.Do()
	s.StepBack()
	if !s.TakeScribbling(late) || s.Scribbling() == nil {
		t.Error("an older finding is not shown, or passes for the newest")
	}
	s.CancelStroke()
	if s.TakeScribbling(late) || s.CanUndo() || s.Scribbling() != nil {
		t.Error("a cancelled gesture goes on")
	}
	scribble(s)
	if s.TakeScribbling(late) {
		t.Error("work of another gesture was taken")
	}
	s.SetCurrent(1)
	s.Press(Point{9, 9}) // elsewhere: what was hinted at here is kept
	if d := overlap(s.Mask(0), 20); d < 0.95 {
		t.Errorf("Dice after leaving the slice %.3f", d)
	}
}

// Whatever the hints and knots are, staged tools neither panic nor cross a lock.
func FuzzStagedRegionTools(f *testing.F) {
	f.Add([]byte{1, 8, 8, 0, 20, 9, 1, 12, 20, 0, 8, 8, 3, 0, 0}, true)
	f.Add([]byte{0, 255, 0, 0, 0, 255, 2, 1, 1}, false)
	f.Fuzz(func(t *testing.T, moves []byte, wire bool) {
		defer fuzzlimit.Start()()
		s := newBallSession(24, 7)
		lock(s, 9)
		var tool Tool = Scribble{Label: 2, Radius: 1, Model: true}
		if wire {
			tool = Livewire{Label: 2}
		}
		s.SetTool(tool)
		for ; len(moves) >= 3; moves = moves[3:] {
			p := Point{float64(moves[1])/4 - 16, float64(moves[2])/4 - 16}
			switch moves[0] % 8 {
			case 0, 1, 2:
				s.press(p, moves[0]%2 == 1)
			case 3:
				s.Drag(p)
			case 4:
				s.Release()
			case 5:
				s.StepBack()
			case 6:
				s.FinishStroke()
			case 7:
				if w := s.Scribbling(); w != nil {
					w.Do()
					s.TakeScribbling(w)
				}
			}
			s.Outlines(p)
		}
		s.FinishStroke()
		m := s.Mask(0)
		for y := range m.H {
			if m.Label[y*m.W+9] != 0 {
				t.Fatal("wrote into a lock")
			}
		}
		for s.Undo() {
		}
		if s.Foreground(0) != 0 {
			t.Error("undone, pixels are left")
		}
	})
}
