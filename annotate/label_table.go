package annotate

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Labels is the label table, in the order in which it is shown; to read only. A
// label that proposals give is in it as long as they do.
func (s *Session) Labels() []Label { return s.shown }

// LabelOf is the label of a value; ok is false where there is none.
func (s *Session) LabelOf(v uint8) (l Label, ok bool) {
	if i := rowOf(s.shown, v); i >= 0 {
		return s.shown[i], true
	}
	return Label{}, false
}

// hasName reports whether a label of a table has a name.
func hasName(table []Label, name string) bool {
	return slices.ContainsFunc(table, func(l Label) bool { return strings.EqualFold(l.Name, name) })
}

// rowOf is where a table has a value; -1 where it has not.
func rowOf(table []Label, v uint8) int {
	return slices.IndexFunc(table, func(l Label) bool { return l.Value == v })
}

// setTable makes a table the session's. Only edits do.
func (s *Session) setTable(table []Label) {
	s.table = table
	s.relabel()
}

// relabel makes what is shown of the table, and what depends on it: labels that
// proposals give although the table lacks them come last, as they were last known.
func (s *Session) relabel() {
	was := s.shown
	s.shown = slices.Clone(s.table)
	for _, l := range s.table {
		s.known[l.Value] = l
	}
	given := s.given()
	for v := uint8(1); v < removed; v++ {
		if given.Has(v) && rowOf(s.shown, v) < 0 {
			s.shown = append(s.shown, s.returned(v))
		}
	}
	if slices.Equal(was, s.shown) {
		return
	}
	s.owed |= LabelChanged
	s.protect()
	if rowOf(s.shown, s.active) < 0 {
		s.activate(s.shown[0].Value)
	}
}

// returned is the label of a value that the table has no more.
func (s *Session) returned(v uint8) Label {
	l := s.known[v]
	l.Value, l.Key, l.Locked, l.Export = v, 0, false, freeExport(s.shown, v)
	if l.Name == "" || hasName(s.shown, l.Name) {
		l.Name = fmt.Sprintf("Value %d", v)
	}
	if l.Color.A == 0 {
		l.Color = FreeColor(s.shown)
	}
	return l
}

// protect works out which labels are protected, also for a stroke under way.
func (s *Session) protect() {
	for v := range s.protected {
		s.protected[v] = v != 0
	}
	for _, l := range s.shown {
		s.protected[l.Value] = l.Locked || s.looks[l.Value].Hidden
	}
	if s.gesture != nil {
		for _, p := range s.gesture.parts {
			p.limits = s.limits(p.slice)
		}
	}
}

// given are the labels that proposals give, at any threshold.
func (s *Session) given() (all LabelSet) {
	for i := range s.sheets {
		h := &s.sheets[i]
		all = all.Or(h.guess.gives())
		if h.frozen != nil {
			all = all.Or(h.frozen.guess.gives())
		}
	}
	return all
}

// freeExport is an export value that no label of a table has: 0, which stands for
// v, if that is free.
func freeExport(table []Label, v uint8) uint8 {
	taken := exportValues(table)
	if !taken.Has(v) {
		return 0
	}
	for e := 1; e < 256; e++ {
		if !taken.Has(uint8(e)) {
			return uint8(e)
		}
	}
	return 0
}

func exportValues(table []Label) (s LabelSet) {
	for _, l := range table {
		s.Put(l.ExportValue(), true)
	}
	return s
}

// CheckLabels says why labels cannot be a table: there must be one at least, values
// and export values must be unique and possible, and so must names and keys.
func CheckLabels(table []Label) error {
	if len(table) == 0 {
		return errors.New("there must be a label")
	}
	values, exports := map[uint8]string{}, map[uint8]string{}
	names, keys := map[string]bool{}, map[rune]string{}
	for _, l := range table {
		if l.Value == 0 || l.Value == removed {
			return fmt.Errorf("no label can have the value %d", l.Value)
		}
		if err := checkLabel(l); err != nil {
			return err
		}
		if other, twice := values[l.Value]; twice {
			return fmt.Errorf("%q and %q both have the value %d", other, l.Name, l.Value)
		}
		if other, twice := exports[l.ExportValue()]; twice {
			return fmt.Errorf("%q and %q would both be exported as %d", other, l.Name, l.ExportValue())
		}
		if other, twice := keys[l.Key]; twice && l.Key != 0 {
			return fmt.Errorf("%q and %q both have the key %c", other, l.Name, l.Key)
		}
		if fold := strings.ToLower(l.Name); names[fold] {
			return fmt.Errorf("two labels have the name %q", l.Name)
		}
		values[l.Value], exports[l.ExportValue()], keys[l.Key], names[strings.ToLower(l.Name)] = l.Name, l.Name, l.Name, true
	}
	return nil
}

// maxText bounds the texts of a label, in bytes.
const maxText = 200

// checkLabel says what is wrong with a label by itself, but for its value.
func checkLabel(l Label) error {
	for _, t := range []string{l.Name, l.Code.Scheme, l.Code.Value, l.Code.Meaning} {
		if len(t) > maxText || strings.ContainsFunc(t, unicode.IsControl) {
			return fmt.Errorf("%.40q is too long for a label, or has signs that cannot be shown", t)
		}
	}
	switch {
	case strings.TrimSpace(l.Name) == "":
		return fmt.Errorf("a label needs a name")
	case l.Key != 0 && (l.Key < '1' || l.Key > '9'):
		return fmt.Errorf("the key of %q can only be 1 to 9", l.Name)
	case (l.Code.Scheme == "") != (l.Code.Value == ""):
		return fmt.Errorf("the code of %q needs both a scheme and a value", l.Name)
	}
	return nil
}
