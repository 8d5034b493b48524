package annotate

import (
	"fmt"
	"strings"
	"testing"
)

// steps writes the history: a name for each step, its label and slice, | where the
// present is, and ! where what was exported is.
func steps(s *Session) string {
	all, done, start := s.Steps()
	var out []string
	mark := func(n int, exported bool) string {
		m := ""
		if exported {
			m += "!"
		}
		if n == done {
			m += "|"
		}
		return m
	}
	out = append(out, mark(0, start))
	for i, st := range all {
		out = append(out, fmt.Sprintf("%s%d@%dx%d%s", st.Name, st.Label, st.Slice, st.Slices, mark(i+1, st.Exported)))
	}
	return strings.TrimSpace(strings.Join(out, " "))
}

func want(t *testing.T, s *Session, history string) {
	t.Helper()
	if got := steps(s); got != history {
		t.Errorf("the history is %q, want %q", got, history)
	}
}

func TestStepsTellTheHistory(t *testing.T) {
	s := newTestSession(4, 1, 3)
	want(t, s, "|")
	dot(s, paint, 0, 0)
	dot(s, paint, 0, 0) // changes nothing: no step
	s.SetCurrent(2)
	dot(s, Brush{Radius: 0.5, Label: 2}, 1, 0)
	dot(s, wipe, 1, 0)
	want(t, s, "Brush1@0x1 Brush2@2x1 Eraser0@2x1|")
	s.Undo()
	s.MarkExported()
	want(t, s, "Brush1@0x1 Brush2@2x1!| Eraser0@2x1")
	s.Propose(0, s.BeginProposal(), Guess{Prob: filled(4, 1, 255)})
	want(t, s, "Brush1@0x1 Brush2@2x1! Proposal0@-1x1!| Eraser0@2x1")
	s.GoTo(0)
	want(t, s, "| Brush1@0x1 Brush2@2x1! Proposal0@-1x1! Eraser0@2x1")
	s.GoTo(4)
	want(t, s, "Brush1@0x1 Brush2@2x1! Proposal0@-1x1! Eraser0@2x1|")
	s.GoTo(0)
	s.MarkExported()
	want(t, s, "!| Brush1@0x1 Brush2@2x1 Proposal0@-1x1 Eraser0@2x1")
}

// What records and a state make has the steps with their labels, and the paint rule.
func TestReplayedStepsHaveTheirLabels(t *testing.T) {
	s := newTestSession(4, 1, 3)
	tape := record(s)
	s.SetPaintRule(PaintRule{Over: OverChosen, Chosen: SetOf(0, 2, 200)})
	dot(s, paint, 0, 0)
	dot(s, Brush{Radius: 0.5, Label: 2}, 1, 0)
	s.Undo()
	rule := PaintRule{Over: OverNothing, Lungs: true}
	s.SetPaintRule(rule)
	all := "Brush1@0x1| Brush2@0x1"
	want(t, s, all)
	var state [][]byte
	for r := range s.State().Records() {
		state = append(state, r.Data)
	}
	for _, records := range [][][]byte{tape.records, state} {
		again := newTestSession(4, 1, 3)
		replay(t, NewReplayer(again, nil), records)
		if want(t, again, all); again.PaintRule() != rule {
			t.Errorf("the paint rule is %+v", again.PaintRule())
		}
	}
}

func TestGoToEndsWhatIsUnderWay(t *testing.T) {
	s := newTestSession(4, 1, 1)
	dot(s, paint, 0, 0)
	s.SetTool(paint)
	s.Press(Point{2.5, 0.5})
	s.GoTo(1)
	wantPicture(t, s.Mask(0), "1...")
	want(t, s, "Brush1@0x1| Brush1@0x1")
	s.GoTo(99)
	wantPicture(t, s.Mask(0), "1.1.")
	s.GoTo(-1)
	wantPicture(t, s.Mask(0), "....")
}
