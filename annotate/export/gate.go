package export

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/ct"
)

// Field is something that tells who or what the images are of, or who worked on
// them.
type Field struct {
	What   string // in words
	Here   string // what it is
	Leaves string // what is left of it in the export; "" for nothing
}

// Leaving is what would leave with a case that is exported by a preset, field by field.
// Fields that the images do not have are left out.
func Leaving(name string, c *Case, p Preset, o Options) []Field {
	d, s := o.Identity.of(c), c.Series
	var out []Field
	add := func(what, here, leaves string) {
		if here != "" {
			out = append(out, Field{what, here, leaves})
		}
	}
	paths, names := d.sources(s.Sources)
	first := s.Sources[0]
	add("Patient's ID", c.Patient, with(d.Patient, c.Patient))
	add("Patient's name", s.Patient.Name, "")
	add("Series description", s.Description, with(d.Words, s.Description))
	add("Series UID", s.UID, with(d.UID, s.UID))
	add("Instance UIDs", numberOf(first.SOPInstanceUID, s.Len()), numberOf(with(d.UID, first.SOPInstanceUID), s.Len()))
	if first.File != "" {
		here, _ := Identity{}.sources(s.Sources)
		add("Names of the images' files", some(here), some(paths))
		add("Folder of the images", filepath.Base(filepath.Dir(first.File)), name)
	}
	add("Names of the slices in files", some(Names(s.Sources)), some(names))
	add("Pixels of the first, middle and last slice", "as they are", "a fingerprint (SHA-256), by which who has the images finds that the labels are theirs")
	people, called := c.people(d)
	add("People who worked on it", strings.Join(people, ", "), strings.Join(called, ", "))
	if n := strings.Count(string(c.Audit), "\n"); n > 0 {
		add("Log of the work, with its times", ct.Count(n, "step"), ct.Count(strings.Count(string(d.audit(c.Audit)), "\n"), "step"))
	}
	if f, ok := p.format(&o).(interface{ leaving(*Case, Identity) []Field }); ok {
		return merged(out, f.leaving(c, d))
	}
	return out
}

// merged are the fields, those that a format knows more of in its words.
func merged(fields, more []Field) []Field {
	for _, f := range more {
		k := slices.IndexFunc(fields, func(have Field) bool { return have.What == f.What })
		if k < 0 {
			fields = append(fields, f)
		} else {
			fields[k] = f
		}
	}
	return fields
}

// some is the first of several values, and how many others there are, for people.
func some(values []string) string {
	seen := map[string]bool{}
	for _, v := range values {
		seen[v] = true
	}
	return numberOf(values[0], len(seen))
}

// numberOf is one of several values, for people.
func numberOf(first string, n int) string {
	if n < 2 || first == "" {
		return first
	}
	return fmt.Sprintf("%s and %d more", first, n-1)
}

// people are those who worked on the case, and what the export calls them.
func (c *Case) people(d Identity) (here, called []string) {
	if c.Work == nil {
		return nil, nil
	}
	for i := range c.Series.Len() {
		for _, who := range c.Work(i).By {
			if who != "" && !slices.Contains(here, who) {
				here, called = append(here, who), append(called, with(d.Person, who))
			}
		}
	}
	return here, called
}
