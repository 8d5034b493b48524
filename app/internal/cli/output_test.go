package cli

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

// A meter tells how far the work is in its own units, and what is left of it.
func TestMeter(t *testing.T) {
	for _, c := range []struct {
		parts, done, total int
		want               string
	}{
		{0, 3, 12, "working: 3 of 12, 30s left\n"},
		{1000, 250, 1000, "working: 25 %, 30s left\n"},
		{1000, 2500, 10000, "working: 2.5 of 10 cases, 30s left\n"},
		{1, 3, 12, "working: 3 of 12 cases, 30s left\n"},
	} {
		var out bytes.Buffer
		m := (&Program{Stderr: &out}).meter("working").of(c.parts, "case")
		m.begun, m.last = time.Now().Add(-10*time.Second), time.Time{}
		if m.show(c.done, c.total); out.String() != c.want {
			t.Errorf("%q, want %q", out.String(), c.want)
		}
	}
	var out bytes.Buffer
	p := Program{Stderr: &out, quiet: true}
	m := p.meter("working")
	m.last = time.Time{}
	if m.show(1, 2); strings.TrimSpace(out.String()) != "" {
		t.Errorf("a quiet program shows %q", out.String())
	}
}
