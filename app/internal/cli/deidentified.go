package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
)

// deidentifyReport is what deidentify prints with --json.
type deidentifyReport struct {
	Dir      string         `json:"dir"` // "" where nothing was written
	Edition  string         `json:"edition"`
	Files    []deidentified `json:"files"`
	LeftOut  []ct.LeftOut   `json:"left_out"`
	Warnings []string       `json:"warnings"`
	Searched int            `json:"searched_for"` // values that were taken out
	Standing []standing     `json:"standing"`     // those of them that stand in attributes that stay
}

// deidentified is one file. Its changes hold what must not leave.
type deidentified struct {
	Source  string   `json:"source"`
	File    string   `json:"file"` // "" where nothing was written
	Changed int      `json:"changed"`
	Kept    int      `json:"kept"`
	Changes []change `json:"changes,omitempty"`
}

// change is what becomes of an attribute.
type change struct {
	Tag      string `json:"tag"` // as in 00100010
	Keyword  string `json:"keyword"`
	Path     string `json:"path"` // of the sequences around it
	Action   string `json:"action"`
	Original string `json:"original"`
	New      string `json:"new"`
}

// standing is a value that was taken out of an attribute and stands in another one.
type standing struct {
	Value     string `json:"value"`
	Attribute string `json:"attribute"`
	Files     int    `json:"files"`
	Person    bool   `json:"person"` // it is a name or number of a person
}

func changesOf(r deid.Report) []change {
	out := []change{}
	for _, c := range r.Changes {
		out = append(out, change{fmt.Sprintf("%08X", c.Tag), c.Keyword, c.Path, string(c.Action), c.Original, c.New})
	}
	return out
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
	err := namedLeftOut(d.c.paths, d.refused)
	if d.leaking > 0 {
		err = errors.Join(err, fmt.Errorf("%s left out, since what was taken out was found in what was written", ct.Count(d.leaking, "file")))
	}
	return err
}

func (d *deidentifier) print() {
	out, r := d.p.Stdout, d.report
	switch {
	case !d.c.dry:
	case d.c.verbose:
		d.printChanges()
	default:
		d.printAttributes()
	}
	for _, l := range r.LeftOut {
		fmt.Fprintf(out, "left out: %s: %s\n", oneLine(l.File), oneLine(l.Reason))
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(out, "warning: %s\n", oneLine(w))
	}
	switch {
	case d.c.dry:
		fmt.Fprintf(out, "Nothing was written: %s would be.\n", ct.Count(len(r.Files), "file"))
	case len(r.Files) == 0:
		fmt.Fprintln(out, "Nothing was written.")
	default:
		fmt.Fprintf(out, "%s: %s without the identity (PS3.15 %s).\n%s\n", r.Dir, ct.Count(len(r.Files), "file"), r.Edition, r.searched())
	}
}

// maxStanding bounds how many values the report names one by one.
const maxStanding = 10

// searched says what was looked for, and what was found.
func (r *deidentifyReport) searched() string {
	if r.Searched == 0 {
		return "There was nothing to take out that could be looked for."
	}
	out := fmt.Sprintf("Looked for %s in every byte of what was written, in the spellings that README tells: found ", ct.Count(r.Searched, "value"))
	if len(r.Standing) == 0 {
		return out + "none."
	}
	return out + "those in attributes that stay, which the warning names, and no others."
}

// standingWarning names what was taken out and stands elsewhere, names and numbers of people first; "" where nothing does.
func (r *deidentifyReport) standingWarning() string {
	var named []string
	slices.SortStableFunc(r.Standing, func(a, b standing) int {
		switch {
		case a.Person == b.Person:
			return 0
		case a.Person:
			return -1
		}
		return 1
	})
	for _, s := range r.Standing {
		if len(named) < maxStanding {
			named = append(named, fmt.Sprintf("%q in %s of %s", oneLine(s.Value), s.Attribute, ct.Count(s.Files, "file")))
		}
	}
	if n := len(r.Standing) - len(named); n > 0 {
		named = append(named, fmt.Sprintf("%d more (--json lists all)", n))
	}
	if len(named) == 0 {
		return ""
	}
	return "values that were taken out of one attribute are still there in others, which stay; see whether they tell a person: " + strings.Join(named, ", ")
}

// printChanges prints what becomes of each attribute of each file.
func (d *deidentifier) printChanges() {
	for _, f := range d.report.Files {
		fmt.Fprintln(d.p.Stdout, oneLine(f.Source))
		for _, c := range f.Changes {
			fmt.Fprintf(d.p.Stdout, "  %s: %s -> %s\n", c.attribute(c.Path), oneLine(c.Original), c.becomes())
		}
	}
}

// attribute names the attribute of a change and what is done to it.
func (c *change) attribute(path string) string {
	return strings.TrimSpace(fmt.Sprintf("(%s,%s) %s %s", c.Tag[:4], c.Tag[4:], c.Action, strings.TrimSpace(oneLine(c.Keyword+" "+path))))
}

// becomes is what becomes of a value, in words.
func (c *change) becomes() string {
	switch {
	case c.New != "":
		return fmt.Sprintf("%q", oneLine(c.New))
	case c.Action == string(deid.Remove):
		return "removed"
	case c.Action == string(deid.Zero):
		return "emptied"
	}
	return "replaced within"
}

// printAttributes prints what becomes of each attribute, over all files, with the first value as an example.
func (d *deidentifier) printAttributes() {
	type row struct {
		first change
		files int
		last  int // file, from 1
	}
	rows := map[string]*row{}
	var order []*row
	for i, f := range d.report.Files {
		for _, c := range f.Changes {
			key := c.attribute("")
			r := rows[key]
			if r == nil {
				r = &row{first: c}
				rows[key], order = r, append(order, r)
			}
			if r.first.Original == "" {
				r.first = c
			}
			if r.last != i+1 {
				r.files, r.last = r.files+1, i+1
			}
		}
	}
	slices.SortStableFunc(order, func(a, b *row) int { return cmp.Compare(a.first.Tag, b.first.Tag) })
	for _, r := range order {
		was := oneLine(r.first.Original)
		if was == "" {
			was = "nothing"
		}
		fmt.Fprintf(d.p.Stdout, "%s: in %s, as %s -> %s\n", r.first.attribute(""), ct.Count(r.files, "file"), was, r.first.becomes())
	}
}
