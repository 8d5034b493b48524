package deid

import (
	"fmt"
	"io"

	"groundglass/annotate/ct/dicom"
)

// Secrets looks through files for what was taken out of them and of the other files
// of the same batch: names, numbers, days, UIDs and other texts of at least four
// bytes, in every byte of a file. It is for one goroutine at a time.
//
// In pixel data those of eight bytes and more are looked for, since shorter ones
// come up there by chance. Values of less than eight bytes must stand as whole
// words. A value that is no name or number of a person may also stand in an
// attribute that stays, as the same word can be an institution's name and a maker's;
// one that is may do so only in coded and numeric attributes. Parts of people's names
// and their values of less than eight bytes are looked for in the files of the same
// patient.
type Secrets struct {
	all    []Secret
	seen   map[Secret]bool
	finder *finder
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
func (s *Secrets) Len() int { return len(s.all) }

// prepared is the finder of all that was added.
func (s *Secrets) prepared() *finder {
	if s.finder == nil {
		s.finder = newFinder(s.all)
	}
	return s.finder
}

// Name returns what a file's name has in it that it should not.
func (s *Secrets) Name(path string) (found []string) {
	s.prepared().find([]byte(path), true, func(v Secret) { found = append(found, v.Value) })
	return found
}

// Check reads a cleaned file of a patient back and returns a sentence for each value that should
// not be in it.
func (s *Secrets) Check(in io.ReaderAt, size int64, patient string, o Options) ([]string, error) {
	object, err := dicom.ReadObject(in, size)
	if err != nil {
		return nil, fmt.Errorf("what was written cannot be read back: %w", err)
	}
	k := check{finder: s.prepared(), patient: patient, o: o, allowed: map[string]bool{}, told: map[string]bool{}}
	if err := k.items(object.Item, ""); err != nil {
		return nil, err
	}
	return k.problems, k.bytes(in, size)
}

// check is the search of one file.
type check struct {
	*finder
	patient  string
	o        Options
	allowed  map[string]bool // values that stand in attributes that stay
	told     map[string]bool
	problems []string
}

func (k *check) tell(v Secret, where string) {
	if !k.told[v.Value] && (v.Patient == "" || v.Patient == k.patient) {
		k.told[v.Value] = true
		k.problems = append(k.problems, fmt.Sprintf("%q of the original is still there, in %s", v.Value, where))
	}
}

// items looks through the values of a data set.
func (k *check) items(item dicom.Item, path string) error {
	for _, e := range item.Elements() {
		for i, inner := range e.Items {
			if err := k.items(inner, fmt.Sprintf("%s[%d]", place(path, e.Tag), i+1)); err != nil {
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
		k.find(b, true, func(v Secret) {
			if k.mayStand(v, e) {
				k.allowed[v.Value] = true
			} else {
				k.tell(v, place(path, e.Tag))
			}
		})
	}
	return nil
}

// mayStand tells whether a value may be in an attribute: see [Secrets].
func (k *check) mayStand(v Secret, e dicom.Element) bool {
	switch action := decide(e.Tag, e.VR, k.o); {
	case replaced(e.Tag), isTime(e.VR) && action == Tidy:
		return true
	case action == Keep:
		return !v.Person || !isFree(e.Tag, e.VR)
	case action == Tidy:
		return !v.Person
	}
	return false
}

// isTime tells the value representations of dates and times.
func isTime(vr string) bool { return vr == "DA" || vr == "DT" || vr == "TM" }

// overlap is more than the longest value, so that none is lost between two pieces.
const overlap = 2 * longest

// bytes looks through all bytes of a file, for the values that chance does not bring
// about.
func (k *check) bytes(in io.ReaderAt, size int64) error {
	buf := make([]byte, 256<<10)
	for at := int64(0); at < size; at += int64(len(buf) - overlap) {
		n, err := in.ReadAt(buf, at)
		if err != nil && err != io.EOF {
			return err
		}
		k.find(buf[:n], false, func(v Secret) {
			if !k.allowed[v.Value] {
				k.tell(v, "the file's bytes")
			}
		})
	}
	return nil
}
