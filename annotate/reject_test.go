package annotate

import (
	"bytes"
	"testing"
)

// A rejected slice stays as it is, like an accepted one; the two take each other's
// place, undo brings the one before back, and the record has all of it.
func TestReject(t *testing.T) {
	s := newTestSession(12, 8, 2)
	tape, copied := record(s), newTestSession(12, 8, 2)
	s.Propose(0, s.BeginProposal(), Guess{Prob: bytes.Repeat([]uint8{100}, 12*8)})
	statuses := func(want ...Status) {
		t.Helper()
		if got := s.Status(0); got != want[0] {
			t.Fatalf("the slice is %v, want %v", got, want[0])
		}
	}
	s.Reject(0)
	statuses(Rejected)
	s.SetThreshold(0.9)
	if s.Foreground(0) != 12*8 {
		t.Error("a rejected slice follows the threshold")
	}
	s.Accept(0)
	statuses(Accepted)
	if s.Foreground(0) != 12*8 {
		t.Error("a rejected slice that is accepted follows the threshold")
	}
	s.Undo()
	statuses(Rejected)
	undo, _ := s.History().Len()
	if s.Reject(0); len(tape.records) == 0 || undo != 2+1 {
		t.Errorf("there are %d edits to undo", undo)
	}
	s.Redo()
	statuses(Accepted)
	s.Reject(0)
	if got := s.Snapshot().Status(0); got != Rejected || got.String() != "rejected" {
		t.Errorf("the snapshot has %v", got)
	}
	s.Propose(0, s.BeginProposal(), Guess{Prob: make([]uint8, 12*8)})
	if s.Foreground(0) != 12*8 {
		t.Error("a rejected slice follows a new proposal")
	}
	replay(t, NewReplayer(copied, tape.have), tape.records)
	if copied.Status(0) != Rejected || !bytes.Equal(canonical(copied), canonical(s)) {
		t.Errorf("the record makes the slice %v", copied.Status(0))
	}
	s.Reopen(0)
	statuses(Proposed)
	if s.Foreground(0) != 0 {
		t.Error("a reopened slice does not follow its proposal")
	}
}
