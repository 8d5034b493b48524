package project

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"groundglass/annotate"
)

// killDir and killSeed tell a child of TestKilled what to work on, and how.
const (
	killDir  = "GROUNDGLASS_TEST_KILL_DIR"
	killSeed = "GROUNDGLASS_TEST_KILL_SEED"
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
	s, _, st, _ := keep(t, testOptions(nil), dir, Events{Want: func() { wants <- struct{}{} }})
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
func runAndKill(t *testing.T, dir string, seed uint64, after time.Duration) (safe int) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledChild$", "-test.v")
	cmd.Env = append(os.Environ(), killDir+"="+dir, fmt.Sprintf("%s=%d", killSeed, seed))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
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
		t.Fatalf("the child did nothing: %s", said.String())
	}
	for line := range strings.Lines(said.String()) {
		if n, ok := strings.CutPrefix(line, "safe "); ok && strings.HasSuffix(n, "\n") {
			safe, _ = strconv.Atoi(strings.TrimSpace(n))
		}
	}
	return safe
}

// TestKilled kills a program at random moments of random work, again and again on
// the same folder: each time all is there that it knew to be safe, and the state
// is the one after as many steps. GROUNDGLASS_KILLS says how often, 500 for
// `make killtest`.
func TestKilled(t *testing.T) {
	kills := 8
	if n, err := strconv.Atoi(os.Getenv("GROUNDGLASS_KILLS")); err == nil {
		kills = n
	}
	const inARow = 8
	steps, lost := 0, 0
	for first := 0; first < kills; first += inARow {
		dir := filepath.Join(t.TempDir(), "p")
		model := newEditor(testSession(), 0)
		for k := first; k < min(first+inARow, kills); k++ {
			seed := uint64(k)
			safe := runAndKill(t, dir, seed, time.Duration(rand.IntN(120_000))*time.Microsecond)
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
