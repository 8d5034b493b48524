package project

import (
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"testing"
)

// work edits at random with a store, which makes snapshots as it asks for them.
// Each tells, after each act, how many steps are surely safe.
func work(t testing.TB, o Options, seed uint64, acts int, each func(e *editor, st *Store, safe int)) (*editor, *Store) {
	t.Helper()
	wants := make(chan struct{}, 100)
	s, _, st, _ := keep(t, o, "work", Events{Want: func() { wants <- struct{}{} }})
	e := newEditor(s, seed)
	e.kept(st)
	flush := rand.New(rand.NewPCG(seed, 78))
	for range acts {
		e.act()
		select {
		case <-wants:
			st.Snapshot(s.State())
		default:
		}
		if flush.IntN(6) == 0 {
			_ = st.Flush()
		}
		if each != nil {
			each(e, st, len(e.steps)-st.Status().Behind)
		}
	}
	return e, st
}

// cut is what a power cut left, and how many steps were surely safe by then.
type cut struct {
	disk *memFS
	safe int
}

// After a power cut at any call, all is there that was said to be safe, and what
// is there is a state that there was.
func TestPowerCutLosesNothingThatWasSafe(t *testing.T) {
	n, torn := 0, 0
	for seed := range uint64(6) {
		fs := newMemFS()
		var cuts []cut
		var safe atomic.Int64
		r := rand.New(rand.NewPCG(seed, 5))
		fs.before = func(int) {
			var chance *rand.Rand
			if r.IntN(3) > 0 {
				chance = r
			}
			cuts = append(cuts, cut{fs.image(chance), int(safe.Load())})
		}
		e, st := work(t, testOptions(fs), seed, 60, func(_ *editor, _ *Store, now int) { safe.Store(int64(now)) })
		if err := st.Close(nil); err != nil {
			t.Fatal(err)
		}
		for _, c := range cuts {
			state, step, report := recovered(t, c.disk, "work")
			n++
			torn += len(report.Damage)
			if step < c.safe || step > len(e.steps) {
				t.Fatalf("seed %d: %d steps are there after a power cut, of %d of which %d were safe: %q", seed, step, len(e.steps), c.safe, report.Damage)
			}
			if state != e.after(t, step) {
				t.Fatalf("seed %d: the state after %d steps is another than it was: %q", seed, step, report.Damage)
			}
		}
	}
	if torn == 0 {
		t.Errorf("of %d power cuts none tore a file", n)
	}
}

// Whatever call fails, once or from then on: the work goes on, is told to be
// behind while it is, and is safe once writing works again.
func TestFailureOfEachCall(t *testing.T) {
	clean := newMemFS()
	work(t, testOptions(clean), 3, 25, nil)
	total := clean.called() + 10
	broken := errors.New("input/output error")
	for n := 1; n <= total; n++ {
		for _, lasting := range []bool{false, true} {
			fs := newMemFS()
			fs.fail = func(call int) error {
				if call == n || lasting && call > n {
					return broken
				}
				return nil
			}
			e, st := work(t, testOptions(fs), 3, 25, nil)
			err := st.Flush()
			if lasting && len(e.steps) > 0 && st.Status().Behind > 0 && (err == nil || st.Status().Err == nil) {
				t.Fatalf("call %d and all after it fail, and nothing is said", n)
			}
			safe := len(e.steps) - st.Status().Behind
			if state, step, _ := recovered(t, fs.afterPowerCut(rand.New(rand.NewPCG(uint64(n), 1))), "work"); step < safe || state != e.after(t, step) {
				t.Fatalf("call %d fails (for good: %t): %d steps are there, %d were safe", n, lasting, step, safe)
			}
			fs.mu.Lock()
			fs.fail = nil
			fs.mu.Unlock()
			if err := st.Flush(); err != nil {
				t.Fatalf("call %d failed, and when writing works again: %v", n, err)
			}
			if state, step, report := recovered(t, fs.afterPowerCut(nil), "work"); step != len(e.steps) || state != e.after(t, step) {
				t.Fatalf("call %d failed: %d steps of %d are there: %q", n, step, len(e.steps), report.Damage)
			}
			if err := st.Close(nil); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// The disk fills up at any byte: nothing that was safe is lost, and all is safe
// once there is room.
func TestFullDisk(t *testing.T) {
	for room := 0; room < 12000; room += 397 {
		fs := newMemFS()
		fs.room = room
		e, st := work(t, testOptions(fs), 9, 30, nil)
		_ = st.Flush()
		safe := len(e.steps) - st.Status().Behind
		if state, step, _ := recovered(t, fs.afterPowerCut(nil), "work"); step < safe || state != e.after(t, step) {
			t.Fatalf("with room for %d bytes: %d steps are there, %d were safe", room, step, safe)
		}
		fs.mu.Lock()
		fs.room = -1
		fs.mu.Unlock()
		if err := st.Close(nil); err != nil {
			t.Fatal(err)
		}
		if state, step, _ := recovered(t, fs.afterPowerCut(nil), "work"); step != len(e.steps) || state != e.after(t, step) {
			t.Fatalf("with room again: %d steps of %d are there", step, len(e.steps))
		}
	}
}

func TestClosedAndOpenedAgain(t *testing.T) {
	fs := newMemFS()
	e, st := work(t, testOptions(fs), 4, 40, nil)
	state := e.s.State()
	if err := st.Close(&state); err != nil {
		t.Fatal(err)
	}
	s, _, again, report := keep(t, testOptions(fs), "work")
	defer again.Close(nil)
	if !report.Found || report.Steps != 0 || len(report.Damage) > 0 {
		t.Errorf("after an ordinary end the report is %+v", report)
	}
	if canonical(s) != canonical(e.s) {
		t.Error("the state is another than it was")
	}
	for s.Undo() {
		if !e.s.Undo() {
			t.Fatal("more can be undone than before")
		}
	}
	if canonical(s) != canonical(e.s) {
		t.Error("all undone, the state is another than it was")
	}
}
