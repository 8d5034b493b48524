package project

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/killtest"
)

// killDir, killSeed and killLock tell a child of TestKilled what to work on, and how.
const (
	killDir  = "GROUNDGLASS_TEST_KILL_DIR"
	killSeed = "GROUNDGLASS_TEST_KILL_SEED"
	killLock = "GROUNDGLASS_TEST_KILL_LOCK" // "none": as if the file system knew no locks
)

// TestKilledChild is the program that TestKilled kills: it works without end, and
// prints how many steps are safe.
func TestKilledChild(t *testing.T) {
	dir := os.Getenv(killDir)
	if dir == "" {
		t.Skip("TestKilled runs this in a process of its own")
	}
	seed, err := strconv.ParseUint(os.Getenv(killSeed), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	wants := make(chan struct{}, 100)
	o := testOptions(nil)
	if os.Getenv(killLock) == "none" {
		o.open = openUnlocked
	}
	s, _, st, report := keep(t, o, dir, Events{Want: func() { wants <- struct{}{} }})
	if st == nil {
		fmt.Println("safe 0") // another program has the project
		time.Sleep(time.Minute)
		return
	}
	fmt.Printf("from %d\n", report.Step)
	e := newEditor(s, seed)
	e.kept(st)
	pause := rand.New(rand.NewPCG(seed, 3))
	for told := -1; ; {
		e.act()
		select {
		case <-wants:
			st.Snapshot(s.State())
		default:
		}
		if pause.IntN(4) == 0 {
			time.Sleep(time.Duration(pause.IntN(5)) * time.Millisecond)
		}
		st.mu.Lock()
		safe := int(st.last) - len(st.queue)
		st.mu.Unlock()
		if safe != told {
			told = safe
			fmt.Printf("safe %d\n", safe)
		}
	}
}

// runAndKill runs a child on a folder and kills it after a time that counts from
// its first step. It returns how many steps the child said are safe.
func runAndKill(dir string, seed uint64, after time.Duration) (safe int, err error) {
	_, safe, err = runAndKillFrom(dir, seed, after)
	return safe, err
}

// runAndKillFrom is runAndKill that tells, too, after how many steps the child
// began; below 0 where another program had the project. More are variables of its
// environment.
func runAndKillFrom(dir string, seed uint64, after time.Duration, more ...string) (from, safe int, err error) {
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$", "-test.v")
	cmd.Env = append(append(os.Environ(), more...), killDir+"="+dir, fmt.Sprintf("%s=%d", killSeed, seed))
	out, err := cmd.StdoutPipe()
	if err != nil {
		return -1, 0, err
	}
	if err := cmd.Start(); err != nil {
		return -1, 0, err
	}
	var said bytes.Buffer
	begun, buffer := false, make([]byte, 4096)
	for {
		n, err := out.Read(buffer)
		said.Write(buffer[:n])
		if !begun && bytes.Contains(said.Bytes(), []byte("safe ")) {
			begun = true
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		if err != nil {
			break
		}
	}
	_ = cmd.Wait()
	if !begun {
		return -1, 0, fmt.Errorf("the child did nothing: %s", said.String())
	}
	from = -1
	for line := range strings.Lines(said.String()) {
		if n, ok := strings.CutPrefix(line, "from "); ok {
			from, _ = strconv.Atoi(strings.TrimSpace(n))
		}
		if n, ok := strings.CutPrefix(line, "safe "); ok && strings.HasSuffix(n, "\n") {
			safe, _ = strconv.Atoi(strings.TrimSpace(n))
		}
	}
	return from, safe, nil
}

// TestKilled kills a program at random moments of random work, again and again on
// the same folder: each time all is there that it knew to be safe, and the state
// is the one after as many steps. GROUNDGLASS_KILLS says how often, 500 for
// `make killtest`.
func TestKilled(t *testing.T) {
	kills := killtest.Often(8)
	const inARow = 8
	steps, lost := 0, 0
	for first := 0; first < kills; first += inARow {
		dir := filepath.Join(t.TempDir(), "p")
		model := newEditor(testSession(), 0)
		for k := first; k < min(first+inARow, kills); k++ {
			seed := uint64(k)
			safe, err := runAndKill(dir, seed, time.Duration(rand.IntN(120_000))*time.Microsecond)
			if err != nil {
				t.Fatal(err)
			}
			state, step, report := recovered(t, Disk{}, dir)
			if step < safe {
				lost++
				t.Errorf("kill %d: %d steps are there, %d were safe: %q", k, step, safe, report.Damage)
				break
			}
			steps += step - len(model.steps)
			model = model.goOn(t, seed, step)
			if state != model.after(t, step) {
				lost++
				t.Errorf("kill %d: the state after %d steps is another than it was: %q", k, step, report.Damage)
				break
			}
		}
	}
	t.Logf("%d kills, %d steps, %d losses", kills, steps, lost)
}

// TestTwoProgramsAtOnce starts two programs on one project, kills both, and finds
// the work of the one that had it, as if the other had never been.
func TestTwoProgramsAtOnce(t *testing.T) {
	steps := 0
	for trial := range uint64(killtest.Often(4)) {
		dir := filepath.Join(t.TempDir(), "p")
		var safe [2]int
		var errs [2]error
		var group sync.WaitGroup
		for i := range safe {
			group.Go(func() {
				safe[i], errs[i] = runAndKill(dir, 2*trial+uint64(i), time.Duration(40+rand.IntN(40))*time.Millisecond)
			})
		}
		group.Wait()
		if err := errors.Join(errs[:]...); err != nil {
			t.Fatal(err)
		}
		if safe[0] > 0 && safe[1] > 0 {
			t.Fatalf("trial %d: both wrote, %d and %d steps", trial, safe[0], safe[1])
		}
		state, step, report := recovered(t, Disk{}, dir)
		if step < max(safe[0], safe[1]) {
			t.Fatalf("trial %d: %d steps of %v are there: %q", trial, step, safe, report.Damage)
		}
		whose := false
		for i := range safe {
			model := newEditor(testSession(), 0).goOn(t, 2*trial+uint64(i), step)
			whose = whose || state == model.after(t, step)
		}
		if !whose {
			t.Fatalf("trial %d: the %d steps are of neither program", trial, step)
		}
		steps += step
	}
	t.Logf("%d steps", steps)
}

// TestTwoProgramsWithoutLocks is TestTwoProgramsAtOnce, twice in each folder, where
// the file system knows no locks: one of the two has the project, or both, one after
// the other's end; those of the second time find what those of the first left.
func TestTwoProgramsWithoutLocks(t *testing.T) {
	steps, after := 0, 0
	for trial := range uint64(killtest.Often(2)) {
		dir := filepath.Join(t.TempDir(), "p")
		if err := os.Mkdir(dir, 0o700); err != nil { // so that it is locked when it is opened
			t.Fatal(err)
		}
		model := newEditor(testSession(), 0)
		for turn := range uint64(2) {
			var from, safe [2]int
			var errs [2]error
			var group sync.WaitGroup
			for i := range safe {
				group.Go(func() {
					from[i], safe[i], errs[i] = runAndKillFrom(dir, 4*trial+2*turn+uint64(i), time.Duration(20+rand.IntN(40))*time.Millisecond, killLock+"=none")
				})
			}
			group.Wait()
			if err := errors.Join(errs[:]...); err != nil {
				t.Fatal(err)
			}
			state, step, report := recovered(t, Disk{}, dir)
			if step < max(safe[0], safe[1]) {
				t.Fatalf("trial %d: %d steps of %v are there: %q", trial, step, safe, report.Damage)
			}
			first, last := 0, 1
			if from[0] > from[1] || from[0] == from[1] && safe[0] > safe[1] { // of two that began at the same step, the first did nothing
				first, last = 1, 0
			}
			if from[first] >= 0 { // one after the other
				after++
				if safe[first] > from[last] {
					t.Fatalf("trial %d: both wrote at once, from step %v", trial, from)
				}
				model = model.goOn(t, 4*trial+2*turn+uint64(first), from[last])
			}
			if from[last] >= 0 {
				model = model.goOn(t, 4*trial+2*turn+uint64(last), step)
			}
			if state != model.after(t, step) {
				t.Fatalf("trial %d: the state after %d steps is another than it was, from %v: %q", trial, step, from, report.Damage)
			}
			steps += step
		}
	}
	t.Logf("%d steps, %d projects taken over", steps, after)
}

// goOn is the model of an editor that opens what there is again, and works on from
// a seed until it has made at least n steps; it has exactly n.
func (e *editor) goOn(t testing.TB, seed uint64, n int) *editor {
	t.Helper()
	s := testSession()
	r := annotate.NewReplayer(s, func(id uint64) (annotate.Map, bool) { m, ok := e.maps[id]; return m, ok })
	for _, data := range e.steps {
		if err := r.Replay(data); err != nil {
			t.Fatal(err)
		}
	}
	next := newEditor(s, seed)
	next.steps = append(next.steps, e.steps...)
	for id, m := range e.maps {
		next.maps[id] = m
	}
	for len(next.steps) < n {
		next.act()
	}
	next.steps = next.steps[:n]
	return next
}
