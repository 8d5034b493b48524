package annotate

import (
	"sync"
	"testing"
)

func TestSnapshotIsOfOneMoment(t *testing.T) {
	s := newTestSession(4, 1, 3)
	s.Propose(1, s.BeginProposal(), Guess{Prob: filled(4, 1, 100)})
	dot(s, paint, 0, 0)
	shot := s.Snapshot()
	dot(s, wipe, 0, 0)
	s.SetCurrent(1)
	dot(s, wipe, 1, 0)
	s.SetThreshold(1)
	s.Undo()
	s.Accept(2)
	wantPicture(t, shot.Mask(0), "1...")
	wantPicture(t, shot.Mask(1), "mmmm")
	if shot.Status(0) != InWork || shot.Status(1) != Proposed || shot.Status(2) != New || shot.Len() != 3 {
		t.Error("the states changed")
	}
	if shot.Mask(3) != nil || shot.Probability(-1) != nil || shot.Status(9) != New {
		t.Error("a slice outside the series is there")
	}
}

func TestSnapshotLeavesTheUnfinishedStrokeOut(t *testing.T) {
	s := newTestSession(4, 2, 1)
	s.Propose(0, s.BeginProposal(), Guess{Prob: filled(4, 2, 100)})
	dot(s, wipe, 0, 0)
	s.SetTool(paint)
	s.Press(Point{1.5, 0.5})
	s.Drag(Point{0.5, 0.5})
	shot := s.Snapshot()
	s.Drag(Point{3.5, 1.5})
	wantPicture(t, shot.Mask(0), "xmmm", "mmmm")
	s.CancelStroke()
	wantPicture(t, s.Mask(0), "xmmm", "mmmm")
}

// Run with -race: readers of a snapshot beside a session at work.
func TestSnapshotBesideWork(t *testing.T) {
	s := newTestSession(32, 32, 6)
	g := s.BeginProposal()
	for i := range 6 {
		s.Propose(i, g, Guess{Prob: filled(32, 32, uint8(60+10*i))})
		s.SetCurrent(i)
		dot(s, paint, i, i)
	}
	var all sync.WaitGroup
	for n := range 30 {
		shot := s.Snapshot()
		all.Go(func() {
			for i := range shot.Len() {
				if shot.Mask(i).Label[i*32+i] != 1 {
					t.Errorf("slice %d lost its stroke", i)
				}
			}
		})
		s.SetThreshold(float64(n) / 30)
		s.SetCurrent(n % 6)
		dot(s, Brush{Radius: 4, Label: 2}, 25, 25)
		s.Undo()
	}
	all.Wait()
}
