package annotate

import (
	"math"
	"slices"
	"testing"
)

// pairs is a Connector that proposes a pixel only where its left neighbour would
// be, too. A draft proposes what the threshold does.
func pairs(prob []uint8, cut uint8, c Connectivity, draft bool) []uint8 {
	out := slices.Clone(prob)
	for i := 1; i < len(out) && c.TV > 0 && !draft; i++ {
		if prob[i-1] < cut {
			out[i] = min(out[i], cut-1)
		}
	}
	return out
}

// newJoiningSession is a session of one slice, proposed, with a Connector.
func newJoiningSession(prob ...uint8) *Session {
	s := newTestSession(len(prob), 1, 1)
	s.SetConnector(pairs)
	s.connectivity = Connectivity{}
	s.Propose(0, s.BeginProposal(), Guess{Prob: prob})
	return s
}

func TestHumanPixelsOutlastConnectivity(t *testing.T) {
	s := newJoiningSession(200, 200, 0, 200, 0, 0, 90, 200, 200)
	wantPicture(t, s.Mask(0), "mm.m..mmm")
	s.SetConnectivity(Connectivity{TV: 1})
	wantPicture(t, s.Mask(0), "mm.....mm")
	dot(s, paint, 3, 0)
	dot(s, wipe, 8, 0)
	wantPicture(t, s.Mask(0), "mm.1...mx")
	s.SetThreshold(0.5)
	wantPicture(t, s.Mask(0), "mm.1....x")
	s.SetConnectivity(Connectivity{})
	wantPicture(t, s.Mask(0), "mm.1...mx")
	if s.Foreground(0) != 4 {
		t.Errorf("%d pixels are counted", s.Foreground(0))
	}
	for _, want := range []string{"mm.1....x", "mm.1...mx", "mm.1...mm", "mm.....mm", "mm.m..mmm"} {
		s.Undo()
		wantPicture(t, s.Mask(0), want)
	}
}

// Strokes and undo look at the connected proposal, not at the map.
func TestFreedPixelsShowTheConnectedProposal(t *testing.T) {
	s := newJoiningSession(200, 200, 0, 200)
	s.SetConnectivity(Connectivity{TV: 1})
	s.SetTool(restorer{})
	dot(s, Eraser{Radius: 9}, 2, 0)
	dot(s, restorer{}, 0, 0)
	wantPicture(t, s.Mask(0), "mm..")
}

func TestConnectivityMovesMerge(t *testing.T) {
	s := newJoiningSession(200)
	edits := func(want int, when string) {
		t.Helper()
		if n, _ := s.History().Len(); n != want {
			t.Errorf("%s: %d edits, want %d", when, n, want)
		}
	}
	s.MarkExported()
	for _, v := range []float64{0.1, 0.5, 0.7} {
		s.SetConnectivity(Connectivity{TV: v})
	}
	edits(2, "moved")
	if s.UndoName() != "Connectivity" || !s.Dirty() {
		t.Errorf("the last edit is %q, unsaved: %v", s.UndoName(), s.Dirty())
	}
	s.SetThreshold(0.4)
	s.SetThreshold(0.5)
	edits(3, "the threshold moved")
	s.SetConnectivity(Connectivity{TV: 0.8})
	s.SetConnectivity(Connectivity{TV: 0.7})
	edits(3, "moved and back")
	s.Undo()
	s.Undo()
	if s.Dirty() || s.Threshold() != DefaultThreshold || s.Connectivity() != (Connectivity{}) {
		t.Errorf("undone: unsaved %v, %v, %v", s.Dirty(), s.Threshold(), s.Connectivity())
	}
	s.SetConnectivity(Connectivity{TV: 99, LeastArea: math.NaN()})
	if got := s.Connectivity(); got != (Connectivity{TV: MaxTV}) {
		t.Errorf("clipped to %+v", got)
	}
}

func TestAcceptedSliceKeepsItsConnectivity(t *testing.T) {
	s := newJoiningSession(200, 0, 200)
	s.SetConnectivity(Connectivity{TV: 1})
	s.Accept(0)
	s.SetConnectivity(Connectivity{})
	wantPicture(t, s.Mask(0), "m..")
	s.Reopen(0)
	wantPicture(t, s.Mask(0), "m.m")
}

// While a slider moves masks may be drafts; those at hand that are better stay,
// and a snapshot never holds one.
func TestDrafts(t *testing.T) {
	s := newJoiningSession(200, 0, 200)
	s.SetConnectivity(Connectivity{TV: 1})
	wantPicture(t, s.Mask(0), "m..")
	s.SetDraft(true)
	wantPicture(t, s.Mask(0), "m..")
	s.SetConnectivity(Connectivity{TV: 0.9})
	wantPicture(t, s.Mask(0), "m.m")
	shot := s.Snapshot()
	wantPicture(t, shot.Mask(0), "m..")
	if got := shot.SliceConnectivity(0); got != (Connectivity{TV: 0.9}) {
		t.Errorf("the snapshot has %+v", got)
	}
	if s.Unsettled(0) != nil {
		t.Error("drafts are worked out for slices that nobody looks at")
	}
	told := false
	s.OnChange(func(c Change) { told = told || c.In(0) && c.Has(Pixels) })
	s.SetDraft(false)
	wantPicture(t, s.Mask(0), "m..")
	if !told {
		t.Error("the draft's end was not told")
	}
}

// A sketch is a draft until the slice is settled; strokes end that.
func TestSketch(t *testing.T) {
	s := newJoiningSession(200, 0, 200, 0)
	s.SetConnectivity(Connectivity{TV: 1})
	wantPicture(t, s.Sketch(0), "m.m.")
	if s.Settled(0) {
		t.Error("a draft settles the slice")
	}
	p := s.Unsettled(0)
	p.Do()
	s.Settle(p)
	wantPicture(t, s.Sketch(0), "m...")
	s.SetConnectivity(Connectivity{TV: 0.5})
	wantPicture(t, s.Sketch(0), "m.m.")
	told := 0
	s.OnChange(func(c Change) {
		if c.Slice == 0 && c.Rect == s.bounds() && c.Has(Pixels) {
			told++
		}
	})
	dot(s, paint, 3, 0)
	wantPicture(t, s.Sketch(0), "m..1")
	s.SetConnectivity(Connectivity{TV: 0.6})
	s.Sketch(0)
	s.Foreground(0)
	wantPicture(t, s.Sketch(0), "m..1")
	if told != 2 {
		t.Errorf("that the sketch no longer holds was told %d times", told)
	}
}

// What is done elsewhere is taken where it still holds, and the nearest slice
// comes first.
func TestSettling(t *testing.T) {
	s := newTestSession(3, 1, 9)
	calls := 0
	s.SetConnector(func(prob []uint8, cut uint8, c Connectivity, draft bool) []uint8 {
		calls++
		return pairs(prob, cut, c, draft)
	})
	s.SetConnectivity(Connectivity{TV: 1})
	g := s.BeginProposal()
	for _, i := range []int{1, 3, 6, 8} {
		s.Propose(i, g, Guess{Prob: []uint8{200, 0, 200}})
	}
	var order []int
	for p := s.Unsettled(5); p != nil; p = s.Unsettled(5) {
		order = append(order, p.Slice)
		if p.Do(); !s.Settle(p) {
			t.Fatalf("slice %d was refused", p.Slice)
		}
	}
	if !slices.Equal(order, []int{6, 3, 8, 1}) {
		t.Errorf("settled in the order %v", order)
	}
	calls = 0
	wantPicture(t, s.Mask(3), "m..")
	if s.Foreground(8) != 1 || calls != 0 {
		t.Errorf("%d pixels, worked out anew %d times", s.Foreground(8), calls)
	}
	s.SetConnectivity(Connectivity{TV: 0.5})
	old := s.Unsettled(0)
	old.Do()
	s.SetConnectivity(Connectivity{TV: 0.6})
	if s.Settle(old) || s.Settled(1) {
		t.Error("what no longer holds was taken")
	}
	if s.Settle(s.Unsettled(0)) {
		t.Error("what was not done was taken")
	}
}
