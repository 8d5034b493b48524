package annotate

import (
	"image"
	"math"
	"slices"
	"testing"
)

// dot clicks a one-pixel tool at column x, row y.
func dot(s *Session, t Tool, x, y int) {
	s.SetTool(t)
	s.Press(Point{float64(x) + 0.5, float64(y) + 0.5})
	s.Release()
}

var (
	paint = Brush{Radius: 0.5, Label: 1}
	wipe  = Eraser{Radius: 0.5}
)

func TestHumanPixelsOutlastThresholdAndProposals(t *testing.T) {
	s := newTestSession(4, 1, 1)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{10, 100, 200, 255}})
	s.SetThreshold(0.3)
	wantPicture(t, s.Mask(0), ".mmm")
	dot(s, paint, 0, 0)
	dot(s, wipe, 3, 0)
	wantPicture(t, s.Mask(0), "1mmx")
	s.SetThreshold(0.5)
	wantPicture(t, s.Mask(0), "1.mx")
	s.SetThreshold(0)
	wantPicture(t, s.Mask(0), "1mmx")
	s.SetThreshold(1)
	wantPicture(t, s.Mask(0), "1..x")
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{255, 255, 0, 255}})
	wantPicture(t, s.Mask(0), "1m.x")
}

func TestUndoShowsWhatTheModelSaysNow(t *testing.T) {
	s := newTestSession(3, 1, 1)
	dot(s, wipe, 1, 0)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{100, 100, 100}})
	wantPicture(t, s.Mask(0), "mxm")
	s.Undo() // the proposal
	s.Undo() // the eraser
	wantPicture(t, s.Mask(0), "...")
	s.Redo()
	s.Redo()
	wantPicture(t, s.Mask(0), "mxm")
}

func TestProposalIsOneEdit(t *testing.T) {
	s := newTestSession(2, 2, 5)
	g := s.BeginProposal()
	for i := range 5 {
		if !s.Propose(i, g, Guess{Prob: filled(2, 2, 255)}) {
			t.Fatalf("slice %d was refused", i)
		}
	}
	if n, _ := s.History().Len(); n != 1 || s.UndoName() != "Proposal" {
		t.Fatalf("%d edits, the last %q", n, s.UndoName())
	}
	s.Undo()
	for i := range 5 {
		if s.Probability(i) != nil || s.Foreground(i) != 0 || s.Status(i) != New {
			t.Errorf("slice %d still has its proposal", i)
		}
	}
	s.Redo()
	for i := range 5 {
		if s.Foreground(i) != 4 || s.Status(i) != Proposed {
			t.Errorf("slice %d lacks its proposal", i)
		}
	}
}

func TestStaleAndMisfittingProposalsAreRefused(t *testing.T) {
	s := newTestSession(2, 2, 3)
	if s.Propose(0, 0, Guess{Prob: filled(2, 2, 9)}) {
		t.Error("a map was taken before any proposal began")
	}
	old := s.BeginProposal()
	s.Propose(0, old, Guess{Prob: filled(2, 2, 9)})
	g := s.BeginProposal()
	for name, ok := range map[string]bool{
		"old generation": s.Propose(1, old, Guess{Prob: filled(2, 2, 9)}),
		"wrong size":     s.Propose(1, g, Guess{Prob: filled(3, 2, 9)}),
		"no such slice":  s.Propose(3, g, Guess{Prob: filled(2, 2, 9)}),
	} {
		if ok {
			t.Errorf("%s: taken", name)
		}
	}
	s.Propose(1, g, Guess{Prob: filled(2, 2, 9)})
	s.Undo()
	if s.Propose(2, g, Guess{Prob: filled(2, 2, 9)}) {
		t.Error("an undone proposal went on")
	}
}

func TestArrivingProposalKeepsRedo(t *testing.T) {
	s := newTestSession(3, 1, 1)
	dot(s, paint, 0, 0)
	dot(s, paint, 2, 0)
	s.Undo()
	s.Propose(0, s.BeginProposal(), Guess{Prob: filled(3, 1, 255)})
	if !s.Redo() {
		t.Fatal("the proposal took redo away")
	}
	wantPicture(t, s.Mask(0), "1m1")
	for s.Undo() {
	}
	wantPicture(t, s.Mask(0), "...")
}

func TestProposalTakesItsPlaceInTime(t *testing.T) {
	s := newTestSession(3, 1, 2)
	g := s.BeginProposal()
	dot(s, paint, 0, 0)
	s.Propose(0, g, Guess{Prob: filled(3, 1, 255)})
	if s.UndoName() != "Brush" {
		t.Errorf("undo takes back %q, not the brush that came later", s.UndoName())
	}
}

func TestEmptyGesturesLeaveNoTrace(t *testing.T) {
	s := newTestSession(4, 4, 1)
	dot(s, paint, 1, 1)
	dot(s, paint, 2, 2)
	s.Undo()
	for name, act := range map[string]func(){
		"click on the same label": func() { dot(s, paint, 1, 1) },
		"click outside":           func() { dot(s, paint, 9, 9) },
		"no tool":                 func() { dot(s, nil, 3, 3) },
		"not a number": func() {
			s.SetTool(paint)
			s.Press(Point{math.NaN(), 1})
			s.Drag(Point{3, 3})
			s.Release()
		},
		"release twice": func() { s.Release(); s.Release() },
		"cancelled": func() {
			s.SetTool(paint)
			s.Press(Point{3, 3})
			s.CancelStroke()
		},
		"drag without press": func() { s.Drag(Point{3, 3}) },
		"same threshold":     func() { s.SetThreshold(s.Threshold()) },
		"threshold NaN":      func() { s.SetThreshold(math.NaN()) },
		"reopen a new slice": func() { s.Reopen(0) },
	} {
		act()
		if undo, redo := s.History().Len(); undo != 1 || redo != 1 {
			t.Fatalf("%s: %d to undo, %d to redo", name, undo, redo)
		}
	}
	wantPicture(t, s.Mask(0), "....", ".1..", "....", "....")
}

func TestThresholdMovesMerge(t *testing.T) {
	s := newTestSession(2, 2, 1)
	for _, v := range []float64{0.31, 0.35, 0.4, 0.5} {
		s.SetThreshold(v)
	}
	if n, _ := s.History().Len(); n != 1 {
		t.Errorf("%d entries for one slide", n)
	}
	s.Undo()
	if s.Threshold() != DefaultThreshold {
		t.Errorf("undo gave threshold %v", s.Threshold())
	}
	s.Redo()
	s.SetThreshold(0.6) // after redo a new entry begins
	if n, _ := s.History().Len(); n != 2 || s.Threshold() != 0.6 {
		t.Errorf("%d entries at %v", n, s.Threshold())
	}
	s.SetThreshold(0.5) // back to where the entry began
	if n, _ := s.History().Len(); n != 1 {
		t.Errorf("%d entries after sliding back", n)
	}
	s.SetThreshold(7)
	if s.Threshold() != 1 {
		t.Errorf("threshold %v is not clipped", s.Threshold())
	}
}

func TestCutOf(t *testing.T) {
	for _, c := range []struct {
		t    float64
		want uint8
	}{{0, 1}, {0.001, 1}, {0.3, 77}, {0.5, 128}, {1, 255}} {
		if got := cutOf(c.t); got != c.want {
			t.Errorf("cutOf(%v) = %d, want %d", c.t, got, c.want)
		}
	}
	for k := 1; k <= 255; k++ {
		if got := cutOf(float64(k) / 255); int(got) != k {
			t.Errorf("cutOf(%d/255) = %d", k, got)
		}
	}
}

func TestUndoGoesToItsSlice(t *testing.T) {
	s := newTestSession(4, 4, 9)
	s.SetCurrent(2)
	dot(s, paint, 1, 1)
	s.SetCurrent(7)
	var seen []Change
	s.OnChange(func(c Change) { seen = append(seen, c) })
	s.Undo()
	if s.Current() != 2 {
		t.Errorf("in view is slice %d", s.Current())
	}
	var moved, painted bool
	for _, c := range seen {
		moved = moved || c.Has(Current) && c.Slice == 2
		painted = painted || c.Has(Pixels) && c.Slice == 2 && c.Rect == image.Rect(1, 1, 2, 2)
	}
	if !moved || !painted {
		t.Errorf("changes told: %+v", seen)
	}
}

func TestStrokeTellsWhatItWrote(t *testing.T) {
	s := newTestSession(20, 20, 1)
	var got image.Rectangle
	s.OnChange(func(c Change) {
		if c.Has(Pixels) {
			got = c.Rect
		}
	})
	s.SetTool(Brush{Radius: 1.5, Label: 1})
	s.Press(Point{5.5, 5.5})
	if want := image.Rect(4, 4, 7, 7); got != want {
		t.Errorf("press told %v, want %v", got, want)
	}
	s.Drag(Point{9.5, 5.5})
	if want := image.Rect(7, 4, 11, 7); got != want {
		t.Errorf("drag told %v, want the new pixels %v", got, want)
	}
}

func TestStatus(t *testing.T) {
	s := newTestSession(2, 1, 1)
	want := func(w Status) {
		t.Helper()
		if got := s.Status(0); got != w {
			t.Errorf("status is %v, want %v", got, w)
		}
	}
	want(New)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{0, 255}})
	want(Proposed)
	dot(s, paint, 0, 0)
	want(InWork)
	s.Accept(0)
	want(Accepted)
	s.Undo()
	want(InWork)
	s.Undo()
	want(Proposed)
	s.Undo()
	want(New)
}

func TestAcceptedSliceKeepsItsPixels(t *testing.T) {
	s := newTestSession(4, 1, 2)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{10, 100, 200, 0}})
	s.Accept(0)
	s.SetThreshold(0.6)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{255, 0, 0, 0}})
	wantPicture(t, s.Mask(0), ".mm.")
	if s.SliceThreshold(0) != DefaultThreshold || s.SliceThreshold(1) != 0.6 || s.Foreground(0) != 2 {
		t.Error("the accepted slice lost its own threshold")
	}
	dot(s, wipe, 1, 0)
	wantPicture(t, s.Mask(0), ".xm.")
	if s.Status(0) != Accepted {
		t.Error("a correction took the acceptance away")
	}
	s.Reopen(0)
	wantPicture(t, s.Mask(0), "mx..")
	s.Undo()
	wantPicture(t, s.Mask(0), ".xm.")
	for s.Undo() {
	}
	wantPicture(t, s.Mask(0), "....")
	for s.Redo() {
	}
	wantPicture(t, s.Mask(0), "mx..")
}

func TestDirtyIsAnIdentity(t *testing.T) {
	s := newTestSession(4, 4, 2)
	want := func(w bool, when string) {
		t.Helper()
		if s.Dirty() != w {
			t.Errorf("%s: dirty is %v", when, s.Dirty())
		}
	}
	want(false, "new")
	s.Propose(0, s.BeginProposal(), Guess{Prob: filled(4, 4, 255)})
	want(false, "proposed")
	dot(s, paint, 0, 0)
	want(true, "painted")
	s.MarkExported()
	want(false, "exported")
	s.Undo()
	want(true, "undone past the export")
	dot(s, paint, 1, 1)
	want(true, "another stroke in its place")
	s.Undo()
	want(true, "the export's state is gone")
	dot(s, paint, 2, 2)
	s.MarkExported()
	s.Propose(1, s.BeginProposal(), Guess{Prob: filled(4, 4, 255)})
	want(false, "a proposal after the export")
	s.Undo()
	s.Undo()
	s.Redo()
	want(false, "back at the export")
	dot(s, paint, 3, 3)
	shot := s.Snapshot()
	dot(s, paint, 3, 0)
	s.MarkSnapshotExported(shot)
	want(true, "painted while exporting")
	s.Undo()
	want(false, "back at the snapshot")
	s.SetThreshold(0.5)
	want(true, "the threshold moved after an export")
	s.SetThreshold(DefaultThreshold)
	want(false, "the threshold moved back")
	s.SetThreshold(0.5)
	s.SetThreshold(0.6)
	s.MarkExported()
	s.SetThreshold(0.7)
	want(true, "the threshold moved on after an export")
	shot = s.Snapshot()
	s.SetThreshold(0.8)
	s.MarkSnapshotExported(shot)
	want(true, "the threshold moved on while exporting")
}

// TestUnsavedSlices: undoing a slice's strokes takes it off the list.
func TestUnsavedSlices(t *testing.T) {
	s := newTestSession(4, 4, 3)
	paint := Brush{Radius: 0.5, Label: 1}
	want := func(when string, list ...int) {
		t.Helper()
		if got := s.Unsaved(); !slices.Equal(got, list) {
			t.Errorf("%s: %v, want %v", when, got, list)
		}
	}
	s.SetThreshold(0.4)
	if s.Dirty() {
		t.Error("a threshold moved before anything else is work")
	}
	dot(s, paint, 0, 0)
	s.SetCurrent(2)
	dot(s, paint, 1, 1)
	want("two slices painted", 0, 2)
	s.Undo()
	want("one undone", 0)
	s.MarkExported()
	want("exported")
	s.Redo()
	want("redone after the export", 2)
	s.SetHistoryLimit(1)
	want("old edits dropped", 2)
	s.MarkExported()
	want("exported again")
}

func TestLimitsHoldForStrokes(t *testing.T) {
	s := newTestSession(4, 1, 1)
	dot(s, Brush{Radius: 0.5, Label: 2}, 1, 0)
	lockLabel(t, s, 2)
	onlyIn(s, func(_, x, _ int) bool { return x < 3 })
	s.SetTool(Brush{Radius: 9, Label: 1})
	s.Press(Point{2, 0.5})
	s.Release()
	wantPicture(t, s.Mask(0), "121.")
}

func TestFreeGivesPixelsBack(t *testing.T) {
	s := newTestSession(4, 1, 1)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{0, 255, 255, 0}})
	s.SetTool(restorer{})
	dot(s, Eraser{Radius: 9}, 2, 0)
	wantPicture(t, s.Mask(0), "xxxx")
	dot(s, restorer{}, 0, 0)
	wantPicture(t, s.Mask(0), ".mm.")
	s.Undo()
	wantPicture(t, s.Mask(0), "xxxx")
}

// restorer is a tool from outside: it frees whole rows.
type restorer struct{}

func (restorer) Press(s *Stroke, p Point)       { s.Free(int(p.Y), 0, s.Bounds().Max.X) }
func (restorer) Drag(s *Stroke, from, to Point) {}

func TestScrollingEndsTheStroke(t *testing.T) {
	s := newTestSession(4, 1, 2)
	s.SetTool(paint)
	s.Press(Point{0.5, 0.5})
	s.Step(1)
	s.Drag(Point{3.5, 0.5})
	s.Release()
	wantPicture(t, s.Mask(0), "1...")
	wantPicture(t, s.Mask(1), "....")
	if s.Stroking() {
		t.Error("the stroke goes on")
	}
}

func TestChangesDuringAStroke(t *testing.T) {
	s := newTestSession(4, 1, 1)
	s.SetTool(paint)
	s.Press(Point{0.5, 0.5})
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{200, 200, 100, 200}})
	s.SetThreshold(0.5)
	s.Drag(Point{1.5, 0.5})
	wantPicture(t, s.Mask(0), "11.m")
	s.Undo() // cancels the stroke
	wantPicture(t, s.Mask(0), "mm.m")
}

func TestBrushTakesTheActiveLabel(t *testing.T) {
	s := newTestSession(2, 1, 1)
	s.SetTool(Brush{Radius: 3, Label: s.ActiveLabel()})
	s.SetActiveLabel(2)
	if b := s.Tool().(Brush); b.Label != 2 || b.Radius != 3 {
		t.Errorf("the brush is %+v", b)
	}
	s.SetActiveLabel(77)
	if s.ActiveLabel() != 2 {
		t.Error("a label outside the table became active")
	}
}

func TestEmptySeries(t *testing.T) {
	s := newTestSession(0, 0, 0)
	s.Press(Point{})
	s.Drag(Point{})
	s.Release()
	s.Step(3)
	s.Accept(0)
	s.SetThreshold(0.9)
	if s.Current() != 0 || s.Mask(0) != nil || s.Foreground(0) != 0 || s.Status(5) != New {
		t.Error("an empty series has something in it")
	}
}
