package annotate

import (
	"fmt"
	"slices"
)

// Imported are labels that were drawn elsewhere.
type Imported struct {
	Name   string  // of the edit, in a word or two
	Labels []Label // what the values stand for; those that the session lacks are added to its table, where anything comes in
	Slices []int   // the slices that have labels
	// Plane is the label of each pixel of such a slice, row-major, W*H; 0 is the
	// background. It is called once a slice and the result is not kept.
	Plane func(i int) []uint8
}

// Taken says what became of an import.
type Taken struct {
	Slices   int // that the labels came in on
	Pixels   int // labelled ones that came in
	Kept     int // pixels that a person had set otherwise here, and that stayed
	Accepted int // slices that a person had accepted or rejected here, and that stayed as they were
	Locked   int // pixels that stayed because of a locked label that they had, or would have got
}

// Import gives slices the labels that a person drew elsewhere, as one undoable
// edit. A slice is taken whole: its labelled pixels count as added by a person,
// its other ones as removed by one, so that no proposal changes either.
//
// What a person did here comes first: pixels set in this session stay, and so do
// accepted slices and pixels of locked labels; Taken counts them. An error means
// that nothing came in. Labels that are added to the table are part of the edit.
func (s *Session) Import(in Imported) (Taken, error) {
	if s.refuses() {
		return Taken{}, ErrSealed
	}
	table, err := s.tableWith(in.Labels)
	if err != nil {
		return Taken{}, err
	}
	s.FinishStroke()
	e := &Edit{name: in.Name}
	var n Taken
	for _, i := range in.Slices {
		if !s.has(i) {
			return Taken{}, fmt.Errorf("there is no slice %d", i+1)
		}
		if s.Status(i).Decided() {
			n.Accepted++
			continue
		}
		plane := in.Plane(i)
		if len(plane) != s.w*s.h || slices.Contains(plane, removed) {
			return Taken{}, fmt.Errorf("the labels for slice %d do not fit it", i+1)
		}
		if p, ok := s.imports(i, plane, &n); ok {
			e.patches = append(e.patches, p)
		}
	}
	if len(e.patches) > 0 {
		e.setTable(s, table)
		s.apply(e)
	}
	return n, nil
}

// tableWith is the label table with more labels.
func (s *Session) tableWith(more []Label) ([]Label, error) {
	table := slices.Clone(s.shown)
	for _, l := range more {
		at := slices.IndexFunc(table, func(have Label) bool { return have.Value == l.Value })
		switch {
		case l.Value == 0 || l.Value == removed:
			return nil, fmt.Errorf("no label can have the value %d", l.Value)
		case at < 0:
			if exports := exportValues(table); exports.Has(l.ExportValue()) {
				l.Export = freeExport(table, l.Value)
			}
			table = append(freeKey(table, l), plainLabel(table, l))
		case table[at].Name != l.Name:
			return nil, fmt.Errorf("the label value %d means %q here and %q there", l.Value, table[at].Name, l.Name)
		}
	}
	return table, CheckLabels(table)
}

// imports is the patch that brings a plane of labels in, and counts what it does;
// ok is false where it changes nothing.
func (s *Session) imports(i int, plane []uint8, n *Taken) (p patch, ok bool) {
	have, locked := s.Sketch(i), s.locked()
	if locked != (LabelSet{}) {
		have = s.Mask(i)
	}
	var runs []byte
	run, last := uint64(0), free
	for at, state := range plane {
		if state == 0 {
			state = removed
		}
		if o := have.Origin[at]; o.Human() {
			kept := humanState(have.Label[at], o)
			n.Kept += m2i(kept != state)
			state = kept
		} else if locked.Has(have.Label[at]) || locked.Has(state) {
			n.Locked++
			state = free
		} else {
			n.Pixels += m2i(state != removed)
			ok = true
		}
		if state != last {
			runs = appendRun(runs, last, run)
			run, last = 0, state
		}
		run++
	}
	if ok {
		n.Slices++
	}
	return patch{slice: i, rect: s.bounds(), runs: appendRun(runs, last, run)}, ok
}
