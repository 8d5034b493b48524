package annotate

import (
	"bytes"
	"errors"
	"testing"
)

// A sealed session changes by nothing that a person can do, and says so each time;
// the model still proposes.
func TestSealedSessionRefuses(t *testing.T) {
	s := newTestSession(24, 16, 3)
	dab := func() {
		s.SetTool(Brush{Radius: 2, Label: 1})
		s.Press(Point{X: 5, Y: 5})
		s.Drag(Point{X: 9, Y: 5})
		s.Release()
	}
	dab()
	s.Undo()
	dab()
	s.SetCurrent(1)
	dab()
	s.Undo()
	told := 0
	s.OnChange(func(c Change) { told += m2i(c.Has(Refused)) })
	s.Seal(true)
	if s.CanUndo() || s.CanRedo() {
		t.Error("a sealed session offers to undo or redo")
	}
	for name, do := range map[string]func() error{
		"stroke":       func() error { dab(); return nil },
		"accept":       func() error { s.Accept(0); return nil },
		"undo":         func() error { s.Undo(); return nil },
		"redo":         func() error { s.Redo(); return nil },
		"threshold":    func() error { s.SetThreshold(0.9); return nil },
		"connectivity": func() error { s.SetConnectivity(Connectivity{TV: 1}); return nil },
		"label":        func() error { _, err := s.AddLabel(Label{Name: "New"}); return err },
		"operation":    func() error { _, err := s.Operate(Clear{}, Scope{0, 2}); return err },
		"import": func() error {
			_, err := s.Import(Imported{Slices: []int{2}, Plane: func(int) []uint8 { return bytes.Repeat([]uint8{1}, 24*16) }})
			return err
		},
		"do": func() error { s.Do("Do", 0, func(st *Stroke) { st.Span(3, 0, 9, 1) }); return nil },
	} {
		before, was := canonical(s), told
		if err := do(); err != nil && !errors.Is(err, ErrSealed) {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Equal(before, canonical(s)) {
			t.Errorf("%s changed a sealed session", name)
		}
		if told == was {
			t.Errorf("%s was refused without a word", name)
		}
	}
	if !s.Propose(2, s.BeginProposal(), Guess{Prob: bytes.Repeat([]uint8{200}, 24*16)}) || s.Foreground(2) != 24*16 {
		t.Error("a sealed session takes no proposal")
	}
	s.Seal(false)
	before := canonical(s)
	if dab(); bytes.Equal(before, canonical(s)) || !s.CanUndo() {
		t.Error("the session stays sealed")
	}
}
