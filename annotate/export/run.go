package export

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"groundglass/annotate"
)

// run is one Write.
type run struct {
	p      Preset
	s      Set
	o      Options
	format format
	value  [256]uint8
	dir    string
	folder *folder // nil where the export is there already
	own    []int   // cases of the shard
	held   []bool  // cases that are held out for testing; nil for none

	mu       sync.Mutex
	progress func(done, total int)
	done     map[int]int // of each case, in thousandths
	sum      int         // of those
	todo     int         // cases that are to be written
}

func newRun(dir string, p Preset, s Set, o Options, progress func(done, total int)) (*run, error) {
	if err := annotate.CheckLabels(s.Labels); err != nil {
		return nil, fmt.Errorf("the labels cannot be exported: %w", err)
	}
	if err := annotate.CheckLabels(append(slices.Clone(s.Labels), s.Without...)); err != nil {
		return nil, fmt.Errorf("the labels cannot be exported: %w", err)
	}
	if err := checkCases(s.Cases); err != nil {
		return nil, err
	}
	if o.Shard.Count > 1 {
		if o.Restart {
			return nil, errors.New("one of several programs cannot begin anew: it would take away what the others did")
		}
		o.Resume = true
	}
	if err := o.check(p, s); err != nil {
		return nil, err
	}
	o.Folds, o.Workers = defaulted(o.Folds, 5), defaulted(o.Workers, 1)
	r := &run{p: p, s: s, o: o, dir: dir, progress: progress, done: map[int]int{}}
	if p.Uses.Held && s.Patients != nil {
		r.held = heldOut(s.Patients, s.Cases, o.Folds)
	}
	r.format = p.format(&r.o)
	var err error
	if r.value, err = r.format.values(s.Labels); err != nil {
		return nil, err
	}
	for k := range s.Cases {
		if o.Shard.has(k) {
			r.own = append(r.own, k)
		}
	}
	plan, err := r.plan()
	if err != nil {
		return nil, err
	}
	if o.Resume && r.ended(plan) {
		return r, nil
	}
	r.folder, err = openFolder(dir, plan, &r.o)
	if errors.Is(err, ErrExists) && o.Resume && r.ended(plan) { // it came to be between the two looks
		return r, nil
	}
	return r, err
}

// check says what of the options cannot be, and drops what the preset does not heed.
func (o *Options) check(p Preset, s Set) error {
	if !p.Uses.Square {
		o.Square = 0
	}
	switch {
	case o.Square != 0 && (o.Square < MinSquare || o.Square > MaxSquare):
		return fmt.Errorf("pictures cannot be resampled to %d pixels a side: %d to %d can be", o.Square, MinSquare, MaxSquare)
	case s.Patients != nil && len(s.Patients) != len(s.Cases):
		return fmt.Errorf("there are %d patients for %d cases", len(s.Patients), len(s.Cases))
	case !share(o.LeastConfidence) || !share(o.LargestDoubt):
		return errors.New("the limits of confidence and doubt must be within 0 and 1")
	}
	return nil
}

func share(v float64) bool { return v >= 0 && v <= 1 }

// ended reports whether an earlier call, or another program, came to the end. A program
// that was killed just then left something to put away.
func (r *run) ended(plan []byte) bool {
	if _, there := r.finished(); !there {
		return false
	}
	f := &folder{part: unfinishedFor(r.dir), plan: plan}
	_, left := os.Stat(f.part)
	_, moved := os.Stat(filepath.Join(f.part, outFolder))
	begun, err := f.agrees()
	if left == nil && errors.Is(moved, os.ErrNotExist) && err == nil && (begun || !r.o.Overwrite) {
		os.RemoveAll(f.part)
		return true
	}
	return r.o.Shard.Count > 1
}

func defaulted(v, otherwise int) int {
	if v <= 0 {
		return otherwise
	}
	return v
}

func checkCases(names []string) error {
	if len(names) == 0 {
		return errors.New("there is nothing to export")
	}
	seen := map[string]bool{}
	for _, n := range names {
		low := strings.ToLower(n)
		switch {
		case n == "":
			return errors.New("a case has no name")
		case !usable(n):
			return fmt.Errorf("%q cannot be the name of a case, since files and folders cannot be called so", n)
		case seen[low]:
			return fmt.Errorf("two cases are called %q, in large or small letters", n)
		}
		seen[low] = true
	}
	return nil
}

// plan is what a Write that goes on must agree on.
func (r *run) plan() ([]byte, error) {
	return indented(struct {
		Manifest *Manifest `json:"manifest"`
		Images   bool      `json:"images"`
		Cases    []string  `json:"cases"`
		From     string    `json:"from,omitempty"`
	}{newManifest(r.s, r.p, &r.o, &r.value), r.o.Images, r.s.Cases, r.from()})
}

// from is the digest of what the cases are made of, and of whose they are.
func (r *run) from() string {
	if r.s.From == nil && r.s.Patients == nil {
		return ""
	}
	return digest([]byte(strings.Join(slices.Concat(r.s.From, r.s.Patients), "\x00")))
}

// finished reports whether the export is there, and of the same cases and options.
func (r *run) finished() (report Report, there bool) {
	m, err := ReadManifest(r.dir)
	if err != nil {
		return report, false
	}
	report = Report{Dir: r.dir, Files: len(m.Files), LeftOut: m.LeftOut, Earlier: len(m.Cases)}
	var names []string
	for _, c := range m.Cases {
		report.add(c)
		names = append(names, c.Case)
	}
	for _, l := range m.LeftOut {
		names = append(names, l.Case)
	}
	slices.Sort(names)
	bare := newManifest(r.s, r.p, &r.o, &r.value)
	m.Cases, m.LeftOut, m.Files, m.Checksum = bare.Cases, nil, nil, ""
	is, err1 := indented(m)
	asked, err2 := indented(bare)
	return report, err1 == nil && err2 == nil && bytes.Equal(is, asked) && slices.Equal(names, slices.Sorted(slices.Values(r.s.Cases)))
}
