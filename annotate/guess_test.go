package annotate

import (
	"slices"
	"testing"
)

// Kinds are matched with labels by name, take no memory where all are the first
// label, and count in the history where they do.
func TestKindsBecomeLabels(t *testing.T) {
	s := newTestSession(2, 2, 2)
	guess := func(kinds ...uint8) Guess {
		return Guess{Prob: filled(2, 2, 200), Kind: kinds, Kinds: []string{"GROUND GLASS", "pleural effusion", "nodule"}}
	}
	first := s.BeginProposal()
	if s.Propose(0, first, Guess{Prob: filled(2, 2, 200), Kind: []uint8{1}}) {
		t.Fatal("kinds of another size were taken")
	}
	s.Propose(0, first, guess(0, 1, 2, 9))
	s.Propose(1, first, guess(0, 2, 0, 0))
	if got := s.Mask(0).Label; !slices.Equal(got, []uint8{1, 3, 1, 1}) {
		t.Errorf("labels %v", got)
	}
	if s.sheets[1].guess.label != nil {
		t.Error("labels are kept that are all the same")
	}
	before := s.History().Bytes()
	s.Propose(0, s.BeginProposal(), guess(0, 0, 0, 0))
	if grew := s.History().Bytes() - before; grew != editBytes+patchBytes+10 {
		t.Errorf("a proposal that replaced 4 pixels and their labels takes %d bytes", grew)
	}
	if got := s.Mask(0).Label; !slices.Equal(got, []uint8{1, 1, 1, 1}) {
		t.Errorf("proposed anew, labels %v", got)
	}
	s.Undo()
	if got := s.Mask(0).Label; !slices.Equal(got, []uint8{1, 3, 1, 1}) {
		t.Errorf("undone, labels %v", got)
	}
}

// An accepted slice keeps the kinds that it was accepted with.
func TestAcceptedKindsStay(t *testing.T) {
	s := newTestSession(2, 1, 1)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{200, 200}, Kind: []uint8{0, 1}, Kinds: []string{"Consolidation", "Ground glass"}})
	s.Accept(0)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{200, 200}})
	if got := s.Mask(0).Label; !slices.Equal(got, []uint8{2, 1}) {
		t.Errorf("labels %v", got)
	}
	s.Reopen(0)
	if got := s.Mask(0).Label; !slices.Equal(got, []uint8{1, 1}) {
		t.Errorf("reopened, labels %v", got)
	}
}
