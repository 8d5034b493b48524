package annotate

import (
	"errors"
	"fmt"
	"image"
	"slices"
)

// What changes the label table is an undoable edit, locking included: an edit
// under a lock can only be undone before the lock is, so that undo never changes
// pixels of a locked label. How labels look is no edit: see Look.

// AddLabel adds a label at the end of the table, with a value of its own where l
// has none, and returns the value.
func (s *Session) AddLabel(l Label) (uint8, error) {
	s.FinishStroke()
	if l.Value == 0 {
		if l.Value = s.freeValue(s.shown); l.Value == 0 {
			return 0, ErrTooManyLabels
		}
		if l.Export == 0 {
			l.Export = freeExport(s.shown, l.Value)
		}
	}
	return l.Value, s.editTable("Add label", append(freeKey(s.shown, l), l))
}

// ErrTooManyLabels is the error of one label too many.
var ErrTooManyLabels = errors.New("there are 254 labels already, more than a mask can hold")

// SetLabel changes the label of l.Value to l: all of it but the value. A key that
// another label has is taken from that.
func (s *Session) SetLabel(l Label) error {
	s.FinishStroke()
	at := rowOf(s.shown, l.Value)
	if at < 0 {
		return fmt.Errorf("there is no label of the value %d", l.Value)
	}
	was := s.shown[at]
	name := "Change label"
	if lock := was; lock.Locked != l.Locked {
		if lock.Locked = l.Locked; lock == l {
			name = map[bool]string{true: "Lock label", false: "Unlock label"}[l.Locked]
		}
	}
	table := freeKey(s.shown, l)
	table[at] = l
	return s.editTable(name, table)
}

// MoveLabel moves a label to another row of the table, from 0.
func (s *Session) MoveLabel(v uint8, row int) error {
	s.FinishStroke()
	at := rowOf(s.shown, v)
	if at < 0 || row < 0 || row >= len(s.shown) {
		return fmt.Errorf("there is no label of the value %d to move to row %d", v, row+1)
	}
	table := slices.Delete(slices.Clone(s.shown), at, at+1)
	return s.editTable("Move label", slices.Insert(table, row, s.shown[at]))
}

// freeKey is a copy of a table in which no label but that of l's value has l's key.
func freeKey(table []Label, l Label) []Label {
	table = slices.Clone(table)
	for i := range table {
		if table[i].Key == l.Key && table[i].Value != l.Value {
			table[i].Key = 0
		}
	}
	return table
}

// freeValue is a value that a table lacks, for a new label: one that none ever had
// here if possible, so that what was exported before keeps its meaning, and that of
// proposals least of all. It is 0 where there is none.
func (s *Session) freeValue(table []Label) (free uint8) {
	const unused, used, ofProposals, none = 0, 1, 2, 3
	best := none
	for v := uint8(1); v < removed; v++ {
		is := unused
		switch {
		case v == ProposalLabel:
			is = ofProposals
		case s.known[v].Value != 0:
			is = used
		}
		if is < best && rowOf(table, v) < 0 {
			free, best = v, is
		}
	}
	return free
}

// editTable makes a table the session's as one edit, with patches that it brings.
func (s *Session) editTable(name string, table []Label, patches ...patch) error {
	for i := range table {
		table[i] = plainLabel(table, table[i])
	}
	if err := CheckLabels(table); err != nil {
		return err
	}
	if slices.Equal(table, s.shown) && len(patches) == 0 {
		return nil
	}
	if s.refuses() {
		return ErrSealed
	}
	e := &Edit{name: name, patches: patches}
	e.setTable(s, table)
	s.apply(e)
	return nil
}

// keepLabels makes labels that only proposals kept in the table part of an edit
// that is done or about to be, since it may give them to pixels for good.
func (s *Session) keepLabels(e *Edit) {
	if len(e.patches) > 0 && len(s.table) < len(s.shown) {
		e.table, e.tabled = s.table, true
		s.table = slices.Clone(s.shown)
	}
}

// plainLabel is a label of a table in the one form that it has there.
func plainLabel(table []Label, l Label) Label {
	if l.Export == l.Value {
		l.Export = 0
	}
	if l.Color.A == 0 {
		l.Color = FreeColor(table)
	}
	l.Color.A = 255
	return l
}

// setTable makes a label table part of an edit that is still to be done, unless it
// is the one that there is.
func (e *Edit) setTable(s *Session, table []Label) {
	if !slices.Equal(table, s.shown) {
		e.table, e.tabled = table, true
	}
}

// apply does an edit for the first time, and tells what it changed.
func (s *Session) apply(e *Edit) {
	e.id = s.history.newID()
	e.swap(s)
	s.keepLabels(e)
	s.history.push(e)
	for _, p := range e.patches {
		s.emit(p.slice, p.rect, Pixels|StatusChanged)
	}
	s.emit(EverySlice, image.Rectangle{}, HistoryChanged)
}
