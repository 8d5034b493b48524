package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
)

var deidentifyCommand = command{
	name: "deidentify", args: "PATH... -o DIR [flags]",
	summary: "Writes DICOM files anew, without what says who the patient is",
	notes: "By the Basic Application Level Confidentiality Profile of DICOM PS3.15 " + deid.Edition + ", Table E.1-1, at every depth of sequences, and\n" +
		"without private attributes. Files are named by pseudonyms: PATIENT/SERIES/NUMBER.dcm. The key that makes pseudonyms, UIDs\n" +
		"and shifts of dates leads back to the patients: keep it apart from DIR. What was written is searched, every byte, for what\n" +
		"was taken out; where anything is found, nothing is written. Secondary captures, dose pages and what is no image are left\n" +
		"out unless --all asks for them. Text in the pixels stays: a warning names files where it is likely. --dry-run tells what\n" +
		"becomes of each attribute. The exit status is 1 where a file that the call names was refused.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		c := deidentifyCall{}
		f.StringVar(&c.dir, "o", "", "the new folder `DIR` to write to")
		keyFlag(f, &c.key)
		f.BoolVar(&c.all, "all", false, "also what is left out otherwise: secondary captures, dose pages, reports")
		f.BoolVar(&c.dry, "dry-run", false, "write nothing, and tell what would become of each attribute")
		f.BoolVar(&c.o.KeepUIDs, "keep-uids", false, "keep UIDs")
		f.BoolVar(&c.o.KeepPatient, "keep-patient", false, "keep age, sex, size and the like")
		f.BoolVar(&c.o.KeepDevice, "keep-device", false, "keep what tells the device")
		f.BoolVar(&c.o.CleanDescriptors, "clean-descriptors", false, "keep those words of descriptions that say nothing of a person")
		f.Func("dates", "what becomes of dates and times: remove (default), shift, by days that are the patient's own, or keep; the `WAY`", c.setDates)
		asJSON := jsonFlag(f)
		return func(ctx context.Context, args []string) error {
			switch {
			case len(args) == 0:
				return wrongUse("a file or folder is needed")
			case c.dir == "" && !c.dry:
				return wrongUse("-o DIR is needed")
			}
			c.paths, c.json = args, *asJSON
			return p.deidentify(ctx, c)
		}
	},
}

// deidentifyCall is what deidentify was asked for.
type deidentifyCall struct {
	paths          []string
	dir, key       string
	all, dry, json bool
	o              deid.Options
}

func (c *deidentifyCall) setDates(way string) error {
	ways := map[string]deid.Dates{"remove": deid.RemoveDates, "shift": deid.ShiftDates, "keep": deid.KeepDates}
	var ok bool
	if c.o.Dates, ok = ways[way]; !ok {
		return errors.New("remove, shift or keep is needed")
	}
	return nil
}

// deidentifyReport is what deidentify prints with --json.
type deidentifyReport struct {
	Dir      string         `json:"dir"` // "" where nothing was written
	Edition  string         `json:"edition"`
	Files    []deidentified `json:"files"`
	LeftOut  []ct.LeftOut   `json:"left_out"`
	Warnings []string       `json:"warnings"`
	Searched int            `json:"searched_for"` // values that were taken out
}

// deidentified is one file. Its changes hold what must not leave.
type deidentified struct {
	Source  string        `json:"source"`
	File    string        `json:"file"` // "" where nothing was written
	Changed int           `json:"changed"`
	Kept    int           `json:"kept"`
	Changes []deid.Change `json:"changes,omitempty"`
}

func (p *Program) deidentify(ctx context.Context, c deidentifyCall) error {
	if _, err := os.Lstat(c.dir); err == nil && !c.dry {
		return fmt.Errorf("%s is there already: choose a new folder", c.dir)
	}
	key, err := p.openKey(c.key, c.dry)
	if err != nil {
		return err
	}
	files, err := dicomCandidates(c.paths)
	if err != nil {
		return err
	}
	d := &deidentifier{p: p, c: c, key: key, numbers: map[string]int{}, report: deidentifyReport{Edition: deid.Edition, Files: []deidentified{}, LeftOut: []ct.LeftOut{}, Warnings: []string{}}}
	if err := d.run(ctx, files); err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	return d.tell()
}

// dicomCandidates are the files that paths name, and those in the folders among them, in
// natural order.
func dicomCandidates(paths []string) (files []string, err error) {
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			return nil, fmt.Errorf("%s: %w", path, ct.Plain(err))
		}
		var below []string
		err := filepath.WalkDir(path, func(file string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() {
				below = append(below, file)
			}
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, ct.Plain(err))
		}
		slices.SortFunc(below, func(a, b string) int {
			switch {
			case ct.NaturalLess(a, b):
				return -1
			case ct.NaturalLess(b, a):
				return 1
			}
			return 0
		})
		files = append(files, below...)
	}
	return files, nil
}

// tell prints what was done.
func (d *deidentifier) tell() error {
	r := d.report
	if d.c.json {
		if err := d.p.printJSON(r); err != nil {
			return err
		}
	} else {
		d.print()
	}
	if len(r.Files) == 0 {
		return errors.New("there is no DICOM file that can be written without the identity")
	}
	if len(d.refused) > 0 {
		return namedLeftOut(d.c.paths, d.refused)
	}
	return nil
}

func (d *deidentifier) print() {
	out, r := d.p.Stdout, d.report
	for _, f := range r.Files {
		if !d.c.dry {
			break
		}
		fmt.Fprintln(out, oneLine(f.Source))
		for _, c := range f.Changes {
			fmt.Fprintf(out, "  (%04X,%04X) %s %s: %s -> %q\n", c.Tag>>16, c.Tag&0xffff, c.Action, oneLine(c.Keyword+" "+c.Path), oneLine(c.Original), oneLine(c.New))
		}
	}
	for _, l := range r.LeftOut {
		fmt.Fprintf(out, "left out: %s: %s\n", oneLine(l.File), oneLine(l.Reason))
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(out, "warning: %s\n", oneLine(w))
	}
	if d.c.dry {
		fmt.Fprintf(out, "Nothing was written: %s would be.\n", ct.Count(len(r.Files), "file"))
		return
	}
	fmt.Fprintf(out, "%s: %s without the identity (PS3.15 %s); %s that were taken out are nowhere in them.\n",
		r.Dir, ct.Count(len(r.Files), "file"), r.Edition, ct.Count(r.Searched, "value"))
}
