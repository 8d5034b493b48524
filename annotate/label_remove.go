package annotate

import (
	"encoding/binary"
	"fmt"
	"slices"
)

// Use is where a label is used.
type Use struct {
	Pixels   int  // that a person gave it
	Slices   int  // that these are on
	Accepted int  // of the slices, those that a person has accepted
	Proposed bool // proposals give it
}

// LabelUse is where a label is used.
func (s *Session) LabelUse(v uint8) (u Use) {
	given := s.given()
	u.Proposed = given.Has(v)
	for i := range s.sheets {
		if n := countState(s.sheets[i].humanRuns(), v); n > 0 {
			u.Pixels += n
			u.Slices++
			u.Accepted += m2i(s.sheets[i].frozen != nil)
		}
	}
	return u
}

// RemoveLabel takes a label out of the table, as one undoable edit. The pixels
// that a person gave it become another label, or for 0 background, that a person
// set; on accepted slices too, which stay accepted. It is an error where
// proposals give the label, where it or the other is locked, and for the only one.
func (s *Session) RemoveLabel(v, becomes uint8) error {
	s.FinishStroke()
	l, ok := s.LabelOf(v)
	other, there := s.LabelOf(becomes)
	given := s.given()
	switch {
	case !ok || v == becomes || becomes != 0 && !there:
		return fmt.Errorf("there are no labels of the values %d and %d", v, becomes)
	case given.Has(v):
		return fmt.Errorf("proposals give %q, so it cannot be removed; hide it instead", l.Name)
	case l.Locked:
		return fmt.Errorf("%q is locked: unlock it to remove it", l.Name)
	case other.Locked:
		return fmt.Errorf("%q is locked: unlock it to give it more pixels", other.Name)
	case len(s.shown) == 1:
		return fmt.Errorf("%q is the only label", l.Name)
	}
	if becomes == 0 {
		becomes = removed
	}
	var patches []patch
	for i := range s.sheets {
		if h := &s.sheets[i]; countState(h.humanRuns(), v) > 0 {
			patches = append(patches, patch{slice: i, rect: s.bounds(), runs: recolour(h.humanRuns(), v, becomes), frozen: h.frozen})
		}
	}
	table := slices.DeleteFunc(slices.Clone(s.shown), func(l Label) bool { return l.Value == v })
	return s.editTable("Remove label", table, patches...)
}

// humanRuns is the sheet's human layer as packHuman makes it of the whole slice;
// nil where there is none.
func (h *sheet) humanRuns() []byte {
	switch {
	case h.human == 0:
		return nil
	case h.mask == nil:
		return h.packed
	}
	return packHuman(h.mask, h.mask.Bounds())
}

// countState counts the pixels of a state in runs of packHuman.
func countState(runs []byte, state uint8) (n int) {
	for len(runs) > 1 {
		length, size := binary.Uvarint(runs[1:])
		if size <= 0 {
			return n
		}
		if runs[0] == state {
			n += int(length)
		}
		runs = runs[1+size:]
	}
	return n
}

// recolour is runs of packHuman with one state in place of another.
func recolour(runs []byte, from, to uint8) []byte {
	out := slices.Clone(runs)
	for at := 0; at+1 < len(out); {
		_, size := binary.Uvarint(out[at+1:])
		if size <= 0 {
			break
		}
		if out[at] == from {
			out[at] = to
		}
		at += 1 + size
	}
	return out
}
