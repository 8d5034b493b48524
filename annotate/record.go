package annotate

import (
	"bytes"
	"image"
	"maps"
	"slices"
)

// Record is one step of the work on a session, ready to be written down. Given
// to Replay in order, on a session of the same series, records make the same
// state again: masks, settings, labels, and what can be undone and redone.
//
// FORMAT.md in annotate/project says what the bytes mean.
type Record struct {
	Data []byte
	Map  *Map // the map that Data tells of where it is a proposal, else nil; never written to
}

// Map is what a model made of one slice, as the session keeps it. Maps have
// numbers from 1; a record names a map by its number.
type Map struct {
	ID    uint64
	Doubt float64 // as in Guess

	prob, label *byteMap
}

// NewMap is the map of a slice of n pixels whose planes Planes gave, which it
// copies; ok is false where they are no such planes.
func NewMap(id uint64, doubt float64, prob, label []byte, n int) (m Map, ok bool) {
	m = Map{ID: id, Doubt: doubt}
	if m.prob, ok = mapOf(bytes.Clone(prob), n); ok && len(label) > 0 {
		m.label, ok = mapOf(bytes.Clone(label), n)
	}
	return m, ok
}

// PackMap is the map of a slice by its planes, a byte a pixel; label may be nil.
func PackMap(id uint64, doubt float64, prob, label []uint8) Map {
	m := Map{ID: id, Doubt: doubt, prob: packMap(prob)}
	if label != nil {
		m.label = packMap(label)
	}
	return m
}

// Planes are the probabilities, as in Guess, and the label of each pixel where it
// is proposed, nil for ProposalLabel of all. Both are spans as in
// FORMAT.md, to be read only.
func (m *Map) Planes() (prob, label []byte) {
	if m.label != nil {
		label = m.label.runs
	}
	return m.prob.runs, label
}

// kind is the first byte of a record.
type kind uint8

// The kinds of steps, and those that make up a State.
const (
	kindEdit     kind = iota + 1 // a person's edit, as it left its pixels
	kindUndo                     // an edit was undone
	kindRedo                     // an edit was done again
	kindMap                      // a slice of a proposal
	kindSetting                  // threshold or connectivity moved
	kindRest                     // the next move is an edit of its own
	kindExported                 // what was exported
	kindLooks                    // how labels look

	kindHead   // of a State: the session as a whole
	kindSlice  // of a State: one slice
	kindDone   // of a State: an edit that can be undone, as it stands
	kindUndone // of a State: an edit that can be redone, as it stands
	kindEnd    // of a State: nothing follows

	kindRule // a step again: the paint rule was set
)

// OnRecord sets the one recorder, which is told each step of the work before the
// listener is; nil for none. The records belong to it.
func (s *Session) OnRecord(f func(Record)) {
	s.recorder = f
	s.told = s.looks
	s.history.heard = s.recordEdit
	if f == nil {
		s.history.heard = nil
	}
}

// record tells the recorder.
func (s *Session) record(k kind, m *Map, write func(*encoder)) {
	if s.recorder == nil {
		return
	}
	e := &encoder{b: make([]byte, 0, 64)}
	e.byte(uint8(k))
	write(e)
	s.recorder(Record{Data: e.b, Map: m})
}

// recordEdit records an edit that was just done, undone or done again.
func (s *Session) recordEdit(k kind, d *Edit) {
	switch {
	case k != kindEdit:
		s.record(k, nil, func(e *encoder) { e.num(d.id) })
	case !d.moved: // Session.move records itself
		s.record(k, nil, func(e *encoder) {
			e.edit(d, s.table, func(p *patch) ([]byte, *layer) {
				h := &s.sheets[p.slice]
				return h.humanIn(s.bounds(), p.rect), h.frozen
			})
		})
	}
}

// recordMap records that slice i of a running proposal has got its map.
func (s *Session) recordMap(i int, d *Edit, g Guess) {
	s.record(kindMap, g.asMap(), func(e *encoder) {
		e.num(d.id)
		e.text(d.name)
		e.count(i)
		e.num(g.id)
	})
}

// recordSetting records the setting as it is, and the edit that it is part of.
func (s *Session) recordSetting(name string, id uint64) {
	s.record(kindSetting, nil, func(e *encoder) {
		e.num(id)
		e.text(name)
		e.setting(s.setting)
	})
}

// rest makes the next move of threshold or connectivity an edit of its own.
func (s *Session) rest() {
	if s.history.open != nil {
		s.history.open = nil
		s.record(kindRest, nil, func(*encoder) {})
	}
}

func (s *Session) recordExported() {
	s.record(kindExported, nil, func(e *encoder) { e.work(s.history.exported) })
}

// recordLooks records how labels look where that is other than it was.
func (s *Session) recordLooks() {
	if s.recorder == nil || s.told == s.looks {
		return
	}
	s.told = s.looks
	s.record(kindLooks, nil, func(e *encoder) { e.looks(&s.looks) })
}

func (s *Session) recordRule() {
	s.record(kindRule, nil, func(e *encoder) { e.rule(s.rule) })
}

func (e *encoder) rule(r PaintRule) {
	e.byte(uint8(r.Over))
	for _, v := range r.Chosen {
		e.num(v)
	}
	e.bool(r.Lungs)
}

func (d *decoder) rule() (r PaintRule) {
	if r.Over = Over(d.byte()); r.Over > OverChosen {
		d.fail("there is no rule %d", r.Over)
	}
	for i := range r.Chosen {
		r.Chosen[i] = d.num()
	}
	r.Lungs = d.bool()
	return r
}

func (e *encoder) setting(v setting) {
	e.float(v.threshold)
	e.float(v.connectivity.TV)
	e.float(v.connectivity.LeastArea)
	e.bool(v.connectivity.FillHoles)
}

func (d *decoder) setting() setting {
	t := d.float()
	c := Connectivity{TV: d.float(), LeastArea: d.float(), FillHoles: d.bool()}
	return setting{min(max(t, 0), 1), Connectivity{clip(c.TV, MaxTV), clip(c.LeastArea, MaxLeastArea), c.FillHoles}}
}

func (e *encoder) labels(table []Label) {
	e.count(len(table))
	for _, l := range table {
		e.byte(l.Value)
		e.text(l.Name)
		e.b = append(e.b, l.Color.R, l.Color.G, l.Color.B, l.Color.A)
		e.num(uint64(uint32(l.Key)))
		for _, text := range []string{l.Code.Scheme, l.Code.Value, l.Code.Meaning} {
			e.text(text)
		}
		e.byte(l.Export)
		e.bool(l.Locked)
	}
}

func (d *decoder) labels() (table []Label) {
	for range d.count() {
		l := Label{Value: d.byte(), Name: d.text()}
		l.Color.R, l.Color.G, l.Color.B, l.Color.A = d.byte(), d.byte(), d.byte(), d.byte()
		l.Key = rune(uint32(d.num()))
		if d.layout >= layoutLooks {
			l.Code = Code{d.text(), d.text(), d.text()}
			l.Export, l.Locked = d.byte(), d.bool()
		}
		table = append(table, l)
	}
	if err := CheckLabels(table); err != nil {
		d.fail("%w", err)
	}
	return table
}

// looks writes the looks that are not those of a new session.
func (e *encoder) looks(looks *[256]Look) {
	plain, other := allShown(), []int(nil)
	for v := range looks {
		if looks[v] != plain[v] {
			other = append(other, v)
		}
	}
	e.count(len(other))
	for _, v := range other {
		e.byte(uint8(v))
		e.bool(looks[v].Hidden)
		e.bool(looks[v].Outline)
		e.float(looks[v].Opacity)
	}
}

func (d *decoder) looks() [256]Look {
	out := allShown()
	for range d.count() {
		v := d.byte()
		out[v] = Look{Hidden: d.bool(), Outline: d.bool(), Opacity: clip(d.float(), 1)}
	}
	return out
}

func (e *encoder) work(w work) {
	e.count(len(w))
	for _, i := range slices.Sorted(maps.Keys(w)) {
		e.count(i + 1) // EverySlice is -1
		e.num(w[i])
	}
}

func (d *decoder) work(slices int) work {
	w := work{}
	for range d.count() {
		i := d.below(slices + 1)
		w[i-1] = d.num()
	}
	return w
}

// edit writes an edit with a side of its label table and its patches: what these
// have, or what the session has in their place.
func (e *encoder) edit(d *Edit, table []Label, side func(*patch) (runs []byte, frozen *layer)) {
	e.num(d.id)
	e.text(d.name)
	e.byte(d.label)
	e.count(len(d.patches))
	for i := range d.patches {
		p := &d.patches[i]
		runs, frozen := side(p)
		e.count(p.slice)
		e.rect(p.rect)
		e.layer(runs, p.rect)
		e.frozen(frozen)
	}
	e.count(len(d.guesses))
	for _, i := range slices.Sorted(maps.Keys(d.guesses)) {
		e.count(i)
		e.num(d.guesses[i].id)
	}
	e.bool(d.moved)
	if d.moved {
		e.setting(d.setting)
	}
	e.bool(d.tabled)
	if d.tabled {
		e.labels(table)
	}
}

// asIs is a patch's own side.
func asIs(p *patch) ([]byte, *layer) { return p.runs, p.frozen }

func (e *encoder) frozen(l *layer) {
	e.bool(l != nil)
	if l != nil {
		e.bool(l.rejected)
		e.num(l.guess.id)
		e.setting(l.setting)
	}
}

// edit reads an edit on slices of bounds. Guesses come from find.
func (d *decoder) edit(bounds image.Rectangle, n int, find func(slice int, id uint64) Guess) *Edit {
	out := &Edit{id: d.num(), name: d.text()}
	if d.layout >= layoutPainted {
		out.label = d.byte()
	}
	for range d.count() {
		p := patch{slice: d.below(n), rect: d.rect(bounds)}
		p.runs = d.layer(p.rect)
		p.frozen = d.frozen(p.slice, find)
		if d.err != nil {
			return out
		}
		out.patches = append(out.patches, p)
	}
	if k := d.count(); k > 0 {
		out.guesses = map[int]Guess{}
		for range k {
			i := d.below(n)
			out.guesses[i] = find(i, d.num())
		}
	}
	if out.moved = d.bool(); out.moved {
		out.setting = d.setting()
	}
	if d.layout < layoutLooks {
		return out
	}
	if out.tabled = d.bool(); out.tabled {
		out.table = d.labels()
	}
	return out
}

func (d *decoder) frozen(slice int, find func(slice int, id uint64) Guess) *layer {
	if !d.bool() {
		return nil
	}
	l := &layer{rejected: d.layout >= layoutRejected && d.bool()}
	id := d.num()
	l.setting = d.setting()
	if d.err == nil {
		l.guess = find(slice, id)
	}
	return l
}

// asMap is the guess for a record.
func (g Guess) asMap() *Map {
	return &Map{ID: g.id, Doubt: g.Doubt, prob: g.prob, label: g.label}
}
