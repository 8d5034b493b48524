package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
)

var deidentifyCommand = command{
	name: "deidentify", args: "PATH... -o DIR [flags]",
	summary: "Writes DICOM files anew, without what says who the patient is",
	notes: "PATH is a file, a folder or a zip archive. By the Basic Application Level Confidentiality Profile of DICOM PS3.15 " + deid.Edition + ",\n" +
		"Table E.1-1, at every depth of sequences, and without private attributes. Texts that the table does not list are emptied,\n" +
		"but for those of devices, programs and codes. Dates and times are removed; --dates shift moves dates by whole days, which\n" +
		"leaves the time of the day as it is. Files are named by pseudonyms: PATIENT/SERIES/NUMBER.dcm. The key that makes\n" +
		"pseudonyms, UIDs and shifts of dates leads back to the patients (groundglass identify): keep it apart from DIR and the\n" +
		"images. Files that were cleaned by the same key stay as they are. Names, numbers and dates of a file's people also go from\n" +
		"attributes that stay otherwise. What was written is searched, every byte, for what was taken out, in the spellings that\n" +
		"README tells; a file in which it is found is left out, and what also stands in an attribute that stays is warned of. That\n" +
		"is no proof that nothing tells the patient. Secondary captures, dose pages and what is no image are left out unless --all\n" +
		"asks for them. Names of labels in structure sets and segmentations are texts that people typed, and go. Text in the pixels\n" +
		"stays: a warning names files where it is likely. --dry-run tells what becomes of each attribute. The exit status is 1 where\n" +
		"a file that the call names was refused.",
	kept: "nothing was written",
	prepare: func(p *Program, f *flag.FlagSet) action {
		c := deidentifyCall{}
		f.StringVar(&c.dir, "o", "", "the new folder `DIR` to write to")
		keyFlag(f, &c.key)
		f.BoolVar(&c.all, "all", false, "also what is left out otherwise: secondary captures, dose pages, reports")
		f.BoolVar(&c.dry, "dry-run", false, "write nothing, and tell what would become of each attribute")
		f.BoolVar(&c.verbose, "verbose", false, "with --dry-run: tell it file by file")
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
	verbose        bool
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

func (p *Program) deidentify(ctx context.Context, c deidentifyCall) error {
	if !c.dry {
		if _, err := os.Lstat(c.dir); err == nil {
			return fmt.Errorf("%s is there already: choose a new folder", c.dir)
		}
	}
	if c.dir != "" {
		if err := apart(c.paths, c.dir, p.keyFile(c.key)); err != nil {
			return err
		}
	}
	files, left, err := ct.Files(ctx, c.paths)
	if err != nil {
		return err
	}
	key, err := p.openKey(c.key, c.dry)
	if err != nil {
		return err
	}
	d := &deidentifier{p: p, c: c, key: key, numbers: map[string]int{}, secrets: deid.Secrets{Made: key.Made}, report: deidentifyReport{
		Edition: deid.Edition, Files: []deidentified{}, LeftOut: []ct.LeftOut{}, Warnings: []string{}, Standing: []standing{},
	}}
	for _, l := range left {
		d.refuse(l.File, l.Reason)
	}
	if err := d.run(ctx, files); err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	return d.tell()
}
