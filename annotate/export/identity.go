package export

import (
	"path"

	"groundglass/annotate/ct"
)

// Identity says what of the sources' and people's identity leaves with an export.
// The zero value keeps all; a function that is nil keeps what it is for.
type Identity struct {
	Method  string                    // in words, for the manifest; "" where all is kept
	UID     func(uid string) string   // a UID, of an instance or of anything else
	Patient func(id string) string    // a patient
	Days    func(patient string) int  // by how many days the dates of a patient move
	Words   func(text string) string  // a description, or another text that people typed
	Person  func(name string) string  // one who worked on the labels
	Audit   func(audit []byte) []byte // the log of the work
	Case    func(s *ct.Series) string // a name for a series' files; by its folder where it is kept

	// Whose is what Patient and Days are asked with for a series whose patient no list names;
	// the patient's ID where it is nil.
	Whose func(s *ct.Series) string
	whose string // of the case at hand

	// Done reports whether a series' identity was taken out before, in a way that labels
	// can go on with: its UIDs, its patient and its dates then leave as they are, so that
	// labels refer to images that there are. It may be nil.
	Done func(s *ct.Series) bool
	done bool // it was, of the case at hand
}

// of is what leaves of a case.
func (d Identity) of(c *Case) Identity {
	if d.Kept() || d.Done == nil || !d.Done(c.Series) {
		return d.asked(c)
	}
	d.done, d.UID, d.Days = true, nil, nil
	if c.Patient == c.Series.Patient.ID {
		d.Patient = nil // else, a list says who it is
	}
	return d
}

// asked is what leaves of a case, with Patient and Days asked with whom Whose says.
func (d Identity) asked(c *Case) Identity {
	if d.Whose == nil || c.Patient != c.Series.Patient.ID {
		return d
	}
	d.whose = d.Whose(c.Series)
	who, patient, days := d.whose, d.Patient, d.Days
	if patient != nil {
		d.Patient = func(string) string { return patient(who) }
	}
	if days != nil {
		d.Days = func(string) int { return days(who) }
	}
	return d
}

// Kept reports whether all of it is kept.
func (d Identity) Kept() bool { return d.Method == "" }

func with(f func(string) string, s string) string {
	if f == nil || s == "" {
		return s
	}
	return f(s)
}

// CaseNames are names for series, each once as file systems without case see it. Where
// several would get the same one, as of folders that are all called CT, each gets the
// name of the folder around it in front, and failing that a number.
func (d Identity) CaseNames(all []*ct.Series) []string {
	names := make([]string, len(all))
	for i, s := range all {
		if names[i] = CaseName(s); d.Case != nil {
			names[i] = d.Case(s)
		}
	}
	if d.Case == nil {
		for i, clash := range clashes(names) {
			if folder := clean(folderAround(all[i])); clash && usable(folder) {
				names[i] = shorten(folder + "_" + names[i])
			}
		}
	}
	return numbered(names)
}

// audit is the log of the work as it leaves.
func (d Identity) audit(log []byte) []byte {
	if d.Audit == nil {
		return log
	}
	return d.Audit(log)
}

// sources are the names of the slices' sources, as manifests give them, and of the
// slices' files: those of the files that they come from, or numbers.
func (d Identity) sources(from []ct.Source) (paths, names []string) {
	if d.Kept() {
		return relative(from), Names(from)
	}
	anonymous := make([]ct.Source, len(from))
	names = Names(anonymous)
	return names, names
}

// leftOut is a file that is not in the series, by its name without folders.
func (d Identity) leftOut(l ct.LeftOut) LeftOutEntry {
	if d.Kept() {
		return LeftOutEntry{path.Base(l.File), l.Reason}
	}
	return LeftOutEntry{"a file", l.Reason}
}

// failure is a case that is left out, as the manifest tells it: why may name files.
func (d Identity) failure(l LeftOut) LeftOut {
	if !d.Kept() {
		l.Reason = "it could not be exported"
	}
	return l
}
