package annotate

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// drawn is a session on slices as picture draws them, in rows parted by spaces.
func drawn(t *testing.T, pictures ...string) *Session {
	t.Helper()
	first := strings.Fields(pictures[0])
	s := newTestSession(len(first[0]), len(first), len(pictures))
	g := s.BeginProposal()
	for i, p := range pictures {
		plain := strings.ReplaceAll(p, " ", "")
		prob := make([]uint8, len(plain))
		for k, c := range plain {
			if c == 'm' {
				prob[k] = 200
			}
		}
		s.Propose(i, g, Guess{Prob: prob})
		s.Do("Drawing", i, func(st *Stroke) {
			for k, c := range plain {
				switch x, y := k%len(first[0]), k/len(first[0]); {
				case c == 'x':
					st.Span(y, x, x+1, 0)
				case c >= '1' && c <= '9':
					st.Span(y, x, x+1, uint8(c-'0'))
				}
			}
		})
		wantPicture(t, s.Mask(i), strings.Fields(p)...)
	}
	return s
}

func wantPictures(t *testing.T, s *Session, pictures ...string) {
	t.Helper()
	for i, p := range pictures {
		wantPicture(t, s.Mask(i), strings.Fields(p)...)
	}
}

func TestOperations(t *testing.T) {
	all := Scope{0, 99}
	for _, c := range []struct {
		name string
		op   Operation
		at   Scope
		in   []string
		want []string
	}{
		{"the largest part of a slice", KeepLargest{Label: 1}, all, []string{"mm.1 mm.1 ...1"}, []string{"mm.x mm.x ...x"}},
		{"of each label", KeepLargest{}, all, []string{"11.2 ...2 1.2."}, []string{"11.2 ...2 x.2."}},
		{"of a stack", KeepLargest{Label: 1}, all, []string{"1..1", "1.11"}, []string{"x..1", "x.11"}},
		{"of each slice", KeepLargest{Label: 1, Planar: true}, all, []string{"1..1", "1.11"}, []string{"1..x", "x.11"}},
		{"islands below an area", RemoveIslands{Label: 1, Least: 2}, all, []string{"m.mm m... ..12"}, []string{"m.mm m... ..x2"}},
		{"islands in a stack", RemoveIslands{Label: 1, Least: 2}, all, []string{"m..1", "m..."}, []string{"m..x", "m..."}},
		{"islands of the slices in the scope", RemoveIslands{Label: 1, Least: 2}, Scope{1, 1}, []string{"1..", "1.1", "1.."}, []string{"1..", "x.x", "1.."}},
		{"holes", FillHoles{Label: 1}, all, []string{"mmm m.m m2m mxm mmm"}, []string{"mmm m1m m2m m1m mmm"}},
		{"an open ring", FillHoles{Label: 1}, all, []string{"mmm m.m m.m"}, []string{"mmm m.m m.m"}},
		{"holes up to an area", FillHoles{Label: 1, Most: 1}, all, []string{"11111 1.1.1 111.1 11111"}, []string{"11111 111.1 111.1 11111"}},
		{"a tube has no holes", FillHoles{Label: 1}, all, []string{"111 1.1 111", "111 1.1 111"}, []string{"111 1.1 111", "111 1.1 111"}},
		{"but its slices have", FillHoles{Label: 1, Planar: true}, all, []string{"111 1.1 111", "111 1.1 111"}, []string{"111 111 111", "111 111 111"}},
		{"dilate", Dilate{Label: 1, MM: 1}, all, []string{"..... ..1x2 ....."}, []string{"..1.. .1112 ..1.."}},
		{"dilate in a stack", Dilate{Label: 1, MM: 1}, all, []string{"...", ".1.", "..."}, []string{".1.", "111", ".1."}},
		{"dilate in slices", Dilate{Label: 1, MM: 1, Planar: true}, all, []string{"...", ".1.", "..."}, []string{"...", "111", "..."}},
		{"dilate each label", Dilate{MM: 1}, all, []string{"1..2."}, []string{"11222"}},
		{"erode", Erode{Label: 1, MM: 1}, all, []string{"..... .111. .mmm. .111. ....."}, []string{"..... .xxx. .xmx. .xxx. ....."}},
		{"median", Smooth{Label: 1, MM: 1}, all, []string{"1.... ..... ..111 ..1.1 ..111"}, []string{"x.... ..... ..x1x ..111 ..x1x"}},
		{"total variation", Smooth{Label: 1, MM: 2, By: ByTotalVariation}, all, []string{"1.... ..... ....."}, []string{"x.... ..... ....."}},
		{"split", SplitIslands{Label: 1, Into: []Label{{Value: 7, Name: "Second"}, {Value: 2, Name: "Consolidation"}}}, all, []string{"1.mm.1 1.mm.."}, []string{"7.mm.2 7.mm.."}},
		{"split a stack", SplitIslands{Label: 1, Into: []Label{{Value: 7, Name: "Second"}}}, all, []string{"1.m.1", "1..11"}, []string{"7.m.1", "7..11"}},
		{"clear", Clear{Label: 1}, all, []string{"1m2.x"}, []string{"xx2.x"}},
		{"clear all", Clear{}, Scope{1, 1}, []string{"1", "2", "1"}, []string{"1", "x", "1"}},
		{"copy", Copy{Label: 1, From: 0}, Scope{1, 2}, []string{"m12..", "..1x2", "2...1"}, []string{"m12..", "111x2", "21..1"}},
		{"copy to what was removed", Copy{Label: 1, From: 0}, all, []string{"11", "x."}, []string{"11", "11"}},
		{"copy in place of", Copy{From: 0, Replace: true}, all, []string{"m12..", "..1x2"}, []string{"m12..", "112xx"}},
		{"copy from nowhere", Copy{From: -1}, all, []string{"1", "2"}, []string{"1", "2"}},
		{"union", Combine{Label: 1, With: WithLabel, Other: 2}, all, []string{"12x.2"}, []string{"11x.1"}},
		{"union with the slice before", Combine{Label: 1, With: WithPrevious}, all, []string{"1...", "2.1.", "...."}, []string{"1...", "2.1.", "..1."}},
		{"intersect with the next", Combine{Label: 1, How: Intersect, With: WithNext}, Scope{0, 0}, []string{"11.2", "1.1."}, []string{"1x.2", "1.1."}},
		{"subtract the one before", Combine{Label: 1, How: Subtract, With: WithPrevious}, Scope{1, 1}, []string{"1..2", "mm.2"}, []string{"1..2", "xm.2"}},
		{"back to the proposal", Reset{}, all, []string{"mmm", "..."}, []string{"mmm", "..."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := drawn(t, c.in...)
			undos, _ := s.History().Len()
			done, err := s.Operate(c.op, c.at)
			if err != nil {
				t.Fatal(err)
			}
			wantPictures(t, s, c.want...)
			changes := !slices.Equal(c.in, c.want)
			if now, _ := s.History().Len(); (now == undos+1) != changes || changes && s.UndoName() != c.op.Name() || changes != (done.Pixels > 0) {
				t.Fatalf("%d edits became %d, the last %q, and %+v was done", undos, now, s.UndoName(), done)
			}
			if changes {
				s.Undo()
				wantPictures(t, s, c.in...)
				s.Redo()
				wantPictures(t, s, c.want...)
			}
		})
	}
}

func TestResetGivesPixelsBack(t *testing.T) {
	s := drawn(t, "mmm.", "1...")
	dot(s, Eraser{Radius: 0.5}, 0, 0)
	dot(s, Brush{Radius: 0.5, Label: 2}, 3, 0)
	wantPictures(t, s, "xmm2", "1...")
	if _, err := s.Operate(Reset{}, Scope{0, 0}); err != nil {
		t.Fatal(err)
	}
	wantPictures(t, s, "mmm.", "1...")
	if s.Status(0) != Proposed || s.Status(1) != InWork {
		t.Errorf("the slices are %v, %v", s.Status(0), s.Status(1))
	}
}

func TestUnionWithTheProposal(t *testing.T) {
	s := drawn(t, "mmm.")
	dot(s, wipe, 0, 0)
	dot(s, Brush{Radius: 0.5, Label: 2}, 1, 0)
	dot(s, paint, 3, 0)
	for _, c := range []struct {
		how  Logic
		want string
	}{{Union, "12m1"}, {Intersect, "x2mx"}, {Subtract, "x2x1"}} {
		if _, err := s.Operate(Combine{Label: 1, How: c.how, With: WithProposal}, Scope{0, 0}); err != nil {
			t.Fatal(err)
		}
		wantPictures(t, s, c.want)
		s.Undo()
	}
}

func TestThresholdByHU(t *testing.T) {
	s := newTestSession(5, 1, 2)
	hu := []int16{-900, -600, -500, -100, 50}
	s = NewSession(ct.NewSeries(ct.Series{Rows: 1, Columns: 5, Sources: s.series.Sources}, func(i int) (*ct.Slice, error) {
		if i == 1 {
			return nil, errors.New("unreadable")
		}
		return &ct.Slice{W: 5, H: 1, HU: hu}, nil
	}))
	dot(s, Brush{Radius: 0.5, Label: 2}, 2, 0)
	dot(s, wipe, 3, 0)
	for _, c := range []struct {
		op   ThresholdHU
		want string
	}{
		{ThresholdHU{Label: 1, Low: -600, High: -100}, ".121."},
		{ThresholdHU{Label: 1, Low: -600, High: -100, Where: WhereAny}, ".111."},
		{ThresholdHU{Label: 3, Low: -600, High: 50, Where: WhereInside, Within: 2}, "..3x."},
	} {
		if _, err := s.Operate(c.op, Scope{0, 0}); err != nil {
			t.Fatal(err)
		}
		wantPictures(t, s, c.want)
		s.Undo()
	}
	if _, err := s.Operate(ThresholdHU{Label: 1}, Scope{0, 1}); err == nil || !strings.Contains(err.Error(), "unreadable") {
		t.Errorf("an unreadable slice is %v", err)
	}
	wantPictures(t, s, "..2x.", ".....")
}

func TestInterpolateBetweenWhatAPersonDrew(t *testing.T) {
	bar, none := ".111111.", "........"
	between := Scope{1, 3}
	for _, by := range []Interpolation{ByDistance, ByMorphology} {
		// Model pixels between are no drawn slices; removed ones are painted over.
		s := drawn(t, bar, "m.......", ".......x", "...x....", bar, "m.......")
		if got := s.Between(1, 2); got != (Scope{0, 4}) {
			t.Fatalf("slice 2 is between %v", got)
		}
		if _, err := s.Operate(Interpolate{Label: 1, By: by}, Scope{2, 2}); err != nil {
			t.Fatal(err)
		}
		wantPictures(t, s, bar, "m.......", ".111111x", "...x....", bar, "m.......")
		if _, err := s.Operate(Interpolate{By: by}, Scope{0, 5}); err != nil {
			t.Fatal(err)
		}
		wantPictures(t, s, bar, "m111111.", ".111111x", bar, bar, "m.......")

		// Where nobody drew, between what is labelled.
		s = drawn(t, "..mmmm..", none, none, none, "..mmmm..")
		if _, err := s.Operate(Interpolate{Label: 1, By: by}, between); err != nil {
			t.Fatal(err)
		}
		wantPictures(t, s, "..mmmm..", "..1111..", "..1111..", "..1111..", "..mmmm..")
	}
	s := drawn(t, none, bar, none)
	if n, err := s.Operate(Interpolate{}, Scope{0, 2}); err != nil || n != (Operated{}) {
		t.Errorf("a single drawn slice came to %+v, %v", n, err)
	}
}

func TestPropagateTakesWhatHangsTogether(t *testing.T) {
	s := newTestSession(6, 1, 4)
	g := s.BeginProposal()
	for i, p := range [][]uint8{{0, 0, 0, 0, 0, 0}, {90, 0, 0, 90, 90, 0}, {90, 90, 0, 0, 90, 90}, {200, 0, 0, 90, 0, 90}} {
		s.Propose(i, g, Guess{Prob: p})
	}
	s.SetThreshold(0.5)
	dot(s, paint, 0, 0)
	s.SetCurrent(2)
	dot(s, wipe, 5, 0)
	s.SetCurrent(1)
	dot(s, Brush{Radius: 0.5, Label: 2}, 3, 0)
	wantPictures(t, s, "1.....", "...2..", ".....x", "m.....")
	n, err := s.Operate(Propagate{Label: 1, From: 0, At: 0.3}, Scope{0, 3})
	if err != nil || n.Slices != 3 {
		t.Fatalf("%+v, %v", n, err)
	}
	wantPictures(t, s, "1.....", "1..2..", "11...x", "1.....")
	s.SetThreshold(0.2)
	wantPictures(t, s, "1.....", "1..2m.", "11..mx", "1..m.m")
}

func TestOperationsSpareLockedLabelsAndAcceptedSlices(t *testing.T) {
	s := drawn(t, "12", "12")
	lockLabel(t, s, 2)
	s.Accept(1)
	n, err := s.Operate(Clear{}, Scope{0, 1})
	if want := (Operated{Slices: 1, Pixels: 1, Locked: 2, Accepted: 1}); err != nil || n != want {
		t.Errorf("%+v, %v, want %+v", n, err, want)
	}
	wantPictures(t, s, "x2", "12")
	if _, err := s.Operate(Combine{Label: 2, With: WithLabel, Other: 1}, Scope{0, 0}); err != nil {
		t.Fatal(err)
	}
	wantPictures(t, s, "x2", "12")
}

// To find the drawn slices around takes no Connector's time on those that cannot
// be one.
func TestBetweenLooksWhereItMust(t *testing.T) {
	s := newTestSession(4, 1, 9)
	joined := 0
	s.SetConnector(func(prob []uint8, cut uint8, _ Connectivity, _ bool) []uint8 {
		joined++
		return shuffle(prob, cut, Connectivity{}, false)
	})
	gen := s.BeginProposal()
	for i := range 9 {
		s.Propose(i, gen, Guess{Prob: filled(4, 1, 255)})
	}
	for i, l := range map[int]uint8{1: 2, 8: 1} {
		s.SetCurrent(i)
		dot(s, Brush{Radius: 0.5, Label: l}, 0, 0)
	}
	joined = 0
	if at := s.Between(2, 4); at != (Scope{1, 4}) || joined > 2 {
		t.Errorf("%v, after %d slices were joined", at, joined)
	}
	if at := s.Between(1, 4); at != (Scope{3, 8}) || joined > 4 {
		t.Errorf("%v, after %d slices were joined", at, joined)
	}
}

func lockLabel(t *testing.T, s *Session, v uint8) {
	t.Helper()
	l, _ := s.LabelOf(v)
	l.Locked = true
	if err := s.SetLabel(l); err != nil {
		t.Fatal(err)
	}
}

func TestStaleOperationsAreRefused(t *testing.T) {
	changes := map[string]struct {
		do    func(s *Session)
		stale bool
	}{
		"a stroke":               {func(s *Session) { dot(s, paint, 1, 0) }, true},
		"a stroke that is open":  {func(s *Session) { s.SetTool(paint); s.Press(Point{1.5, 0.5}) }, true},
		"a stroke elsewhere":     {func(s *Session) { s.SetCurrent(2); dot(s, paint, 1, 0) }, false},
		"a stroke taken back":    {func(s *Session) { dot(s, paint, 1, 0); s.Undo() }, false},
		"the threshold":          {func(s *Session) { s.SetThreshold(0.9) }, true},
		"a proposal":             {func(s *Session) { s.Propose(0, s.BeginProposal(), Guess{Prob: filled(4, 1, 9)}) }, true},
		"the slice was accepted": {func(s *Session) { s.Accept(0) }, true},
		"a label was locked":     {func(s *Session) { lockLabel(t, s, 3) }, true},
		"another slice in view":  {func(s *Session) { s.SetCurrent(2); s.Mask(1) }, false},
		"masks were packed":      {func(s *Session) { s.keep = 1; s.Mask(2); s.packOldest() }, false},
	}
	for name, c := range changes {
		s := drawn(t, "1m.2", "1...", "....")
		o := s.Prepare(Clear{Label: 1}, Scope{0, 1})
		if _, err := s.Finish(o); !errors.Is(err, ErrStale) {
			t.Fatalf("%s: it was finished before it was done: %v", name, err)
		}
		if err := o.Do(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		if got := string(o.Labels(0)); got != "\x00\x00\x00\x02" || o.Labels(9) != nil {
			t.Errorf("%s: slice 0 will be %q", name, got)
		}
		c.do(s)
		n, err := s.Finish(o)
		if errors.Is(err, ErrStale) != c.stale || (n.Pixels == 3) == c.stale {
			t.Errorf("%s: %+v, %v", name, n, err)
		}
		if _, err := s.Finish(o); !errors.Is(err, ErrStale) {
			t.Errorf("%s: it was finished twice: %v", name, err)
		}
	}
}

func TestCancelledOperation(t *testing.T) {
	s := drawn(t, "1", "1", "1")
	ctx, cancel := context.WithCancel(t.Context())
	o := s.Prepare(RemoveIslands{Label: 1, Least: 9}, Scope{0, 2})
	told := 0
	err := o.Do(ctx, func(done, total int) {
		if told++; done < 0 || done > total || total != 3 {
			t.Errorf("%d of %d", done, total)
		}
		if told == 5 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || told < 5 {
		t.Fatalf("after %d steps: %v", told, err)
	}
	if _, err := s.Finish(o); !errors.Is(err, ErrStale) {
		t.Error(err)
	}
	wantPictures(t, s, "1", "1", "1")
}

func TestSplitExtendsTheTable(t *testing.T) {
	s := drawn(t, "1.11.1")
	if got := s.Spare(2, 1); len(got) != 2 || got[0].Value != 4 || got[0].Name != "Ground glass 2" || got[1].Value != 5 || got[0].Color == s.shown[0].Color {
		t.Fatalf("the spare labels are %+v", got)
	}
	if _, err := s.Operate(SplitIslands{Label: 1, Into: s.Spare(9, 1)}, Scope{0, 0}); err != nil {
		t.Fatal(err)
	}
	wantPictures(t, s, "4.11.5")
	if n := len(s.Labels()); n != 5 {
		t.Errorf("there are %d labels", n)
	}
}

func TestScopesAreClipped(t *testing.T) {
	s := drawn(t, "1", "1")
	for _, at := range []Scope{{3, 9}, {-5, -1}, {1, 0}} {
		if n, err := s.Operate(Clear{}, at); err != nil || n != (Operated{}) {
			t.Errorf("%v: %+v, %v", at, n, err)
		}
	}
	if n, err := s.Operate(Clear{}, Scope{math.MinInt, math.MaxInt}); err != nil || n.Slices != 2 {
		t.Errorf("%+v, %v", n, err)
	}
}
