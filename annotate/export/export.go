// Package export writes masks as files that training code takes, and checks
// that the files say what the session said.
//
// PNG writes one preset; Verify reads an export back by its manifest; Sheet
// draws a contact sheet. WriteAtomic is for every file that must be there whole
// or not at all.
//
// An export appears at once: it is written and checked in a folder beside its
// target, and moved when all of it is right. Cancelling or failing leaves the
// target as it was.
package export

import (
	"errors"
	"fmt"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// ErrExists is what the error wraps when the target already holds an export or
// files of the same names, and overwriting was not asked for.
var ErrExists = errors.New("the folder already holds an export")

// Input is what there is to export. Mask must give the same answer twice; it is
// called from one goroutine. The functions other than Mask may be nil.
type Input struct {
	Series            *ct.Series
	Mask              func(i int) *annotate.Mask
	Status            func(i int) annotate.Status
	SliceThreshold    func(i int) float64               // where it differs from Threshold
	SliceConnectivity func(i int) annotate.Connectivity // nil: none
	Labels            []annotate.Label
	Threshold         float64
	Model             string // name and version; empty when no model was used
	Program           string // name and version of this program

	Work  func(i int) Work // what is known of the work on slice i
	Audit []byte           // each step of the work in words, a JSON object a line; nil for none
}

// Work says who worked on a slice, for how long, and in how many edits.
type Work struct {
	By    []string
	Spent time.Duration // idle time left out
	Edits int
}

// FromSnapshot is the input that a session's snapshot makes.
func FromSnapshot(s annotate.Snapshot, program, model string) Input {
	return Input{
		Series: s.Series, Mask: s.Mask, Status: s.Status, SliceThreshold: s.SliceThreshold, SliceConnectivity: s.SliceConnectivity,
		Labels: s.Labels, Threshold: s.Threshold, Program: program, Model: model,
	}
}

// mask returns slice i's mask, or why it does not fit the series.
func (in Input) mask(i int) (*annotate.Mask, error) {
	m, n := in.Mask(i), in.Series.Rows*in.Series.Columns
	if m == nil || m.W != in.Series.Columns || m.H != in.Series.Rows || len(m.Label) != n || len(m.Origin) != n {
		return nil, fmt.Errorf("slice %d has no mask of the series' size", i+1)
	}
	return m, nil
}

// values is what files have for each label; the background is 0.
func (in Input) values() (out [256]uint8, err error) {
	if err := annotate.CheckLabels(in.Labels); err != nil {
		return out, fmt.Errorf("the labels cannot be exported: %w", err)
	}
	for _, l := range in.Labels {
		out[l.Value] = l.ExportValue()
	}
	return out, nil
}

// named says which label of slice i's mask is not in the table.
func (in Input) named(i int, m *annotate.Mask) error {
	var known [256]bool
	known[0] = true
	for _, l := range in.Labels {
		known[l.Value] = true
	}
	for _, l := range m.Label {
		if !known[l] {
			return fmt.Errorf("slice %d has pixels of the value %d, which is no label", i+1, l)
		}
	}
	return nil
}

func (in Input) threshold(i int) float64 {
	if in.SliceThreshold == nil {
		return in.Threshold
	}
	return in.SliceThreshold(i)
}

// Report says what an export or a verification found.
type Report struct {
	Dir        string
	Slices     int      // slices exported
	Files      int      // files beside the manifest
	Foreground int      // labelled pixels in all masks
	Problems   []string // sentences, one a fault; empty when all is right
}

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// String is a sentence for people.
func (r Report) String() string {
	if !r.OK() {
		return fmt.Sprintf("%s: %s found in %s.", r.Dir, ct.Count(len(r.Problems), "problem"), ct.Count(r.Files, "file"))
	}
	return fmt.Sprintf("%s: %s of %s, all as they should be.", r.Dir, ct.Count(r.Files, "file"), ct.Count(r.Slices, "slice"))
}
