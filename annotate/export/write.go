package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"groundglass/annotate"
)

// Write exports a set to dir. Each case is read back and compared with its masks
// before the folder appears; what does not read back right is an error. The error wraps
// ErrExists where dir holds an export or such files already and o.Overwrite is not
// set, and ctx's where it was cancelled; in either case, as in every failure, dir is
// as it was. With o.Resume, what is done by then is kept beside dir, and gone on with
// by the next Write of the same set and options; the end is the same to the byte.
// Progress, which may be nil, is called by one goroutine at a time.
func Write(ctx context.Context, dir string, p Preset, s Set, o Options, progress func(done, total int)) (Report, error) {
	r, err := newRun(dir, p, s, o, progress)
	if err != nil {
		return Report{}, err
	}
	defer r.folder.drop()
	report, err := r.write(ctx)
	if err != nil {
		return Report{}, fmt.Errorf("nothing was exported: %w", err)
	}
	report.Dir = dir
	return report, nil
}

// run is one Write.
type run struct {
	p      Preset
	s      Set
	o      Options
	format format
	value  [256]uint8
	folder *folder
	own    []int  // cases to write
	held   []bool // cases that are held out for testing; nil for none

	mu       sync.Mutex
	progress func(done, total int)
	done     map[int]int // of each case, in thousandths
}

func newRun(dir string, p Preset, s Set, o Options, progress func(done, total int)) (*run, error) {
	if err := annotate.CheckLabels(s.Labels); err != nil {
		return nil, fmt.Errorf("the labels cannot be exported: %w", err)
	}
	if err := checkCases(s.Cases); err != nil {
		return nil, err
	}
	if o.Shard.Count > 1 {
		o.Resume = true
	}
	if err := o.check(p, s); err != nil {
		return nil, err
	}
	o.Folds, o.Workers = defaulted(o.Folds, 5), defaulted(o.Workers, 1)
	r := &run{p: p, s: s, o: o, progress: progress, done: map[int]int{}}
	if p.Uses.Held && s.Patients != nil {
		r.held = heldOut(s.Patients, s.Cases, o.Folds)
	}
	r.format = p.format(&r.o)
	var err error
	if r.value, err = r.format.values(s.Labels); err != nil {
		return nil, err
	}
	plan, err := indented(newManifest(s, p, &r.o, &r.value).plan(s.Cases))
	if err != nil {
		return nil, err
	}
	r.folder, err = openFolder(dir, plan, &r.o)
	return r, err
}

// check says what of the options cannot be, and drops what the preset does not heed.
func (o *Options) check(p Preset, s Set) error {
	if !p.Uses.Square {
		o.Square = 0
	}
	switch {
	case o.Square < 0 || o.Square > maxSquare:
		return fmt.Errorf("pictures cannot be resampled to %d pixels a side", o.Square)
	case s.Patients != nil && len(s.Patients) != len(s.Cases):
		return fmt.Errorf("there are %d patients for %d cases", len(s.Patients), len(s.Cases))
	case !share(o.LeastConfidence) || !share(o.LargestDoubt):
		return errors.New("the limits of confidence and doubt must be within 0 and 1")
	}
	return nil
}

func share(v float64) bool { return v >= 0 && v <= 1 }

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
		if low := strings.ToLower(n); !usable(n) || seen[low] {
			return fmt.Errorf("%q cannot be the name of a case: it is empty, there twice, or no name of a file", n)
		} else {
			seen[low] = true
		}
	}
	return nil
}

// plan is what a Write that goes on must agree on.
func (m *Manifest) plan(cases []string) any {
	return struct {
		Manifest *Manifest `json:"manifest"`
		Cases    []string  `json:"cases"`
	}{m, cases}
}

func (r *run) write(ctx context.Context) (Report, error) {
	for k := range r.s.Cases {
		if r.o.Shard.has(k) {
			r.own = append(r.own, k)
		}
	}
	if err := r.cases(ctx); err != nil {
		return Report{}, err
	}
	m := newManifest(r.s, r.p, &r.o, &r.value)
	report, err := r.gather(m)
	if err != nil || report.Unfinished {
		return report, err
	}
	if len(m.Cases) == 0 {
		return Report{}, fmt.Errorf("no case can be exported; %s: %s", m.LeftOut[0].Case, m.LeftOut[0].Reason)
	}
	if err := r.finish(m, &report); err != nil {
		return Report{}, err
	}
	return report, r.folder.install(m)
}

// cases writes the cases that are not yet there, several at a time.
func (r *run) cases(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	next := make(chan int)
	var all sync.WaitGroup
	for range min(r.o.Workers, len(r.own)) {
		all.Go(func() {
			for k := range next {
				if err := r.one(ctx, k); err != nil {
					cancel(err)
				}
			}
		})
	}
	for _, k := range r.own {
		if ctx.Err() != nil {
			break
		}
		next <- k
	}
	close(next)
	all.Wait()
	return context.Cause(ctx)
}

// one writes case k, or notes that it is left out.
func (r *run) one(ctx context.Context, k int) error {
	defer r.step(k, 1, 1)
	if ctx.Err() != nil || r.folder.has(r.s.Cases[k]) {
		return nil
	}
	err := r.writeCase(ctx, k)
	switch {
	case err == nil || ctx.Err() != nil:
		return nil
	case !r.o.Skip || len(r.s.Cases) == 1:
		return err
	}
	return r.folder.fail(LeftOut{r.s.Cases[k], err.Error()})
}

// writeCase writes case k, reads it back and compares. Its manifest, which comes last,
// says that it is done.
func (r *run) writeCase(ctx context.Context, k int) error {
	c, closed, err := r.s.Open(k)
	if err != nil {
		return err
	}
	if closed != nil {
		defer closed()
	}
	if c.Series.Len() == 0 {
		return errors.New("there are no slices to export")
	}
	sources, names := r.o.Identity.sources(c.Series.Sources)
	entry, err := newCase(r.s.Cases[k], c, &r.o, sources, &r.value)
	if err != nil {
		return err
	}
	if r.held != nil {
		if entry.Held = r.held[k]; c.Patient != r.s.Patients[k] {
			return errors.New("it is of another patient than was said, so that it may be in the wrong part of the set")
		}
	}
	m := newManifest(r.s, r.p, &r.o, &r.value)
	w := &Writer{
		Case: c, Name: r.s.Cases[k], Options: &r.o, Entry: entry, Labels: m.Labels, Model: r.s.Model, Program: r.s.Program,
		dir: r.folder.out, value: r.value, names: names,
		step: func(i int) error { r.step(k, i+1, 2*c.Series.Len()); return ctx.Err() },
	}
	if !r.p.Many && len(r.s.Cases) > 1 {
		w.folder = r.s.Cases[k]
	}
	if err := r.format.write(w); err != nil {
		return err
	}
	if c.Audit != nil {
		w.folder = ""
		if err := w.File(KindAudit, AllSlices, auditFile(w.Name), bytesTo(r.o.Identity.audit(c.Audit))); err != nil {
			return err
		}
	}
	n := c.Series.Len()
	problems, err := verifyCase(ctx, r.format, &Reader{r.folder.out, m, entry}, func(i int) { r.step(k, n+i+1, 2*n) })
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("what was written does not read back right: %s", problems[0])
	}
	if err != nil {
		return err
	}
	data, err := indented(entry)
	if err != nil {
		return err
	}
	if err := syncFolders(r.folder.out, entry.Files); err != nil {
		return err
	}
	_, err = writeFile(r.folder.out, detailFile(w.Name), bytesTo(data))
	return err
}

// syncFolders makes files last.
func syncFolders(dir string, files []FileEntry) error {
	last := ""
	for _, f := range files {
		folder := filepath.Dir(filepath.Join(dir, filepath.FromSlash(f.File)))
		if folder == last {
			continue
		}
		if err := syncFolder(folder); err != nil {
			return explain(folder, err)
		}
		last = folder
	}
	return nil
}

// step notes how much of case k is done.
func (r *run) step(k, done, of int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.done[k] = 1000 * done / of
	if r.progress == nil {
		return
	}
	sum := 0
	for _, d := range r.done {
		sum += d
	}
	r.progress(sum, 1000*len(r.own))
}

// gather lists the cases that are there in the manifest. The report says what there
// is, and whether others are still to come.
func (r *run) gather(m *Manifest) (Report, error) {
	var report Report
	files := map[string]string{}
	for _, name := range r.s.Cases {
		data, err := os.ReadFile(filepath.Join(r.folder.out, filepath.FromSlash(detailFile(name))))
		if errors.Is(err, os.ErrNotExist) {
			if left, ok := r.folder.failed(name); ok {
				m.LeftOut = append(m.LeftOut, left)
			} else {
				report.Unfinished = true
			}
			continue
		}
		if err != nil {
			return report, err
		}
		e, err := decodeCase(data)
		if err != nil {
			return report, fmt.Errorf("%s: %w", detailFile(name), err)
		}
		for _, f := range e.Files {
			if other, twice := files[strings.ToLower(f.File)]; twice {
				return report, fmt.Errorf("the cases %s and %s would both be written to %s", other, name, f.File)
			}
			files[strings.ToLower(f.File)] = name
		}
		ref := newCaseRef(e, data)
		m.Cases = append(m.Cases, ref)
		report.add(ref)
		report.Remarks = append(report.Remarks, e.Remarks...)
	}
	report.LeftOut = m.LeftOut
	return report, nil
}

func (r *Report) add(c CaseRef) {
	r.Cases++
	r.Slices += c.Slices
	r.Files += c.Files
	r.Foreground += c.ForegroundPx
}

func newCaseRef(e *CaseEntry, data []byte) CaseRef {
	ref := CaseRef{
		Case: e.Case, Patient: e.Patient, Held: e.Held, Slices: len(e.Slices), Files: len(e.Files),
		Manifest: FileEntry{File: detailFile(e.Case), Bytes: int64(len(data)), SHA256: digest(data)},
	}
	for _, s := range e.Slices {
		ref.ForegroundPx += s.ForegroundPx
	}
	return ref
}

// finish writes what is of the whole set, and checks it.
func (r *run) finish(m *Manifest, report *Report) error {
	if err := r.format.finish(&SetWriter{m, &r.o, r.folder.out}); err != nil {
		return err
	}
	report.Files += len(m.Files)
	data, err := m.encode()
	if err != nil {
		return err
	}
	if _, err := writeFile(r.folder.out, ManifestFile, bytesTo(data)); err != nil {
		return err
	}
	if problems := verifySet(r.format, r.folder.out, m); len(problems) > 0 {
		return fmt.Errorf("what was written does not read back right: %s", problems[0])
	}
	return r.folder.tidy(m)
}

func bytesTo(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}
