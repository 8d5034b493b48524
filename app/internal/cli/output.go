package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"time"
)

// printJSON prints the one JSON object that a command was asked for.
func (p *Program) printJSON(v any) error {
	e := json.NewEncoder(p.Stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// warn prints a warning.
func (p *Program) warn(format string, a ...any) {
	fmt.Fprintf(p.Stderr, "groundglass: "+format+"\n", a...)
}

// A meter moves ten times a second on a terminal, and elsewhere writes a line now and then.
const (
	meterTick = 100 * time.Millisecond
	meterLine = 10 * time.Second
)

// meter shows how far a piece of work has come. It is for one goroutine at a time.
type meter struct {
	out      io.Writer
	what     string
	terminal bool
	begun    time.Time
	last     time.Time // when it was last shown
	shown    bool
}

func (p *Program) meter(what string) *meter {
	now := time.Now()
	return &meter{out: p.Stderr, what: what, terminal: isTerminal(p.Stderr), begun: now, last: now}
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
	line := fmt.Sprintf("%s: %d of %d, %v left", m.what, done, total, left)
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
