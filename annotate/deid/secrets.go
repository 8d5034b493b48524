package deid

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/internal/leak"
)

// Secrets looks through files for what was taken out of them and of the other files
// of the same batch: names, numbers, days, UIDs and other texts of at least four
// bytes, in every byte of a file, however they are spelt. It is for one goroutine at a
// time.
//
// Values of eight letters and digits and more are found anywhere, shorter ones as whole
// words; in bytes that are no text, those of six and more, since shorter ones come up
// there by chance. A value that is no name or number of a person may also stand in an
// attribute that stays, as the same word can be an institution's name and a maker's;
// one that is may do so only in coded and numeric attributes, as [Clean] takes those of
// the file's own people out of these, but not those of other files: [Secrets.Check] tells
// where. Names and numbers of people that have two or three letters are looked for in
// texts that people may have typed. Parts of people's names and their values of less
// than eight bytes are looked for in the files of the same patient.
type Secrets struct {
	// Made tells UIDs and pseudonyms that stand in the place of others, and so are no
	// secrets, though a file of the batch had them before; nil for none.
	Made func(id string) bool

	all    []Secret
	seen   map[Secret]bool
	looked []Secret // by the finder's indices
	finder *leak.Finder
}

// Standing is a value that was taken out of an attribute, and stands in another one,
// which stays.
type Standing struct {
	Value, Attribute string
	Person           bool // it is a name or number of a person
}

// Add adds what was taken out of a file.
func (s *Secrets) Add(r Report) {
	if s.seen == nil {
		s.seen = map[Secret]bool{}
	}
	for _, v := range r.Secrets {
		if !s.seen[v] {
			s.seen[v], s.finder = true, nil
			s.all = append(s.all, v)
		}
	}
}

// Len is how many values are looked for.
func (s *Secrets) Len() int { return s.prepared().Distinct() }

// prepared is the finder of all that was added.
func (s *Secrets) prepared() *leak.Finder {
	if s.finder == nil {
		s.looked = slices.DeleteFunc(slices.Clone(s.all), func(v Secret) bool { return s.Made != nil && s.Made(v.Value) })
		s.finder = finderOf(s.looked)
	}
	return s.finder
}

// Name returns what of people's names and numbers is in a name that somebody gave a file
// or folder.
func (s *Secrets) Name(name string) (found []string) {
	s.prepared().Named(name, func(i int) {
		if v := s.looked[i]; v.Person && !slices.Contains(found, v.Value) {
			found = append(found, v.Value)
		}
	})
	return found
}

// Check reads a cleaned file of a patient back. It returns a sentence for each value that
// should not be in it, and the values that stand in attributes that stay.
func (s *Secrets) Check(in io.ReaderAt, size int64, patient string, o Options) (problems []string, standing []Standing, err error) {
	object, err := dicom.ReadObject(in, size)
	if err != nil {
		return nil, nil, fmt.Errorf("what was written cannot be read back: %w", err)
	}
	k := check{finder: s.prepared(), looked: s.looked, patient: patient, o: o, allowed: map[string]bool{}, told: map[string]bool{}}
	if err := k.items(object.Item, "", false); err != nil {
		return nil, nil, err
	}
	err = k.finder.Read(io.NewSectionReader(in, 0, size), leak.InPixels, func(i int) {
		if v := k.looked[i]; !k.allowed[leak.Fold(v.Value)] {
			k.tell(v, "the file's bytes")
		}
	})
	return k.problems, k.standing, err
}

// check is the search of one file.
type check struct {
	finder   *leak.Finder
	looked   []Secret
	patient  string
	o        Options
	allowed  map[string]bool // values that stand in attributes that stay, as they are compared
	told     map[string]bool
	problems []string
	standing []Standing
}

// tell notes a value that should not be where it is.
func (k *check) tell(v Secret, where string) {
	if key := leak.Fold(v.Value); !k.told[key] && k.concerns(v) {
		k.told[key] = true
		k.problems = append(k.problems, fmt.Sprintf("%q of the original is still there, in %s", v.Value, where))
	}
}

// concerns tells whether a value must not be in files of the patient.
func (k *check) concerns(v Secret) bool { return v.Patient == "" || v.Patient == k.patient }

// allow notes a value that may be where it is.
func (k *check) allow(v Secret, where string) {
	if !k.concerns(v) {
		return
	}
	k.allowed[leak.Fold(v.Value)] = true
	if at := (Standing{v.Value, where, v.Person}); !slices.Contains(k.standing, at) {
		k.standing = append(k.standing, at)
	}
}

// items looks through the values of a data set; own is within what says how the file was
// cleaned.
func (k *check) items(item dicom.Item, path string, own bool) error {
	for _, e := range item.Elements() {
		own := own || path == "" && replaced(e.Tag)
		for i, inner := range e.Items {
			if err := k.items(inner, fmt.Sprintf("%s[%d]", place(path, e.Tag), i+1), own); err != nil {
				return err
			}
		}
		if e.VR == "SQ" || e.Length <= 0 {
			continue
		}
		b, err := e.Bytes()
		if err != nil {
			return err
		}
		least := shortest
		if isFree(e.Tag, e.VR) && !needed(e.Tag) && !own {
			least = leak.InNotes
		}
		k.finder.Find(b, least, func(i int) {
			switch v := k.looked[i]; {
			case own:
				k.allowed[leak.Fold(v.Value)] = true
			case k.mayStand(v, e):
				k.allow(v, withoutNumbers(place(path, e.Tag)))
			default:
				k.tell(v, place(path, e.Tag))
			}
		})
	}
	return nil
}

// mayStand tells whether a value may be in an attribute: see [Secrets].
func (k *check) mayStand(v Secret, e dicom.Element) bool {
	switch action := decide(e.Tag, e.VR, k.o); {
	case isTime(e.VR) && action == Tidy:
		return true
	case action == Keep:
		return !v.Person || !isFree(e.Tag, e.VR) && !isBinary(e.VR)
	case action == Tidy:
		return !v.Person
	}
	return false
}

// withoutNumbers is a place in sequences without the numbers of their items.
func withoutNumbers(place string) string {
	var out strings.Builder
	for part := range strings.SplitSeq(place, "[") {
		_, rest, numbered := strings.Cut(part, "]")
		if !numbered {
			rest = part
		}
		out.WriteString(rest)
	}
	return out.String()
}

// isTime tells the value representations of dates and times.
func isTime(vr string) bool { return vr == "DA" || vr == "DT" || vr == "TM" }
