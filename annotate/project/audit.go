package project

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"groundglass/annotate"
)

// AuditFile is the file of a series that tells each step, one JSON object a line.
// It is for people and for studies: no work is read from it.
const AuditFile = "audit.jsonl"

// AuditLine is a line of AuditFile.
type AuditLine struct {
	Time    time.Time `json:"time"`
	Step    uint64    `json:"step"`
	User    string    `json:"user"`
	Program string    `json:"program"`
	What    string    `json:"what"` // as in annotate.Event
	Name    string    `json:"name,omitempty"`
	Edit    uint64    `json:"edit,omitempty"`
	Slices  []int     `json:"slices,omitempty"` // from 1

	Threshold *float64 `json:"threshold,omitempty"`
	TV        *float64 `json:"tv,omitempty"`
	LeastArea *float64 `json:"least_area,omitempty"`
	FillHoles *bool    `json:"fill_holes,omitempty"`

	Model  *Model       `json:"model,omitempty"`  // of a proposal
	Labels []LabelEntry `json:"labels,omitempty"` // the label table, where an edit changed it
}

// Model says which model made proposals.
type Model struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	SHA256  string `json:"sha256,omitempty"` // of its file
}

// auditLine is a step as a line; nil where it tells nothing.
func auditLine(q queued, o Options) []byte {
	e, ok := annotate.Record{Data: q.data}.Event()
	if !ok {
		return nil
	}
	l := AuditLine{Time: time.UnixMilli(q.at).UTC(), Step: q.number, User: o.User, Program: o.Program, What: e.What, Name: e.Name, Edit: e.Edit}
	for _, i := range e.Slices {
		l.Slices = append(l.Slices, i+1)
	}
	l.Labels = labelEntries(e.Labels)
	if e.What == "proposal" && o.Model != nil {
		m := o.Model()
		l.Model = &m
	}
	if e.What == "setting" {
		c := e.Connectivity
		l.Threshold, l.TV, l.LeastArea, l.FillHoles = &e.Threshold, &c.TV, &c.LeastArea, &c.FillHoles
	}
	b, err := json.Marshal(l)
	if err != nil {
		return nil
	}
	return append(b, '\n')
}

// note tells steps that are safe in the audit file. What cannot be written is
// tried again with the next.
func (w *writer) note(batch []queued, o Options) {
	for _, q := range batch {
		w.untold = append(w.untold, auditLine(q, o)...)
	}
	if len(w.untold) == 0 {
		return
	}
	if w.audit == nil {
		path := filepath.Join(w.dir, AuditFile)
		have, _ := w.fs.ReadFile(path)
		f, err := w.fs.Append(path)
		if err != nil {
			return
		}
		if n := len(have); n > 0 && have[n-1] != '\n' { // a line that a crash cut off
			w.untold = append([]byte{'\n'}, w.untold...)
		}
		w.audit = f
	}
	n, err := w.audit.Write(w.untold)
	w.untold = w.untold[n:]
	if err != nil {
		w.audit.Close()
		w.audit = nil
	}
}

// audited is the highest number of a step in an audit file's last lines. A step is
// told there once it is safe.
func audited(data []byte) (step uint64) {
	data = data[max(0, len(data)-64<<10):]
	for line := range bytes.Lines(data) {
		var l AuditLine
		if json.Unmarshal(line, &l) == nil {
			step = max(step, l.Step)
		}
	}
	return step
}

// SliceWork is what an audit file tells of one slice.
type SliceWork struct {
	By    []string      // who worked on it, sorted
	Spent time.Duration // with it, idle time left out
	Edits int
}

// idle is how long a person may do nothing and still be at work.
const idle = time.Minute

// SpentOn sums an audit file up by slice, from 1. The time before an edit counts
// for its slice, from the edit before it on, and a minute of it at most. Lines that
// are damaged are left out.
func SpentOn(audit io.Reader) (map[int]SliceWork, error) {
	out := map[int]SliceWork{}
	by := map[int]map[string]bool{}
	var last time.Time
	lines := bufio.NewScanner(audit)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var l AuditLine
		if json.Unmarshal(lines.Bytes(), &l) != nil || l.What != "edit" {
			continue
		}
		spent := min(max(l.Time.Sub(last), 0), idle)
		if last.IsZero() {
			spent = 0
		}
		last = l.Time
		for _, i := range l.Slices {
			w := out[i]
			w.Edits++
			w.Spent += spent / time.Duration(len(l.Slices))
			if by[i] == nil {
				by[i] = map[string]bool{}
			}
			by[i][l.User] = true
			w.By = slices.Sorted(maps.Keys(by[i]))
			out[i] = w
		}
	}
	return out, lines.Err()
}
