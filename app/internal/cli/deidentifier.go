package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
)

// deidentifier writes files without the identity into a folder beside its target, which
// is moved when nothing was found in it that was taken out.
type deidentifier struct {
	p       *Program
	c       deidentifyCall
	key     *deid.Key
	part    string         // the folder beside the target
	numbers map[string]int // of the files of each series
	written []string       // patients of the files of the report
	secrets deid.Secrets
	refused []ct.LeftOut
	report  deidentifyReport
}

func (d *deidentifier) run(ctx context.Context, files []string) (err error) {
	if !d.c.dry {
		parent := filepath.Dir(filepath.Clean(d.c.dir))
		if err := os.MkdirAll(parent, 0o777); err != nil {
			return err
		}
		if d.part, err = os.MkdirTemp(parent, ".groundglass-unfinished-"); err != nil {
			return err
		}
		defer os.RemoveAll(d.part)
	}
	meter := d.p.meter("writing without the identity")
	defer meter.end()
	for i, file := range files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.file(ctx, file); err != nil {
			return err
		}
		meter.show(i+1, 2*len(files))
	}
	if d.c.dry || len(d.report.Files) == 0 {
		return nil
	}
	for i := range d.report.Files {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := d.search(i); err != nil {
			return err
		}
		meter.show(len(files)+i+1, 2*len(files))
	}
	if err := d.key.Flush(); err != nil {
		return err
	}
	if err := os.Chmod(d.part, 0o755); err != nil {
		return err
	}
	d.report.Dir, d.report.Searched = d.c.dir, d.secrets.Len()
	return os.Rename(d.part, d.c.dir)
}

// file writes one file, or notes why it is left out.
func (d *deidentifier) file(ctx context.Context, path string) error {
	leave := func(reason string) {
		d.report.LeftOut = append(d.report.LeftOut, ct.LeftOut{File: path, Reason: reason})
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	r, err := deid.Clean(ctx, f, info.Size(), &out, d.key, d.c.o)
	if err != nil && ctx.Err() != nil {
		return err
	}
	if err != nil {
		leave(err.Error())
		d.refused = append(d.refused, d.report.LeftOut[len(d.report.LeftOut)-1])
		return nil
	}
	if r.LeaveOut != "" && !d.c.all {
		leave(r.LeaveOut)
		return nil
	}
	d.secrets.Add(r)
	for _, w := range r.Warnings {
		d.report.Warnings = append(d.report.Warnings, path+": "+w)
	}
	made := deidentified{Source: path, Changed: len(r.Changes), Kept: r.Kept}
	if d.c.dry {
		made.Changes = r.Changes
		d.report.Files = append(d.report.Files, made)
		return nil
	}
	series := filepath.Join(r.Patient, d.key.Folder(r.Was.Series))
	d.numbers[series]++
	made.File = filepath.ToSlash(filepath.Join(series, fmt.Sprintf("%05d.dcm", d.numbers[series])))
	d.key.File(ct.FullPath(path), made.File)
	to := filepath.Join(d.part, filepath.FromSlash(made.File))
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	if err := writeForGood(to, out.Bytes()); err != nil {
		return err
	}
	d.lookForText(ctx, path, to)
	d.report.Files, d.written = append(d.report.Files, made), append(d.written, r.Patient)
	return nil
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

// search looks through a file that was written for what was taken out of all of them.
func (d *deidentifier) search(i int) error {
	made := d.report.Files[i]
	if found := d.secrets.Name(made.File); len(found) > 0 {
		return fmt.Errorf("the name of what %s would become tells of the patient", made.Source)
	}
	f, err := os.Open(filepath.Join(d.part, filepath.FromSlash(made.File)))
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	problems, err := d.secrets.Check(f, info.Size(), d.written[i], d.c.o)
	if err == nil && len(problems) > 0 {
		err = fmt.Errorf("what was taken out is still there: %s", problems[0])
	}
	if err != nil {
		return fmt.Errorf("%s: %w", made.Source, err)
	}
	return nil
}
