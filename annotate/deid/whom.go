package deid

import (
	"fmt"
	"slices"
	"strings"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/internal/leak"
)

// Person is what files say of a patient, and what tells one from others.
type Person = dicom.Person

// Patients tells where files of one pseudonym seem to be of several patients.
type Patients struct {
	first map[string]Person
	told  map[string]bool
}

// Add adds a file or a series of a patient. It returns a warning where its name or birth
// date is another one than before, once for a pseudonym, and "" otherwise. Spellings of
// one name, and more or less of it, are the same.
func (p *Patients) Add(pseudonym string, who Person) string {
	if p.first == nil {
		p.first, p.told = map[string]Person{}, map[string]bool{}
	}
	before, seen := p.first[pseudonym]
	if !seen {
		p.first[pseudonym] = who
		return ""
	}
	if before.Name == "" {
		before.Name = who.Name
	}
	if before.Birth == "" {
		before.Birth = who.Birth
	}
	p.first[pseudonym] = before
	otherDay := who.Birth != "" && before.Birth != who.Birth
	if p.told[pseudonym] || !otherDay && alike(before.Name, who.Name) {
		return ""
	}
	p.told[pseudonym] = true
	return fmt.Sprintf("%s stands for one patient ID with different names or birth dates: if these are several patients, write them apart, each with a key of its own (--key), or give them IDs that differ; groundglass identify tells the ID", pseudonym)
}

// alike tells whether one name is the other one, or a part of it, in any spelling.
func alike(a, b string) bool {
	few, many := leak.Words(a), leak.Words(b)
	if len(few) > len(many) {
		few, many = many, few
	}
	if leak.Fold(a) == leak.Fold(b) {
		return true
	}
	return !slices.ContainsFunc(few, func(w string) bool {
		w = leak.Fold(w)
		return !slices.ContainsFunc(many, func(m string) bool {
			m = leak.Fold(m)
			return m == w || len(w) == 1 && strings.HasPrefix(m, w) || len(m) == 1 && strings.HasPrefix(w, m)
		})
	})
}
