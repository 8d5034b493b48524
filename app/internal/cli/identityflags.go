package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
	"groundglass/annotate/export"
	"groundglass/annotate/labels"
)

// identityCall is what of people's identity an export was asked to keep.
type identityCall struct {
	keep, people bool
	key          string // its file; "" for the user's own
}

// identityFlags declares --keep-identity, --keep-people and --key.
func identityFlags(f *flag.FlagSet) *identityCall {
	var c identityCall
	f.BoolVar(&c.keep, "keep-identity", false, "keep patients' IDs, UIDs, descriptions and the names of files and folders, in place of pseudonyms")
	f.BoolVar(&c.people, "keep-people", false, "keep the names of those who worked on the labels")
	keyFlag(f, &c.key)
	return &c
}

// keyFlag declares --key.
func keyFlag(f *flag.FlagSet, file *string) {
	f.StringVar(file, "key", "", "the `FILE` of the key that makes the pseudonyms and leads back, made where there is none (default: with the user's data)")
}

// identity is what leaves. Done writes what the key met to its file. Where nothing is to be written, the key is not made.
func (p *Program) identity(c identityCall, dry bool) (d export.Identity, done func() error, err error) {
	done = func() error { return nil }
	if !c.keep {
		key, err := p.openKey(c.key, dry)
		if err != nil {
			return d, nil, err
		}
		d = WithoutIdentity(key)
		if !dry {
			done = key.Flush
		}
	}
	if !c.people {
		d = WithoutPeople(d)
	}
	return d, done, nil
}

func (p *Program) openKey(file string, dry bool) (*deid.Key, error) {
	if file == "" {
		if p.KeyFile == nil {
			return nil, errors.New("a key is needed: name one with --key, or keep the identity with --keep-identity")
		}
		var err error
		if file, err = p.KeyFile(); err != nil {
			return nil, err
		}
	}
	_, err := os.Stat(file)
	missing := errors.Is(err, os.ErrNotExist)
	if dry && missing {
		return deid.NewKey(), nil
	}
	key, err := deid.OpenKey(file)
	if err == nil && missing {
		p.warn("the key %s was made: pseudonyms are by it, and it leads back to the patients. Keep it, and give it to nobody", file)
	}
	return key, err
}

// LabelKey is the key in a file, for labels that were exported without the identity, so that they find the images that they
// are of. Where there is no key it knows nothing.
func LabelKey(file string) labels.Key {
	if _, err := os.Stat(file); err != nil {
		return labels.Key{}
	}
	key, err := deid.OpenKey(file)
	if err != nil {
		return labels.Key{}
	}
	return labels.Key{UID: key.UID, Patient: key.Patient, Made: key.Made}
}

// leaving is what --dry-run prints with --json.
type leaving struct {
	Cases []leavingCase `json:"cases"`
}

// leavingCase is what would leave with a case, for --dry-run.
type leavingCase struct {
	Case     string         `json:"case"`
	Fields   []leavingField `json:"fields"`
	Warnings []string       `json:"warnings"`
	Notes    []string       `json:"notes"`
}

type leavingField struct {
	What   string `json:"what"`
	Here   string `json:"here"`
	Leaves string `json:"leaves"` // "" for nothing
}

// dryRun tells what would leave, case by case and field by field, and writes nothing.
func (p *Program) dryRun(ctx context.Context, c *exportCall, s *exportSources, set export.Set) error {
	all := leaving{Cases: []leavingCase{}}
	for _, k := range part(indices(len(s.all)), c.o.Shard) {
		in, err := p.bareCase(ctx, s, &s.all[k])
		if err != nil {
			p.warn("%s would be left out: %s", set.Cases[k], oneLine(err.Error()))
			continue
		}
		out := leavingCase{Case: set.Cases[k], Fields: []leavingField{}, Warnings: []string{}, Notes: append([]string{}, IdentityNotes(in, c.o, "--keep-identity")...)}
		for _, f := range export.Leaving(set.Cases[k], in, c.preset, c.o) {
			out.Fields = append(out.Fields, leavingField(f))
		}
		out.Warnings = append(out.Warnings, Warnings(c.dir, in, c.preset, c.o)...)
		if !c.json {
			p.printLeaving(out)
			continue
		}
		all.Cases = append(all.Cases, out)
	}
	if c.json {
		return p.printJSON(all)
	}
	return nil
}

func (p *Program) printLeaving(c leavingCase) {
	fmt.Fprintln(p.Stdout, c.Case)
	for _, f := range c.Fields {
		leaves := oneLine(f.Leaves)
		switch f.Leaves {
		case "":
			leaves = "nothing"
		case f.Here:
			leaves = "kept as it is"
		}
		fmt.Fprintf(p.Stdout, "  %s: %s -> %s\n", f.What, oneLine(f.Here), leaves)
	}
	for _, n := range c.Notes {
		fmt.Fprintf(p.Stdout, "  %s\n", n)
	}
	for _, w := range c.Warnings {
		fmt.Fprintf(p.Stdout, "  warning: %s\n", w)
	}
}

// bareCase is a case without masks that a model would have to propose.
func (p *Program) bareCase(ctx context.Context, s *exportSources, e *exportSource) (*export.Case, error) {
	return p.caseBy(ctx, s, e, func(series *ct.Series) (*export.Case, error) {
		return &export.Case{Patient: series.Patient.ID, Series: series}, nil
	})
}
