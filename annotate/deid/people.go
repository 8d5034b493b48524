package deid

import (
	"errors"
	"strings"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/internal/leak"
)

// Secret is a value of the original that must not be in a file any more.
type Secret struct {
	Value   string
	Person  bool   // a name or number of a person, not of a thing, a place or a day
	Patient string // the pseudonym of whose files alone it must not be in; "" for all files
}

// Lengths of values that are looked for.
const (
	shortest = 4  // bytes, of what is no name or number of a person
	longest  = 64 // bytes; more of a long value is not compared
	usual    = 8  // bytes, below which a word is a usual one
)

// numbersOfPeople are the attributes, besides names, that tell one person from
// others.
var numbersOfPeople = map[uint32]bool{
	patientID: true, 0x00101000: true, 0x00080050: true, 0x00200010: true, 0x00380010: true, trialSubjectID: true,
	0x00401103: true, 0x00102154: true, 0x00101040: true,
}

// collector collects the secrets of a file.
type collector struct {
	left int // how many values are still taken in more than one spelling
	seen map[Secret]bool
}

// Bounds of what is looked for of one file. No file of a patient has as many names and
// days.
const (
	manySpellings = 5_000   // values in more than one spelling
	manySecrets   = 500_000 // spellings, beyond which a file is refused
)

// take appends what is not among the secrets of the file.
func (c *collector) take(have, more []Secret) ([]Secret, error) {
	for _, s := range more {
		if !c.seen[s] {
			c.seen[s] = true
			have = append(have, s)
		}
	}
	if len(have) > manySecrets {
		return nil, errors.New("there are more names, numbers and days in it than can be looked for")
	}
	return have, nil
}

// people collects the names and numbers of people, at every depth.
func (c *collector) people(item dicom.Item) (out []Secret) {
	for _, e := range item.Elements() {
		for _, i := range e.Items {
			out = append(out, c.people(i)...)
		}
		if e.VR == "PN" || numbersOfPeople[e.Tag] {
			out = append(out, c.values(e, true)...)
		}
	}
	return out
}

// secrets are the values of an element, and of all within it, that are names,
// numbers, days or UIDs. Texts that are no name count as a whole.
func (c *collector) secrets(e dicom.Element) (out []Secret) {
	for _, i := range e.Items {
		for _, inner := range i.Elements() {
			out = append(out, c.secrets(inner)...)
		}
	}
	switch e.VR {
	case "AE", "DA", "DT", "LO", "LT", "PN", "SH", "ST", "UC", "UI", "UT":
		out = append(out, c.values(e, e.VR == "PN" || numbersOfPeople[e.Tag])...)
	}
	return out
}

// values are the values of a text element that are long enough to be looked for,
// and the parts of names.
func (c *collector) values(e dicom.Element, person bool) (out []Secret) {
	if e.Length <= 0 || e.Length > 64<<10 || !isString(e.VR) {
		return nil
	}
	for _, text := range readings(e) {
		all := []string{text}
		if !isLong(e.VR) {
			all = strings.Split(text, `\`)
		}
		for _, v := range all {
			out = append(out, c.spelled(e.VR, v, person)...)
		}
	}
	return out
}

// spelled are a value and what else stands for it: parts of names, other ways to write a
// day, and a number without spaces and zeros in front.
func (c *collector) spelled(vr, v string, person bool) []Secret {
	out := appendSecret(nil, v, person, false)
	c.left--
	switch {
	case vr == "PN" && c.left < 0:
		for _, part := range leak.Words(v) {
			out = appendSecret(out, part, true, true)
		}
	case c.left < 0:
	case vr == "PN":
		for _, part := range leak.Names(v) {
			out = appendSecret(out, part, true, true)
		}
	case vr == "DA" || vr == "DT":
		for _, day := range ways(vr, v) {
			out = appendSecret(out, day, false, false)
		}
	case person:
		short := strings.TrimLeft(strings.ReplaceAll(strings.Trim(v, " \x00"), " ", ""), "0")
		if len(short) >= shortest && short != v {
			out = appendSecret(out, short, true, false)
		}
	}
	return out
}

// thisPatient stands for the patient until it is known who that is.
const thisPatient = "?"

// appendSecret appends a value that can be told from others: a single character that
// is repeated is in every picture, a UID of the standard in every file, and what
// stands in the place of texts says nothing. Parts of names and what is as short are
// usual words too: they are the patient's only in the patient's own files.
func appendSecret(out []Secret, v string, person, part bool) []Secret {
	v = strings.Trim(v, " \x00\t\r\n^")
	if len(v) > longest {
		v = strings.ToValidUTF8(v[:longest], "")
	}
	least := shortest
	if person {
		least = leak.InNotes
	}
	if len(v) < least || strings.Trim(v, v[:1]) == "" || known(v) || isDummy(v) {
		return out
	}
	s := Secret{Value: v, Person: person}
	if person && (part || len(v) < usual) {
		s.Patient = thisPatient
	}
	return append(out, s)
}

// finderOf looks for secrets.
func finderOf(all []Secret) *leak.Finder {
	values := make([]string, len(all))
	for i, s := range all {
		values[i] = s.Value
	}
	return leak.New(values)
}

// isFree tells texts that people write, in which a name may stand; values of codes are
// not.
func isFree(tag uint32, vr string) bool {
	return isText(vr) && (tag>>8 != 0x000801 || tag == codeMeaning)
}
