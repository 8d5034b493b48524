package annotate

import (
	"errors"
	"fmt"
	"image"
	"iter"
	"maps"
	"slices"
)

// State is all of a session at one moment, what can be undone and redone too,
// for other goroutines: nothing that the session does later changes it. A stroke
// under way is not in it.
type State struct {
	shot         Snapshot
	labels       []Label
	looks        [256]Look
	rule         PaintRule
	newest, maps uint64
	current      int
	saved        bool
	exported     work
	dropped      work
	open         uint64
	running      *Edit // the proposal, where it may go on
	kept         bool  // it is among those done
	done, undone []Edit
}

// State returns the present state. It copies no mask and no map.
func (s *Session) State() State {
	h := &s.history
	out := State{
		shot: s.Look(), labels: slices.Clone(s.table), looks: s.looks, rule: s.rule, newest: h.newest, maps: s.maps, current: s.current,
		saved: h.saved, exported: h.exported, dropped: h.dropped, done: copyEdits(h.done), undone: copyEdits(h.undone),
	}
	if h.open != nil && !h.open.gone {
		out.open = h.open.id
	}
	if p := s.proposal; p != nil {
		out.running, out.kept = &copyEdits([]*Edit{p})[0], slices.Contains(h.done, p)
	}
	return out
}

// copyEdits copies what a swap changes.
func copyEdits(edits []*Edit) []Edit {
	n := 0
	for _, e := range edits {
		n += len(e.patches)
	}
	out, all := make([]Edit, len(edits)), make([]patch, 0, n)
	for i, e := range edits {
		at := len(all)
		all = append(all, e.patches...)
		out[i] = *e
		out[i].patches = all[at:len(all):len(all)]
		out[i].guesses = maps.Clone(e.guesses)
	}
	return out
}

// Records makes the state of a session of the same series when they are replayed
// in order. Their Map is nil: see Maps.
func (st State) Records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		more := true
		put := func(k kind, write func(*encoder)) {
			if e := (&encoder{b: []byte{uint8(k)}}); more {
				write(e)
				more = yield(Record{Data: e.b})
			}
		}
		put(kindHead, st.head)
		n := 0
		for i := range st.shot.sheets {
			if h := &st.shot.sheets[i]; h.status() != New {
				n++
				put(kindSlice, func(e *encoder) { e.sheet(i, h, st.bounds()) })
			}
		}
		for i := range st.done {
			put(kindDone, func(e *encoder) { e.edit(&st.done[i], st.done[i].table, asIs) })
		}
		for i := range st.undone {
			put(kindUndone, func(e *encoder) { e.edit(&st.undone[i], st.undone[i].table, asIs) })
		}
		put(kindEnd, func(e *encoder) {
			for _, v := range [3]int{n, len(st.done), len(st.undone)} {
				e.count(v)
			}
		})
	}
}

func (st State) bounds() image.Rectangle { return image.Rect(0, 0, st.shot.rules.w, st.shot.rules.h) }

// head writes what belongs to no slice and no edit.
func (st State) head(e *encoder) {
	for _, v := range [4]int{st.shot.rules.w, st.shot.rules.h, len(st.shot.sheets), st.current} {
		e.count(v)
	}
	e.num(st.newest)
	e.num(st.maps)
	e.setting(st.shot.rules.setting)
	e.labels(st.labels)
	e.looks(&st.looks)
	e.rule(st.rule)
	e.bool(st.saved)
	e.work(st.exported)
	e.work(st.dropped)
	e.num(st.open)
	switch {
	case st.running == nil:
		e.num(0)
	case st.kept:
		e.num(st.running.id)
		e.bool(false)
	default:
		e.num(st.running.id)
		e.bool(true)
		e.edit(st.running, st.running.table, asIs)
		e.bool(st.running.gone)
	}
}

func (e *encoder) sheet(i int, h *sheet, bounds image.Rectangle) {
	e.count(i)
	e.num(h.guess.id)
	e.frozen(h.frozen)
	e.layer(h.humanIn(bounds, bounds), bounds)
}

// Maps are the maps that the state needs, each once.
func (st State) Maps() []*Map {
	seen := map[uint64]bool{0: true}
	var out []*Map
	add := func(g Guess) {
		if !seen[g.id] {
			seen[g.id] = true
			out = append(out, g.asMap())
		}
	}
	edits := slices.Concat(st.done, st.undone)
	if st.running != nil {
		edits = append(edits, *st.running)
	}
	for i := range st.shot.sheets {
		add(st.shot.sheets[i].guess)
		if f := st.shot.sheets[i].frozen; f != nil {
			add(f.guess)
		}
	}
	for _, e := range edits {
		for _, i := range slices.Sorted(maps.Keys(e.guesses)) {
			add(e.guesses[i])
		}
		for _, p := range e.patches {
			if p.frozen != nil {
				add(p.frozen.guess)
			}
		}
	}
	return out
}

// Snapshot is the state's masks.
func (st State) Snapshot() Snapshot { return st.shot }

// state takes a record of a State.
func (r *Replayer) state(k kind, d *decoder) error {
	h := &r.s.history
	switch k {
	case kindHead:
		return r.head(d)
	case kindSlice:
		return r.sheet(d)
	case kindDone, kindUndone:
		e := d.edit(r.s.bounds(), len(r.s.sheets), r.find)
		if d.err != nil {
			return d.err
		}
		h.bytes += e.Bytes()
		h.newest = max(h.newest, e.id)
		if k == kindDone {
			h.done = append(h.done, e)
		} else {
			h.undone = append(h.undone, e)
		}
		return nil
	case kindEnd:
		return r.end(d)
	}
	return fmt.Errorf("there is no record of kind %d", k)
}

// top is what a head holds.
type top struct {
	w, h, n       uint64
	current       int
	newest, maps  uint64
	setting       setting
	table         []Label
	looks         [256]Look
	rule          PaintRule
	saved         bool
	exported      work
	dropped       work
	open, running uint64
	proposal      *Edit // the running one, where the history has it not
}

func (d *decoder) top(bounds image.Rectangle, slices int, find func(slice int, id uint64) Guess) *top {
	out := &top{w: d.num(), h: d.num(), n: d.num(), current: d.below(max(slices, 1))}
	out.newest, out.maps, out.setting, out.table, out.looks = d.num(), d.num(), d.setting(), d.labels(), allShown()
	if d.layout >= layoutLooks {
		out.looks = d.looks()
	}
	if d.layout >= layoutPainted {
		out.rule = d.rule()
	}
	out.saved, out.exported, out.dropped = d.bool(), d.work(slices), d.work(slices)
	out.open, out.running = d.num(), d.num()
	if out.running == 0 || !d.bool() {
		return out
	}
	out.running, out.proposal = 0, d.edit(bounds, slices, find)
	out.proposal.gone = d.bool()
	if out.proposal.guesses == nil {
		out.proposal.guesses = map[int]Guess{}
	}
	return out
}

func (r *Replayer) head(d *decoder) error {
	s := r.s
	size := *d
	if w, h, n := size.num(), size.num(), size.num(); size.err == nil && (w != uint64(s.w) || h != uint64(s.h) || n != uint64(len(s.sheets))) {
		return ErrOtherSeries
	}
	t := d.top(s.bounds(), len(s.sheets), r.find)
	if d.err != nil {
		return d.err
	}
	s.history = History{limit: s.history.limit, newest: t.newest, heard: s.history.heard, saved: t.saved, exported: t.exported, dropped: t.dropped}
	s.maps, s.setting, s.current, s.proposal = t.maps, t.setting, t.current, t.proposal
	clear(s.sheets)
	s.looks, s.rule = t.looks, t.rule
	s.setTable(t.table)
	s.protect()
	r.ending = ending{open: t.open, running: t.running}
	return nil
}

func (r *Replayer) sheet(d *decoder) error {
	i, id := d.below(len(r.s.sheets)), d.num()
	frozen := d.frozen(i, r.find)
	runs := d.layer(r.s.bounds())
	if d.err != nil {
		return d.err
	}
	h := &r.s.sheets[i]
	*h = sheet{guess: r.find(i, id), frozen: frozen}
	unpackHuman(runs, r.s.bounds(), func(_, x0, x1 int, state uint8) { h.human += (x1 - x0) * m2i(state != free) })
	if h.human > 0 {
		h.packed = runs
		r.admit(runs)
	}
	r.ending.slices++
	return nil
}

// end checks that all is there, and takes up what was under way.
func (r *Replayer) end(d *decoder) error {
	h := &r.s.history
	lost := [3]int{r.ending.slices, len(h.done), len(h.undone)}
	for i := range lost {
		lost[i] = int(d.num()) - lost[i]
	}
	if d.err != nil {
		return d.err
	}
	if at := slices.IndexFunc(h.done, func(e *Edit) bool { return e.id == r.ending.open && e.moved }); at >= 0 {
		h.open = h.done[at]
	}
	if at := slices.IndexFunc(h.done, func(e *Edit) bool { return e.id == r.ending.running && e.guesses != nil }); at >= 0 {
		r.s.proposal = h.done[at]
	}
	h.trim()
	r.s.relabel()
	if lost != [3]int{} {
		return fmt.Errorf("%w: %d slices, %d edits done and %d undone", ErrLost, lost[0], lost[1], lost[2])
	}
	return nil
}

// ErrLost is what Replay gives at the end of a State of which parts are missing.
var ErrLost = errors.New("parts of the state are missing")
