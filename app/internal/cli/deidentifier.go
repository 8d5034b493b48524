package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
	"groundglass/annotate/export"
)

// deidentifier writes files without the identity into a folder beside its target, which
// is moved when what was taken out has been looked for in all of them.
type deidentifier struct {
	p       *Program
	c       deidentifyCall
	key     *deid.Key
	part    string         // the folder beside the target
	numbers map[string]int // of the files of each series
	written []string       // patients of the files of the report
	secrets deid.Secrets
	people  deid.Patients
	refused []ct.LeftOut
	labels  int // files that hold labels
	leaking int // files that were left out for what was found in them
	report  deidentifyReport
}

func (d *deidentifier) run(ctx context.Context, files []ct.File) (err error) {
	if !d.c.dry {
		parent := filepath.Dir(filepath.Clean(d.c.dir))
		if err := os.MkdirAll(parent, 0o777); err != nil {
			return export.Explain(d.c.dir, err)
		}
		d.tellLeftovers(parent)
		if d.part, err = os.MkdirTemp(parent, unfinished); err != nil {
			return export.Explain(d.c.dir, err)
		}
		defer os.RemoveAll(d.part)
	}
	meter := d.p.meter("writing without the identity")
	defer meter.end()
	for i, file := range files {
		if err := d.file(ctx, file); err != nil {
			return err
		}
		meter.show(i+1, 2*len(files))
	}
	d.warnOfName()
	d.warnOfLabels()
	if d.c.dry {
		return nil
	}
	if err := d.searchAll(ctx, func(done int) { meter.show(len(files)+done, 2*len(files)) }); err != nil || len(d.report.Files) == 0 {
		return err
	}
	if err := d.key.Flush(); err != nil {
		return err
	}
	if err := os.Chmod(d.part, 0o755); err != nil {
		return err
	}
	d.report.Dir, d.report.Searched = d.c.dir, d.secrets.Len()
	if told := d.report.standingWarning(); told != "" {
		d.report.Warnings = append(d.report.Warnings, told)
	}
	return os.Rename(d.part, d.c.dir)
}

// unfinished begins the names of folders in which files wait to be moved.
const unfinished = ".groundglass-unfinished-"

// tellLeftovers warns of what a call left that was killed: files that nobody has searched. Exports have a plan in theirs,
// with which they go on.
func (d *deidentifier) tellLeftovers(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return // which making a folder there tells
	}
	for _, e := range entries {
		path := filepath.Join(parent, e.Name())
		if !e.IsDir() || !strings.HasPrefix(e.Name(), unfinished) {
			continue
		}
		if _, err := os.Lstat(filepath.Join(path, "plan.json")); errors.Is(err, os.ErrNotExist) {
			d.report.Warnings = append(d.report.Warnings, path+" was left by a call that was stopped, unless one is at work there: its files have not been searched for names; remove it")
		}
	}
}

// leave notes why a file is left out.
func (d *deidentifier) leave(path, reason string) {
	d.report.LeftOut = append(d.report.LeftOut, ct.LeftOut{File: path, Reason: reason})
}

// refuse notes why a file cannot be written.
func (d *deidentifier) refuse(path, reason string) {
	d.leave(path, reason)
	d.refused = append(d.refused, ct.LeftOut{File: path, Reason: reason})
}

// file writes one file, or notes why it is left out. An error is not of the file alone.
func (d *deidentifier) file(ctx context.Context, f ct.File) error {
	var out bytes.Buffer
	var r deid.Report
	err := f.Read(func(in io.ReaderAt, size int64) (err error) {
		r, err = deid.Clean(ctx, in, size, &out, d.key, d.c.o)
		return err
	})
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		d.refuse(f.Path, err.Error())
		return nil
	case r.LeaveOut != "" && !d.c.all:
		d.leave(f.Path, r.LeaveOut+" (--all takes it in)")
		return nil
	}
	d.secrets.Add(r)
	if deid.HoldsLabels(r.Class) {
		d.labels++
	}
	if r.Person.ID != r.Patient { // else it was cleaned before
		if told := d.people.Add(r.Patient, r.Person); told != "" {
			d.report.Warnings = append(d.report.Warnings, told)
		}
	}
	for _, w := range r.Warnings {
		d.report.Warnings = append(d.report.Warnings, f.Path+": "+w)
	}
	made := deidentified{Source: f.Path, Changed: len(r.Changes), Kept: r.Kept}
	if d.c.dry {
		made.Changes = changesOf(r)
	} else if made.File, err = d.put(f.Path, r, out.Bytes()); err != nil {
		return err
	} else {
		d.lookForText(ctx, f.Path, filepath.Join(d.part, filepath.FromSlash(made.File)))
	}
	d.report.Files, d.written = append(d.report.Files, made), append(d.written, r.Patient)
	return nil
}

// put writes what became of a file, and returns its name in the folder.
func (d *deidentifier) put(from string, r deid.Report, data []byte) (name string, err error) {
	series := filepath.Join(r.Patient, d.key.Folder(r.Was.Series))
	d.numbers[series]++
	name = filepath.Join(series, fmt.Sprintf("%05d.dcm", d.numbers[series]))
	to := filepath.Join(d.part, name)
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return "", err
	}
	name = filepath.ToSlash(name)
	d.key.File(ct.FullPath(from), name)
	return name, writeForGood(to, data)
}

// writeForGood writes a new file that a power cut leaves as it is.
func writeForGood(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return errors.Join(err, f.Sync(), f.Close())
}

// lookForText warns of a picture that seems to have text in it.
func (d *deidentifier) lookForText(ctx context.Context, path, written string) {
	found, err := ct.Open(ctx, []string{written}, nil)
	if err != nil {
		return
	}
	for _, s := range found.Series {
		for i := range s.Len() {
			slice, err := s.Slice(i)
			if err == nil && deid.TextLike(slice.HU, slice.W, slice.H) {
				d.report.Warnings = append(d.report.Warnings, path+": there seems to be text in the picture, which stays")
				return
			}
		}
	}
}

// warnOfLabels warns that names of labels are lost.
func (d *deidentifier) warnOfLabels() {
	switch {
	case d.labels == 0:
	case d.c.o.CleanDescriptors:
		d.report.Warnings = append(d.report.Warnings, fmt.Sprintf("%s of labels: of the labels' names only words that say nothing of a person stay", ct.Count(d.labels, "file")))
	default:
		d.report.Warnings = append(d.report.Warnings, fmt.Sprintf("%s of labels: regions lose their names (ROIName), and of segments' names only words that say nothing of a person stay; --clean-descriptors keeps these of regions, too", ct.Count(d.labels, "file")))
	}
}

// warnOfName warns where the name of the folder, or of one around it, tells of a patient.
func (d *deidentifier) warnOfName() {
	if d.c.dir == "" {
		return
	}
	for _, at := range []struct{ what, name string }{{"folder's name", filepath.Base(d.c.dir)}, {"path to the folder", filepath.Dir(d.c.dir)}} {
		for _, word := range d.secrets.Name(at.name) {
			d.report.Warnings = append(d.report.Warnings, fmt.Sprintf("the %s has %q in it, which is part of a patient's name or ID", at.what, word))
		}
	}
}

// searchAll looks through all that was written. Files in which something is found that was taken out are left out.
func (d *deidentifier) searchAll(ctx context.Context, progress func(done int)) error {
	var good []deidentified
	for i, made := range d.report.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		path := filepath.Join(d.part, filepath.FromSlash(made.File))
		problem, err := d.search(path, d.written[i])
		if err != nil {
			return fmt.Errorf("%s: %w", made.Source, err)
		}
		progress(i + 1)
		if problem == "" {
			good = append(good, made)
			continue
		}
		d.refuse(made.Source, problem)
		d.leaking++
		if err := os.Remove(path); err != nil {
			return err
		}
		os.Remove(filepath.Dir(path)) // where it was the only one
		os.Remove(filepath.Dir(filepath.Dir(path)))
	}
	d.report.Files = append([]deidentified{}, good...)
	return nil
}

// search looks through a file of a patient for what was taken out of all of them, and says what it found.
func (d *deidentifier) search(path, patient string) (problem string, err error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	problems, standing, err := d.secrets.Check(f, info.Size(), patient, d.c.o)
	switch {
	case err != nil:
		return err.Error(), nil
	case len(problems) > 0:
		return problems[0], nil
	}
	for _, s := range standing {
		d.stands(s)
	}
	return "", nil
}

// stands counts a value that stands in an attribute of a file.
func (d *deidentifier) stands(s deid.Standing) {
	k := slices.IndexFunc(d.report.Standing, func(have standing) bool { return have.Value == s.Value && have.Attribute == s.Attribute })
	if k < 0 {
		k = len(d.report.Standing)
		d.report.Standing = append(d.report.Standing, standing{s.Value, s.Attribute, 0, s.Person})
	}
	d.report.Standing[k].Files++
}
