package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/internal/turn"
)

// Write exports a set to dir. Each case is read back and compared with its masks
// before the folder appears; what does not read back right is an error. The error wraps
// ErrExists where dir holds an export or such files already and o.Overwrite is not
// set, and ctx's where it was cancelled; in either case, as in every failure, dir is
// as it was. With o.Resume, what is done by then is kept beside dir, which a *Stopped
// tells, and gone on with by the next Write of the same set and options; the end is the
// same to the byte. Progress, which may be nil, is called by one goroutine at a time, and
// counts thousandths of cases.
//
// With o.Shard, several programs, on several machines that have dir on a file system of
// theirs, write an export together: the one that finds all cases there finishes it.
// Where the export is there already, whole, that is no error, and nothing is done.
func Write(ctx context.Context, dir string, p Preset, s Set, o Options, progress func(done, total int)) (Report, error) {
	r, err := newRun(dir, p, s, o, progress)
	if err != nil {
		return Report{}, err
	}
	if r.folder == nil {
		there, _ := r.finished()
		return there, nil
	}
	defer r.folder.drop()
	report, err := r.write(ctx)
	if err != nil || report.Unfinished {
		if there, ok := r.finished(); ok && r.folder.fresh { // by another program, meanwhile
			r.folder.keep = false
			return there, nil
		}
	}
	if err != nil {
		return Report{}, r.stopped(fmt.Errorf("nothing was exported: %w", err))
	}
	report.Dir = dir
	return report, nil
}

// unfit is the error of cases that make no set together, whatever is done again.
type unfit struct{ error }

// stopped says what can be gone on with after an error.
func (r *run) stopped(err error) error {
	if errors.As(err, &unfit{}) {
		r.folder.keep = false
		return err
	}
	s := &Stopped{Part: r.folder.part, Of: len(r.own), Err: err}
	for _, k := range r.own {
		if r.folder.has(r.s.Cases[k]) {
			s.Done++
		}
	}
	if _, other := r.folder.agrees(); s.Done == 0 && r.o.Shard.Count < 2 && other == nil {
		r.folder.keep = false
	}
	if !r.folder.keep || len(r.s.Cases) == 1 {
		return err
	}
	return s
}

func (r *run) write(ctx context.Context) (Report, error) {
	earlier, anew, err := r.cases(ctx)
	if err != nil {
		return Report{}, err
	}
	if n := r.missing(); n > 0 {
		report, err := r.gather(newManifest(r.s, r.p, &r.o, &r.value), r.own)
		report.Unfinished, report.Missing, report.Earlier, report.Anew = true, n, earlier, anew
		return report, err
	}
	ours, err := turn.Take(ctx, filepath.Join(r.folder.part, turnFile))
	if err != nil {
		return Report{}, explain(r.dir, err)
	}
	defer ours.Give()
	report, err := r.finish()
	report.Earlier, report.Anew = earlier, anew
	return report, err
}

// missing is how many cases are neither there nor left out. It is the first look at
// those of others, since file systems of several machines remember for a while what
// was not there.
func (r *run) missing() (n int) {
	for _, name := range r.s.Cases {
		if !r.folder.has(name) {
			if _, left := r.folder.failed(name); !left {
				n++
			}
		}
	}
	return n
}

// cases writes the cases that are not yet there, several at a time. Earlier is how many
// were; one that was left out is tried again, and anew is how many were of other sources.
func (r *run) cases(ctx context.Context) (earlier, anew int, err error) {
	var todo []int
	for _, k := range r.own {
		name := r.s.Cases[k]
		if r.folder.has(name) {
			if r.s.State == nil || r.folder.madeOf(name, r.s.State(k)) {
				earlier++
				continue
			}
			anew++
			if err := os.Remove(r.folder.path(detailFile(name))); err != nil && !errors.Is(err, os.ErrNotExist) {
				return earlier, anew, explain(r.dir, err)
			}
		}
		os.Remove(r.folder.leftFile(name))
		todo = append(todo, k)
	}
	r.todo = len(todo)
	return earlier, anew, r.writeCases(ctx, todo)
}

func (r *run) writeCases(ctx context.Context, todo []int) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	inParallel(ctx, r.o.Workers, todo, func(k int) {
		if err := r.one(ctx, k); err != nil {
			cancel(err)
		}
	})
	return context.Cause(ctx)
}

// one writes case k, or notes that it is left out.
func (r *run) one(ctx context.Context, k int) error {
	defer r.step(k, 1, 1)
	if ctx.Err() != nil {
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
	if r.s.State != nil && r.folder.keep {
		if err := r.folder.makeOf(r.s.Cases[k], r.s.State(k)); err != nil {
			return err
		}
	}
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
	o := r.o
	o.Identity = o.Identity.of(c)
	whole := c
	c = c.without(r.s.Without)
	sources, names := o.Identity.sources(c.Series.Sources)
	entry, err := newCase(r.s.Cases[k], c, &o, sources, &r.value)
	if err != nil {
		return err
	}
	if err := entry.remarkWithout(whole, r.s.Without); err != nil {
		return err
	}
	if !o.Identity.Kept() {
		if err := labelNames(c, entry, o.Identity); err != nil {
			return err
		}
	}
	if r.held != nil {
		if entry.Held = r.held[k]; c.Patient != r.s.Patients[k] {
			return errors.New("it is of another patient than was said, so that it may be in the wrong part of the set")
		}
	}
	m := newManifest(r.s, r.p, &r.o, &r.value)
	w := &Writer{
		Case: c, Name: r.s.Cases[k], Options: &o, Entry: entry, Labels: m.Labels, Model: r.s.Model, Program: r.s.Program,
		at: r.folder, value: r.value, names: names, ctx: ctx,
		step: func(i int) error { r.step(k, i+1, 2*c.Series.Len()); return ctx.Err() },
	}
	if !r.p.Many && len(r.s.Cases) > 1 {
		w.folder = r.s.Cases[k]
	}
	if err := r.format.write(w); err != nil {
		return err
	}
	entry.remarkUnseen()
	if c.Audit != nil {
		w.folder = ""
		if err := w.File(KindAudit, AllSlices, auditFile(w.Name), bytesTo(o.Identity.audit(c.Audit))); err != nil {
			return err
		}
	}
	n := c.Series.Len()
	problems, err := verifyCase(ctx, r.format, newReader(r.folder.out, m, entry), func(i int) { r.step(k, n+i+1, 2*n) })
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("what was written does not read back right: %s", problems[0])
	}
	if err == nil && !o.Identity.Kept() {
		err = leaks(r.folder.out, c, entry, o.Identity)
	}
	if err != nil {
		return err
	}
	data, err := indented(entry)
	if err != nil {
		return err
	}
	if err := r.folder.sync(entry.Files); err != nil {
		return err
	}
	detail, err := r.folder.write(detailFile(w.Name), bytesTo(data))
	if err != nil {
		return err
	}
	return r.folder.sync([]FileEntry{detail})
}

// step notes how much of case k is done.
func (r *run) step(k, done, of int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.sum += 1000*done/of - r.done[k]
	r.done[k] = 1000 * done / of
	if r.progress != nil {
		r.progress(r.sum, 1000*r.todo)
	}
}

// gather lists cases in the manifest, which must all be there or left out. The report
// says what there is.
func (r *run) gather(m *Manifest, cases []int) (Report, error) {
	var report Report
	var lie orientations
	files := map[string]string{}
	for _, k := range cases {
		name := r.s.Cases[k]
		data, err := os.ReadFile(r.folder.path(detailFile(name)))
		if errors.Is(err, os.ErrNotExist) {
			if left, ok := r.folder.failed(name); ok {
				report.LeftOut = append(report.LeftOut, left)
				m.LeftOut = append(m.LeftOut, r.o.Identity.failure(left))
				continue
			}
		}
		if err != nil {
			return report, err
		}
		e, err := decodeCase(data)
		if err != nil {
			return report, fmt.Errorf("%s: %w", detailFile(name), err)
		}
		for _, f := range e.Files {
			if !r.p.Many {
				break // each case has a folder of its own
			}
			if other, twice := files[strings.ToLower(f.File)]; twice {
				return report, unfit{fmt.Errorf("the cases %s and %s would both be written to %s", other, name, f.File)}
			}
			files[strings.ToLower(f.File)] = name
		}
		ref := newCaseRef(e, data)
		m.Cases = append(m.Cases, ref)
		report.add(ref)
		report.Remarks = append(report.Remarks, e.Remarks...)
		lie.add(e)
	}
	report.Remarks = append(report.Remarks, lie.remarks()...)
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

// finish writes what is of the whole set, checks it, and moves it all to its place.
func (r *run) finish() (Report, error) {
	if _, err := r.folder.agrees(); err != nil {
		return Report{}, err
	}
	m := newManifest(r.s, r.p, &r.o, &r.value)
	all := make([]int, len(r.s.Cases))
	for k := range all {
		all[k] = k
	}
	report, err := r.gather(m, all)
	if err != nil {
		return report, err
	}
	if len(m.Cases) == 0 {
		return report, fmt.Errorf("no case can be exported; %s: %s", report.LeftOut[0].Case, report.LeftOut[0].Reason)
	}
	remarks, err := r.ofSet(m)
	if err != nil {
		return report, err
	}
	report.Remarks = append(report.Remarks, remarks...)
	report.Files += len(m.Files)
	if err := r.folder.install(m); err != nil {
		return report, err
	}
	if !r.folder.fresh {
		report.Remarks = append(report.Remarks, r.beside(m)...)
	}
	return report, nil
}

// beside tells of what was in the folder before, and stays.
func (r *run) beside(m *Manifest) []string {
	r.folder.drop()
	there, _, _ := strange(r.dir, m)
	if len(there.names) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s holds what is not of the export, and stays: %s. Verification will say so, since training code may take it for a part.", r.dir, few(there.names))}
}

// ofSet writes and checks what is of no single case.
func (r *run) ofSet(m *Manifest) (remarks []string, err error) {
	set := &SetWriter{Manifest: m, Options: &r.o, at: r.folder}
	if err := r.format.finish(set); err != nil {
		return nil, err
	}
	data, err := m.encode()
	if err != nil {
		return nil, err
	}
	e, err := r.folder.write(ManifestFile, bytesTo(data))
	if err != nil {
		return nil, err
	}
	if err := tidy(r.folder.out, m); err != nil { // what is of cases that are left out would be a fault
		return nil, err
	}
	if problems := verifySet(r.format, r.folder.out, m); len(problems) > 0 {
		return nil, fmt.Errorf("what was written does not read back right: %s", problems[0])
	}
	return set.remarks, r.folder.sync(append(slices.Clone(m.Files), e))
}

func bytesTo(b []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(b)
		return err
	}
}
