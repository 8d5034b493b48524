package project

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// A second program may look, is told by whom the project is held, and writes
// nothing; once the first has ended it may take over.
func TestSecondProgramReadsOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Thorax ü 胸部")
	o := testOptions(Disk{})
	s, p, st, _ := keep(t, o, dir)
	e := newEditor(s, 1)
	e.kept(st)
	e.stroke()
	if err := st.Flush(); err != nil {
		t.Fatal(err)
	}
	second, q, none, report := keep(t, o, dir)
	if none != nil || !strings.Contains(report.ReadOnly, "tester") || q.Held() == "" {
		t.Errorf("a second program gets the store %v, and is told %q", none, report.ReadOnly)
	}
	if canonical(second) != canonical(s) {
		t.Error("a second program sees another state")
	}
	if err := st.Close(nil); err != nil {
		t.Fatal(err)
	}
	p.Close()
	_, p, st, report = keep(t, o, dir)
	if st == nil || report.ReadOnly != "" {
		t.Fatalf("the first has ended, and still: %q", report.ReadOnly)
	}
	_ = st.Close(nil)
	p.Close()
}

// Of two that begin on the same images before anything is written, one may write,
// and the other is told so; what it has is never mixed into the first one's.
func TestTwoBeginAtOnce(t *testing.T) {
	for trial := range uint64(200) {
		dir := filepath.Join(t.TempDir(), "p")
		var both [2]*editor
		var stores [2]*Store
		for i := range both {
			s, _, st, _ := keep(t, testOptions(Disk{}), dir)
			both[i], stores[i] = newEditor(s, 2*trial+uint64(i)), st
			both[i].kept(st)
		}
		var group sync.WaitGroup
		var failed [2]error
		for i, e := range both {
			group.Go(func() {
				for range 3 {
					e.stroke()
				}
				failed[i] = stores[i].Flush()
			})
		}
		group.Wait()
		if (failed[0] == nil) == (failed[1] == nil) {
			t.Fatalf("trial %d: the two end with %v and %v", trial, failed[0], failed[1])
		}
		winner := both[0]
		if failed[0] != nil {
			winner = both[1]
		}
		if state, step, report := recovered(t, Disk{}, dir); step != len(winner.steps) || state != winner.after(t, step) || len(report.Damage) > 0 {
			t.Fatalf("trial %d: the folder has %d steps of %d: %q", trial, step, len(winner.steps), report.Damage)
		}
		for _, st := range stores {
			_ = st.Close(nil)
		}
	}
}

// Where the file system knows no locks, the second is told by whom the project is held,
// and may have it once the first has ended.
func TestLockWithoutLocks(t *testing.T) {
	dir := t.TempDir()
	first, err := takeLock(dir, "tester", time.Now(), openUnlocked)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := takeLock(dir, "another", time.Now(), openUnlocked); !errors.Is(err, ErrHeld) || !strings.Contains(err.Error(), "by tester on") {
		t.Errorf("the second gets %v", err)
	}
	first.release()
	second, err := takeLock(dir, "another", time.Now(), openUnlocked)
	if err != nil {
		t.Fatal(err)
	}
	second.release()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 || left[0].Name() != lockFile {
		t.Errorf("it leaves %v, %v", left, err)
	}
}

// openUnlocked is openLocked where the file system knows no locks.
func openUnlocked(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return f, errNoLocks
}

// A program that was silent for so long that another took the project over writes
// nothing more, and says so; what it wrote at the last moment is told apart.
func TestOvertaken(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	o := testOptions(Disk{})
	o.open = openUnlocked
	s, p, st, _ := keep(t, o, dir)
	e := newEditor(s, 1)
	e.kept(st)
	e.stroke()
	if err := st.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, turnFile)); err != nil { // as one does who finds it silent
		t.Fatal(err)
	}
	again, q, other, report := keep(t, o, dir)
	if other == nil {
		t.Fatalf("it is not taken over: %q", report.ReadOnly)
	}
	f := newEditor(again, 2)
	f.kept(other)
	f.stroke()
	f.stroke()
	if err := other.Flush(); err != nil {
		t.Fatal(err)
	}
	e.stroke()
	if err := st.Flush(); !errors.Is(err, errLost) {
		t.Errorf("the first writes on: %v", err)
	}
	journal, err := Disk{}.Append(filepath.Join(p.seriesDir(SeriesID(s.Series())), fileName(journals, 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Write(appendFrame(nil, step{2, 0, e.steps[1]}.payload())); err != nil { // as it was about to
		t.Fatal(err)
	}
	journal.Close()
	want := canonical(again)
	_ = st.Close(nil)
	p.Close()
	if err := other.Close(nil); err != nil {
		t.Fatal(err)
	}
	q.Close()
	state, step, report := recovered(t, Disk{}, dir)
	if step != 3 || state != want || len(report.Damage) != 1 || !strings.Contains(report.Damage[0], "had lost the project") {
		t.Errorf("%d steps are there, the same state: %t, %q", step, state == want, report.Damage)
	}
}
