package xtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// Program is a program under test. Its trace file holds one JSON object a line.
type Program struct {
	d     *Display
	cmd   *exec.Cmd
	ended chan struct{}

	trace  string  // file
	events []Event // read from it
	read   int64   // its bytes that they take
	seen   int     // events that Wait has gone past

	mu    sync.Mutex
	done  bool
	state error
	log   bytes.Buffer // standard output and error
}

// Event is one line of the trace.
type Event map[string]any

// Number is a numeric field, 0 when it is absent.
func (e Event) Number(name string) float64 { f, _ := e[name].(float64); return f }

// Text is a text field, "" when it is absent.
func (e Event) Text(name string) string { s, _ := e[name].(string); return s }

// Run starts a program on the display with a home folder of its own, and ends it with the test. Its arguments are given
// after "--trace FILE", where FILE is what Wait reads.
func (d *Display) Run(binary string, args ...string) *Program {
	d.t.Helper()
	return d.RunIn(d.t.TempDir(), binary, args...)
}

// RunIn is Run with a home folder that may be that of a program before.
func (d *Display) RunIn(home, binary string, args ...string) *Program {
	d.t.Helper()
	trace := filepath.Join(home, "trace.jsonl")
	if err := os.Remove(trace); err != nil && !errors.Is(err, fs.ErrNotExist) { // of the program before
		d.t.Fatal(err)
	}
	return d.run(home, trace, binary, append([]string{"--trace", trace}, args...)...)
}

// RunOther runs a program that writes no trace, with a home folder of its own, and ends it with the test.
func (d *Display) RunOther(binary string, args ...string) *Program {
	d.t.Helper()
	return d.run(d.t.TempDir(), "", binary, args...)
}

func (d *Display) run(home, trace, binary string, args ...string) *Program {
	d.t.Helper()
	p := &Program{d: d, trace: trace}
	p.cmd = exec.Command(binary, args...)
	p.cmd.Dir = home
	p.cmd.Env = environment(d.t, home, d.name)
	p.cmd.Stdout, p.cmd.Stderr = (*writer)(p), (*writer)(p)
	p.cmd.WaitDelay = 5 * time.Second
	if err := p.cmd.Start(); err != nil {
		d.t.Fatal(err)
	}
	p.ended = make(chan struct{})
	go func() {
		err := p.cmd.Wait()
		p.mu.Lock()
		p.done, p.state = true, err
		p.mu.Unlock()
		close(p.ended)
	}()
	d.t.Cleanup(func() {
		p.Stop()
		if d.t.Failed() {
			d.t.Logf("the program wrote:\n%s", p.Output())
		}
	})
	return p
}

// Stop ends the program at once.
func (p *Program) Stop() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// environment is a clean user's: nothing of this one's settings, an X display and no Wayland, English. The user's own
// cache is shared, so that ONNX Runtime is unpacked once.
func environment(t testing.TB, home, display string) []string {
	own := []string{"HOME", "DISPLAY", "WAYLAND_DISPLAY", "LANG", "LANGUAGE", "LC_ALL"}
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(own, name) || strings.HasPrefix(name, "XDG_") || strings.HasPrefix(name, "FYNE_")
	})
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = filepath.Join(home, ".cache")
	}
	for _, dir := range []string{".cache", ".config", ".local/share", "runtime"} {
		if err := os.MkdirAll(filepath.Join(home, dir), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	return append(env, "HOME="+home, "DISPLAY="+display, "LANG=en_US.UTF-8", "XDG_CACHE_HOME="+cache,
		"XDG_CONFIG_HOME="+filepath.Join(home, ".config"), "XDG_DATA_HOME="+filepath.Join(home, ".local/share"),
		"XDG_RUNTIME_DIR="+filepath.Join(home, "runtime"), "LIBGL_ALWAYS_SOFTWARE=1")
}

// writer collects a program's output.
type writer Program

func (w *writer) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.log.Write(b)
}

// Output is what the program has written to standard output and error.
func (p *Program) Output() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// Ended tells whether the program has ended, and how.
func (p *Program) Ended() (bool, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.done, p.state
}

// ForgetPeak begins the peak of PeakResident anew.
func (p *Program) ForgetPeak() {
	p.d.t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", p.cmd.Process.Pid), []byte("5"), 0); err != nil {
		p.d.t.Fatal(err)
	}
}

// PeakResident is the most memory, in bytes, that the program has had resident, as Linux counts it.
func (p *Program) PeakResident() int {
	p.d.t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.d.t.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, err := strconv.Atoi(f[1])
			if err != nil {
				p.d.t.Fatal(err)
			}
			return kb << 10
		}
	}
	p.d.t.Fatal("the system does not say how much memory is resident")
	return 0
}

// Events are all events so far.
func (p *Program) Events() []Event {
	f, err := os.Open(p.trace)
	if err != nil {
		return p.events
	}
	defer f.Close()
	data, err := io.ReadAll(io.NewSectionReader(f, p.read, math.MaxInt64-p.read))
	if err != nil {
		p.d.t.Fatal(err)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	for _, line := range lines[:len(lines)-1] { // what follows the last newline is still being written
		var e Event
		if err := json.Unmarshal(line, &e); err != nil {
			p.d.t.Fatalf("trace line %q: %v", line, err)
		}
		p.events = append(p.events, e)
		p.read += int64(len(line))
	}
	return p.events
}

// Wait waits for the next event of a name, after the last one waited for, that matches (nil: any), and returns it. It
// fails the test when the event does not come in time or the program ends before it.
func (p *Program) Wait(name string, limit time.Duration, match func(Event) bool) Event {
	p.d.t.Helper()
	var found Event
	p.d.Until("event "+name, limit, func() bool {
		ended, state := p.Ended()
		events := p.Events()
		for i := p.seen; i < len(events); i++ {
			if e := events[i]; e.Text("event") == name && (match == nil || match(e)) {
				found, p.seen = e, i+1
				return true
			}
		}
		if ended {
			p.d.t.Fatalf("the program ended (%v) before event %s", state, name)
		}
		return false
	})
	return found
}

// Last is the newest event of a name, nil when there is none.
func (p *Program) Last(name string) Event {
	p.d.t.Helper()
	events := p.Events()
	for i := len(events) - 1; i >= 0; i-- {
		if events[i].Text("event") == name {
			return events[i]
		}
	}
	return nil
}
