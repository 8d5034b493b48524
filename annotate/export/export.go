// Package export writes labels as files that training code takes as they are, and
// checks that the files say what the session said.
//
// [Write] writes a [Set] of cases by a [Preset]; [Verify] reads an export back by its
// manifest; [Sheet] draws a contact sheet. [WriteAtomic] is for every file that must
// be there whole or not at all.
//
// An export appears at once: it is written and checked in a folder beside its
// target, and moved when all of it is right. Cancelling or failing leaves the
// target as it was.
//
// # Presets
//
// A preset is one file of this package: a format, and its row in [Presets]. The
// package gives each of its cases a plane of values a slice, and keeps in the case's
// manifest how many pixels have which value and the digest of the plane. A format
// writes the planes as it likes and reads them back by a way of its own; they are
// compared by their digests, so that every export is compared with the masks that it
// was made of, pixel by pixel.
package export

import (
	"context"
	"errors"
	"fmt"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// ErrExists is what the error wraps when the target already holds an export or
// files of the same names, and overwriting was not asked for.
var ErrExists = errors.New("the folder already holds an export")

// Set is what there is to export.
type Set struct {
	Cases []string // their names, of which files are named: usable ones, each once
	// Open gives case k; it may be called from several goroutines. Close, which may be
	// nil, is called when the case is written.
	Open func(k int) (c *Case, close func(), err error)
	// Patients are whom each case shows, "" where that is not known, so that presets can
	// hold out patients for testing. Where it is nil, none is held out.
	Patients []string

	// From says of each case what it is made of, for exports that go on after a stop: it
	// changes where the masks would. It may be nil, and does not leave with the export.
	From []string
	// State tells the sources of case k, as they are now, from what they were. A case that
	// was done of another state is done anew where an export goes on. It is asked for cases
	// of the own part alone, and before they are opened; it may be nil.
	State func(k int) string

	Labels    []annotate.Label // of all cases: labels of one value are the same in all
	Without   []annotate.Label // of the cases, too, but left out: their pixels are background in the export
	Threshold float64
	Model     string // name and version; empty when no model was used
	Program   string // name and version of this program
}

// One is the set of one case.
func One(c *Case, program, model string) Set {
	return Set{
		Cases: []string{c.name()}, Open: func(int) (*Case, func(), error) { return c, nil, nil },
		Labels: c.Labels, Threshold: c.Threshold, Model: model, Program: program,
	}
}

// Case is one series with its labels. Mask must give the same answer twice; the
// functions are called from one goroutine. All but Mask may be nil.
type Case struct {
	Patient           string // whom the series shows; "" where its files do not say
	Series            *ct.Series
	Mask              func(i int) *annotate.Mask
	Probability       func(i int) []uint8                  // the model's, 255 for certain; nil where it has not looked
	Doubt             func(i int) (doubt float64, ok bool) // how unsure the model is of slice i, 0 to 1; false where it has not looked
	Status            func(i int) annotate.Status
	SliceThreshold    func(i int) float64               // where it differs from Threshold
	SliceConnectivity func(i int) annotate.Connectivity // nil: none
	Lungs             func(ctx context.Context) (Lungs, error)
	Labels            []annotate.Label
	Threshold         float64

	Work  func(i int) Work // what is known of the work on slice i
	Audit []byte           // each step of the work in words, a JSON object a line; nil for none
}

// Lungs are the lungs of a series. Mask gives those of slice i, rows*columns: 1 for the
// right one, 2 for the left one, and 0 elsewhere. Sided tells that sides are the
// patient's and not those of a picture seen from the feet.
type Lungs struct {
	Mask  func(i int) []uint8
	Sided bool
}

// Work says who worked on a slice, for how long, and in how many edits.
type Work struct {
	By    []string
	Spent time.Duration // idle time left out
	Edits int
}

// FromSnapshot is the case that a session's snapshot makes.
func FromSnapshot(s annotate.Snapshot) *Case {
	return &Case{
		Patient: s.Series.Patient.ID, Series: s.Series, Mask: s.Mask, Probability: s.Probability, Doubt: s.Doubt, Status: s.Status,
		SliceThreshold: s.SliceThreshold, SliceConnectivity: s.SliceConnectivity, Labels: s.Labels, Threshold: s.Threshold,
	}
}

// name is a name for the case that is alone.
func (c *Case) name() string {
	if c.Series.Len() == 0 {
		return "case"
	}
	return CaseName(c.Series)
}

// mask returns slice i's mask, or why it does not fit the series.
func (c *Case) mask(i int) (*annotate.Mask, error) {
	m, n := c.Mask(i), c.Series.Rows*c.Series.Columns
	if m == nil || m.W != c.Series.Columns || m.H != c.Series.Rows || len(m.Label) != n || len(m.Origin) != n {
		return nil, fmt.Errorf("slice %d has no mask of the series' size", i+1)
	}
	return m, nil
}

func (c *Case) threshold(i int) float64 {
	if c.SliceThreshold == nil {
		return c.Threshold
	}
	return c.SliceThreshold(i)
}

// Report says what an export or a verification found.
type Report struct {
	Dir        string
	Cases      int
	Slices     int       // slices exported
	Files      int       // files beside the manifests
	Foreground int       // labelled pixels in all masks
	Problems   []string  // sentences, one a fault; empty when all is right
	LeftOut    []LeftOut // cases that could not be exported
	Unfinished bool      // cases are left, to be exported by others or later: there is no export yet, and the report is of the own ones
	Missing    int       // how many those are
	Earlier    int       // cases that an earlier call, which was stopped, or another program had written
	Anew       int       // cases that had been written, and were again since their sources changed meanwhile
	Remarks    []string  // sentences on what the format cannot hold
}

// LeftOut is a case that is not in an export, and why.
type LeftOut struct {
	Case   string `json:"case"`
	Reason string `json:"reason"`
}

// Stopped is the error of an export that ended before its end and can go on: what is
// done is kept.
type Stopped struct {
	Done, Of int    // own cases
	Part     string // the folder where they are
	Err      error  // why
}

func (s *Stopped) Error() string {
	return fmt.Sprintf("%v; %s", s.Err, s.Kept())
}

// Kept says what is done.
func (s *Stopped) Kept() string {
	return fmt.Sprintf("%d of %s are done and kept in %s", s.Done, ct.Count(s.Of, "case"), s.Part)
}
func (s *Stopped) Unwrap() error { return s.Err }

// OK reports whether nothing is wrong.
func (r Report) OK() bool { return len(r.Problems) == 0 }

// String is a sentence for people.
func (r Report) String() string {
	what := ct.Count(r.Slices, "slice")
	if r.Cases > 1 {
		what = ct.Count(r.Cases, "case") + " with " + what
	}
	switch {
	case r.OK() && r.Cases == 0 && r.Unfinished:
		return fmt.Sprintf("%s: no case is in this part; %s still to come, and the export appears with the last.", r.Dir, ct.Count(r.Missing, "case"))
	case r.OK() && r.Cases == 0:
		return fmt.Sprintf("%s: no case is in this part.", r.Dir)
	case !r.OK():
		return fmt.Sprintf("%s: %s found in %s.", r.Dir, ct.Count(len(r.Problems), "problem"), ct.Count(r.Files, "file"))
	case r.Unfinished:
		return fmt.Sprintf("%s: %s written, all as they should be; %s still to come, and the export appears with the last.", r.Dir, what, ct.Count(r.Missing, "case"))
	}
	return fmt.Sprintf("%s: %s of %s, all as they should be.", r.Dir, ct.Count(r.Files, "file"), what)
}
