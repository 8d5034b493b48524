package annotate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// Replayer does records again on a session that has no recorder yet. Records may
// come from a damaged file: one that cannot be followed changes nothing, apart
// from a missing map, and the next may be tried all the same.
type Replayer struct {
	s       *Session
	layout  Layout // of the records to come
	maps    func(id uint64) (Map, bool)
	found   map[uint64]Guess // what maps gave
	missing map[uint64]bool
	ending  ending
}

// ending is what the head of a State says, for when its last record has come.
type ending struct {
	slices        int // records of them that came
	open, running uint64
}

// NewReplayer does records again on s; maps gives the maps that they name, which
// the session then owns.
func NewReplayer(s *Session, maps func(id uint64) (Map, bool)) *Replayer {
	return &Replayer{s: s, layout: LayoutNow, maps: maps, found: map[uint64]Guess{}, missing: map[uint64]bool{}}
}

// Missing are the numbers of the maps that records named and that could not be
// had: the slices that they belong to have no proposal.
func (r *Replayer) Missing() []uint64 {
	var out []uint64
	for id := range r.missing {
		out = append(out, id)
	}
	slices.Sort(out)
	return out
}

// Replay does one record again. An error says what does not fit.
func (r *Replayer) Replay(data []byte) error {
	s := r.s
	heard := s.history.heard
	s.history.heard, s.replaying = nil, true
	defer func() { s.history.heard, s.replaying = heard, false }()
	d := &decoder{b: data, layout: r.layout}
	switch k := kind(d.byte()); k {
	case kindEdit:
		return r.edit(d)
	case kindUndo:
		return r.undo(d, &s.history.done, s.history.undo)
	case kindRedo:
		return r.undo(d, &s.history.undone, s.history.redo)
	case kindMap:
		return r.guess(d)
	case kindSetting:
		return r.setting(d)
	case kindRest:
		s.history.open = nil
	case kindExported:
		if w := d.work(len(s.sheets)); d.err == nil {
			s.history.exported, s.history.saved, s.history.open = w, true, nil
		}
	case kindRule:
		if rule := d.rule(); d.err == nil {
			s.rule = rule
		}
	case kindLooks:
		if d.layout < layoutLooks {
			return r.table(d)
		}
		if looks := d.looks(); d.err == nil {
			s.looks = looks
			s.protect()
		}
	default:
		return r.state(k, d)
	}
	return d.err
}

func (r *Replayer) find(slice int, id uint64) Guess {
	h := &r.s.sheets[slice]
	r.s.maps = max(r.s.maps, id) // its number is taken, even where the map is lost
	switch g, ok := r.found[id]; {
	case id == 0:
		return Guess{}
	case ok:
		return g
	case h.guess.id == id:
		return h.guess
	case h.frozen != nil && h.frozen.guess.id == id:
		return h.frozen.guess
	}
	m, ok := r.maps(id)
	n := r.s.w * r.s.h
	if !ok || m.prob == nil || m.prob.n != n || m.label != nil && m.label.n != n {
		r.missing[id] = true
		return Guess{}
	}
	g := Guess{Doubt: m.Doubt, prob: m.prob, label: m.label, among: m.label.values(), id: id}
	r.found[id] = g
	return g
}

func (r *Replayer) edit(d *decoder) error {
	s := r.s
	e := d.edit(s.bounds(), len(s.sheets), r.find)
	if d.err != nil {
		return d.err
	}
	for i := range e.patches { // what is frozen the same way stays so
		p := &e.patches[i]
		if h := &s.sheets[p.slice]; p.frozen != nil && h.frozen != nil && p.frozen.guess.id == h.frozen.guess.id && p.frozen.setting == h.frozen.setting && p.frozen.rejected == h.frozen.rejected {
			p.frozen = h.frozen
		}
	}
	s.history.newest = max(s.history.newest, e.id)
	given := slices.Clone(e.patches)
	e.swap(s)
	s.history.push(e)
	for _, p := range given {
		r.admit(p.runs)
	}
	return nil
}

// admit makes sure that the labels of a human layer are in the table, even where
// the edit that added one is lost.
func (r *Replayer) admit(runs []byte) {
	for ; len(runs) > 1; runs = runs[1:] {
		v := runs[0]
		if v != free && v != removed && rowOf(r.s.shown, v) < 0 {
			r.s.setTable(append(slices.Clone(r.s.shown), r.s.returned(v)))
		}
		_, size := binary.Uvarint(runs[1:])
		runs = runs[max(size, 0):]
	}
}

// undo moves the edit that d names from a list by one step, and first those that
// must have gone before: their own record may be lost.
func (r *Replayer) undo(d *decoder, from *[]*Edit, step func(*Session) *Edit) error {
	id := d.num()
	if d.err != nil {
		return d.err
	}
	if !slices.ContainsFunc(*from, func(e *Edit) bool { return e.id == id }) {
		return fmt.Errorf("edit %d is not known", id)
	}
	for {
		e := step(r.s)
		if e == nil {
			return fmt.Errorf("edit %d is no longer known", id)
		}
		if e.guesses != nil {
			r.s.proposal = nil
		}
		if e.id == id {
			return nil
		}
	}
}

func (r *Replayer) guess(d *decoder) error {
	s := r.s
	id, name, i := d.num(), d.text(), d.below(len(s.sheets))
	number := d.num()
	if d.err != nil {
		return d.err
	}
	g := r.find(i, number)
	if g.prob == nil {
		return fmt.Errorf("the map of slice %d is missing", i+1)
	}
	if s.proposal == nil || s.proposal.id != id {
		s.proposal = &Edit{id: id, name: name, guesses: map[int]Guess{}}
		if at := slices.IndexFunc(s.history.done, func(e *Edit) bool { return e.id == id && e.guesses != nil }); at >= 0 {
			s.proposal = s.history.done[at]
		}
		s.history.newest = max(s.history.newest, id)
	}
	s.give(i, g)
	return nil
}

func (r *Replayer) setting(d *decoder) error {
	id, name, to := d.num(), d.text(), d.setting()
	if d.err != nil {
		return d.err
	}
	r.s.history.newest = max(r.s.history.newest, id-min(id, 1)) // so that the next number is id
	r.s.move(name, to, 0)
	return nil
}

// table takes what stood in place of looks in the first layout: a label table.
func (r *Replayer) table(d *decoder) error {
	if table := d.labels(); d.err == nil {
		r.s.setTable(table)
	}
	return d.err
}

// ErrOtherSeries is what Replay gives where the state is of slices of another
// size or number.
var ErrOtherSeries = errors.New("the work is on another series")
