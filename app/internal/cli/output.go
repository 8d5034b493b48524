package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// printJSON prints the one JSON object that a command was asked for.
func (p *Program) printJSON(v any) error {
	e := json.NewEncoder(p.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// warning keeps warnings of several goroutines apart.
var warning sync.Mutex

// warn prints a warning. It may be called from several goroutines.
func (p *Program) warn(format string, a ...any) {
	warning.Lock()
	defer warning.Unlock()
	fmt.Fprintf(p.Stderr, "groundglass: "+format+"\n", a...)
}

// A meter moves ten times a second on a terminal, and elsewhere writes a line now and then.
const (
	meterTick = 100 * time.Millisecond
	meterLine = 10 * time.Second
)

// meter shows how far a piece of work has come. It is for one goroutine at a time.
type meter struct {
	unit     string // "" where steps are counted
	parts    int    // that make a unit; 0 where steps are counted
	out      io.Writer
	what     string
	terminal bool
	begun    time.Time
	last     time.Time // when it was last shown
	shown    bool
}

func (p *Program) meter(what string) *meter {
	now := time.Now()
	if p.quiet {
		return &meter{out: io.Discard, begun: now, last: now}
	}
	return &meter{out: p.Stderr, what: what, terminal: isTerminal(p.Stderr), begun: now, last: now}
}

// of makes the meter count units of so many steps each.
func (m *meter) of(parts int, unit string) *meter {
	m.parts, m.unit = parts, unit
	return m
}

// far is how far the work has come, in words.
func (m *meter) far(done, total int) string {
	switch {
	case m.parts == 0:
		return fmt.Sprintf("%d of %d", done, total)
	case total <= m.parts:
		return fmt.Sprintf("%d %%", 100*done/total)
	case m.parts == 1:
		return fmt.Sprintf("%d of %d %ss", done, total, m.unit)
	}
	return fmt.Sprintf("%.1f of %d %ss", float64(done)/float64(m.parts), total/m.parts, m.unit)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// show takes the number of steps that are done.
func (m *meter) show(done, total int) {
	now, gap := time.Now(), meterLine
	if m.terminal {
		gap = meterTick
	}
	if now.Sub(m.last) < gap || done < 1 {
		return
	}
	m.last = now
	left := time.Duration(float64(now.Sub(m.begun)) / float64(done) * float64(total-done)).Round(time.Second)
	line := fmt.Sprintf("%s: %s, %v left", m.what, m.far(done, total), left)
	if m.terminal {
		fmt.Fprintf(m.out, "\r%s\x1b[K", line)
		m.shown = true
		return
	}
	fmt.Fprintln(m.out, line)
}

// end clears the terminal's line.
func (m *meter) end() {
	if m.shown {
		fmt.Fprint(m.out, "\r\x1b[K")
	}
}
