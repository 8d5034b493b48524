package annotate

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// drawnHU are the HU that a letter of a drawn slice stands for.
var drawnHU = map[byte]int16{'.': -850, 'g': -650, 'h': -600, 'v': 40}

// newDrawnSession is a session on n slices alike, a letter a pixel.
func newDrawnSession(n int, rows ...string) *Session {
	w, h := len(rows[0]), len(rows)
	meta := ct.Series{Rows: h, Columns: w, Sources: make([]ct.Source, n)}
	for i := range meta.Sources {
		meta.Sources[i].File = fmt.Sprintf("slice%03d.dcm", i)
	}
	s := &ct.Slice{W: w, H: h}
	for _, r := range rows {
		for i := range r {
			s.HU = append(s.HU, drawnHU[r[i]])
		}
	}
	return NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) { return s, nil }))
}

// click presses and releases a tool.
func click(s *Session, t Tool, x, y float64, other bool) {
	s.SetTool(t)
	s.press(Point{x, y}, other)
	s.Release()
}

// lock lets nothing be painted in a column.
func lock(s *Session, column int) {
	onlyIn(s, func(_, x, _ int) bool { return x != column })
}

var oneLesion = []string{
	"..........",
	"..ggg.gg..",
	"..gvgggg..",
	"..ggg.....",
	"..........",
}

func TestRegionTools(t *testing.T) {
	wand := Wand{Label: 1, Tolerance: 60}
	holes := Wand{Label: 1, Tolerance: 60, Holes: 1}
	grow := Grow{Label: 2, Low: -700, High: -500}
	for _, c := range []struct {
		name string
		act  func(s *Session)
		want []string
	}{
		{"wand", func(s *Session) { click(s, wand, 2.5, 1.5, false) },
			[]string{"..........", "..111.11..", "..1.1111..", "..111.....", ".........."}},
		{"wand with its holes", func(s *Session) { click(s, holes, 2.5, 1.5, false) },
			[]string{"..........", "..111.11..", "..111111..", "..111.....", ".........."}},
		{"wand within a radius", func(s *Session) { w := wand; w.Radius = 2; click(s, w, 2.5, 1.5, false) },
			[]string{"..........", "..111.....", "..1.......", "..1.......", ".........."}},
		{"wand stops at a lock", func(s *Session) { lock(s, 4); click(s, wand, 2.5, 1.5, false) },
			[]string{"..........", "..11......", "..1.......", "..11......", ".........."}},
		{"wand on a lock", func(s *Session) { lock(s, 2); click(s, wand, 2.5, 1.5, false) },
			[]string{"..........", "..........", "..........", "..........", ".........."}},
		{"wand outside", func(s *Session) { click(s, wand, -3, 1.5, false) },
			[]string{"..........", "..........", "..........", "..........", ".........."}},
		{"wand erases what is labelled", func(s *Session) {
			click(s, Brush{Radius: 1.1, Label: 3}, 4.5, 2.5, false)
			click(s, wand, 2.5, 1.5, true)
		},
			[]string{"..........", "....x.....", "...3xx....", "....x.....", ".........."}},
		{"grow", func(s *Session) { click(s, grow, 6.5, 2.5, false) },
			[]string{"..........", "..222.22..", "..2.2222..", "..222.....", ".........."}},
		{"grow within a radius", func(s *Session) { g := grow; g.Radius = 2; click(s, g, 6.5, 2.5, false) },
			[]string{"..........", "......22..", "....2222..", "..........", ".........."}},
		{"grow from what is not within the limits", func(s *Session) { click(s, grow, 3.5, 2.5, false) },
			[]string{"..........", "..........", "..........", "..........", ".........."}},
		{"fill a hole", func(s *Session) { click(s, wand, 2.5, 1.5, false); click(s, Fill{2}, 3.5, 2.5, false) },
			[]string{"..........", "..111.11..", "..121111..", "..111.....", ".........."}},
		{"fill gives a region another label", func(s *Session) { click(s, wand, 2.5, 1.5, false); click(s, Fill{2}, 2.5, 2.5, false) },
			[]string{"..........", "..222.22..", "..2.2222..", "..222.....", ".........."}},
		{"fill erases a region", func(s *Session) { click(s, wand, 2.5, 1.5, false); click(s, Fill{2}, 2.5, 2.5, true) },
			[]string{"..........", "..xxx.xx..", "..x.xxxx..", "..xxx.....", ".........."}},
		{"fill leaves the open ground", func(s *Session) {
			click(s, wand, 2.5, 1.5, false)
			click(s, Fill{2}, 0.5, 0.5, false)
			click(s, Fill{2}, 0.5, 0.5, true)
		},
			[]string{"..........", "..111.11..", "..1.1111..", "..111.....", ".........."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newDrawnSession(1, oneLesion...)
			c.act(s)
			wantPicture(t, s.Mask(0), c.want...)
			for s.Undo() {
			}
			if n := s.Foreground(0); n != 0 {
				t.Errorf("undone, %d pixels are left", n)
			}
		})
	}
}

// Dragged to the right, the wand takes more, and back again less.
// What may not be painted is no way to beyond it.
func TestRegionToolsStopAtLimits(t *testing.T) {
	wand := Wand{Label: 1, Tolerance: 1000}
	for name, c := range map[string]struct {
		limit func(s *Session)
		tool  Tool
		want  string
	}{
		"none":              {func(*Session) {}, wand, "111111111"},
		"a locked label":    {func(s *Session) { lockLabel(t, s, 2) }, wand, "11112...."},
		"a hidden label":    {func(s *Session) { s.SetLabelLook(2, Look{Hidden: true, Opacity: 1}) }, Grow{Label: 1, Low: -1000, High: 1000}, "11112...."},
		"over nothing":      {func(s *Session) { s.SetPaintRule(PaintRule{Over: OverNothing}) }, wand, "11112...."},
		"the end of a lung": {func(s *Session) { s.SetPaintRule(PaintRule{Lungs: true}) }, Grow{Label: 1, Low: -1000, High: 1000}, "111.2...."},
	} {
		s := newTestSession(9, 1, 1)
		s.SetLungs(func(int) []uint8 { return []uint8{1, 1, 1, 0, 0, 0, 1, 1, 1} })
		dot(s, Brush{Radius: 0.5, Label: 2}, 4, 0)
		c.limit(s)
		click(s, c.tool, 1.5, 0.5, false)
		if got := strings.TrimSpace(picture(s.Mask(0))); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestWandDragged(t *testing.T) {
	s := newDrawnSession(1, ".gghhv.")
	s.SetReach(2)
	s.SetTool(Wand{Label: 1, Tolerance: 20})
	s.Press(Point{1.5, 0.5})
	for _, c := range []struct {
		x    float64
		want string
	}{
		{3, ".11...."},   // within the hand's reach
		{9.5, ".1111.."}, // 3 reaches more: 50 HU
		{50, "11111.."},  // 232 HU
		{-10, ".11...."}, // none
		{1.5, ".11...."},
	} {
		s.Drag(Point{c.x, 0.5})
		wantPicture(t, s.Mask(0), c.want)
	}
	s.Release()
	if n, _ := s.History().Len(); n != 1 {
		t.Errorf("%d edits", n)
	}
}

func TestGrowthThroughTheVolume(t *testing.T) {
	tool := Grow{Label: 2, Low: -700, High: -500, Volume: true}
	s := newDrawnSession(20, oneLesion...)
	s.SetCurrent(9)
	onlyIn(s, func(slice, _, _ int) bool { return slice != 12 })
	g := s.Growth(tool, Point{2.5, 1.5}, false)
	steps := 0
	for {
		slice, more := g.Next()
		if !more {
			break
		}
		if slice < 0 || slice >= 20 {
			t.Fatalf("to do slice %d", slice)
		}
		if err := g.Step(); err != nil {
			t.Fatal(err)
		}
		steps++
	}
	if n, full := g.Finish(); n != 12*13 || full {
		t.Errorf("found %d voxels, full %t", n, full)
	}
	for i := range 20 {
		if want := 13 * m2i(i < 12); s.Foreground(i) != want {
			t.Errorf("slice %d has %d pixels, want %d", i, s.Foreground(i), want)
		}
	}
	if done, _ := s.History().Len(); done != 1 || steps > 40 {
		t.Errorf("%d edits in %d steps", done, steps)
	}
	if n, _ := g.Finish(); n != 0 {
		t.Error("finished twice")
	}
	grown := allMasks(s)
	s.Undo()
	click(s, tool, 2.5, 1.5, false)
	sameMasks(t, "by a press", s.Mask, grown)
	tool.Most = 0.03
	s.Undo()
	g = s.Growth(tool, Point{2.5, 1.5}, false)
	for _, more := g.Next(); more; _, more = g.Next() {
		if err := g.Step(); err != nil {
			t.Fatal(err)
		}
	}
	if n, full := g.Finish(); !full || n < 30 || n > 40 {
		t.Errorf("stopped at %d voxels, full %t", n, full)
	}
}

func TestGrowthTellsUnreadableSlices(t *testing.T) {
	bad := errors.New("no such file")
	meta := ct.Series{Rows: 2, Columns: 2, Sources: make([]ct.Source, 3)}
	s := NewSession(ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		if i == 1 {
			return nil, bad
		}
		return &ct.Slice{W: 2, H: 2, HU: make([]int16, 4)}, nil
	}))
	tool := Grow{Label: 1, Low: -10, High: 10, Volume: true}
	g := s.Growth(tool, Point{0.5, 0.5}, false)
	if err := g.Step(); err != nil {
		t.Fatal(err)
	}
	if err := g.Step(); !errors.Is(err, bad) {
		t.Errorf("an unreadable slice gave %v", err)
	}
	click(s, tool, 0.5, 0.5, false)
	if s.CanUndo() {
		t.Error("half a region was painted")
	}
}

func TestEdgeBrush(t *testing.T) {
	s := newDrawnSession(1,
		"............",
		".ggggggg....",
		".ggggggg....",
		".ggggvgg....",
		".ggggggg....",
		".ggggggg....",
		"............",
	)
	brush := EdgeBrush{Label: 1, Radius: 3.2, Step: 100}
	s.SetTool(brush)
	s.Press(Point{4.5, 3.5})
	s.Drag(Point{6, 3.5})
	s.Drag(Point{10.5, 3.5}) // beyond the border it does not paint
	s.Release()
	wantPicture(t, s.Mask(0),
		"............",
		"..11111.....",
		".1111111....",
		".1111111....",
		".1111111....",
		"..11111.....",
		"............")
	s.Do("Line", 0, func(st *Stroke) { st.Span(3, 5, 6, 2) })
	lockLabel(t, s, 2)
	click(s, brush, 4.5, 3.5, true)
	if m := s.Mask(0); m.Label[3*12+5] != 2 || m.Label[3*12+4] != 0 {
		t.Errorf("erasing left\n%s", picture(m))
	}
}

// Told to heed the model, wand and edge brush leave out what it finds nothing at,
// as far as it agrees with the press.
func TestRegionToolsHeedTheModel(t *testing.T) {
	noise := func(i int) int16 { return int16(i*7919%37) - 18 }
	const w = 40
	meta := ct.Series{Rows: w, Columns: w, Sources: make([]ct.Source, 1)}
	slice, prob := &ct.Slice{W: w, H: w, HU: make([]int16, w*w)}, make([]uint8, w*w)
	for i := range slice.HU {
		slice.HU[i] = -600 + noise(i)
		if i%w < 20 {
			prob[i] = 250
		}
	}
	for _, tool := range []func(heed bool) Tool{
		func(heed bool) Tool { return Wand{Label: 2, Tolerance: 150, Denoise: true, Radius: 14, Model: heed} },
		func(heed bool) Tool { return EdgeBrush{Label: 2, Radius: 14, Step: 150, Model: heed} },
	} {
		for _, heed := range []bool{false, true} {
			s := NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) { return slice, nil }))
			s.SetThreshold(1)
			s.Propose(0, s.BeginProposal(), Guess{Prob: prob})
			click(s, tool(heed), 14.5, 20.5, false)
			label := s.Mask(0).Label[20*w:]
			if label[15] != 2 || (label[26] == 2) == heed {
				t.Errorf("%s, heeding %t: row %v", toolName(tool(heed)), heed, label[:w])
			}
		}
	}
}
