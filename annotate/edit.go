package annotate

// Edit is one undoable change. It holds the other side of what it changed, and
// swap exchanges the two: undo and redo are the same act.
type Edit struct {
	id      uint64
	name    string
	label   uint8         // that it painted; 0 where none, or several
	patches []patch       // a person's pixels and acceptances
	guesses map[int]Guess // a proposal's by slice
	setting setting       // the other setting, where moved
	moved   bool
	table   []Label // the other label table, where tabled
	tabled  bool
	gone    bool // no longer in the history
}

// editBytes is what an Edit takes beside its contents, and labelBytes about what a
// label does.
const (
	editBytes  = 200
	labelBytes = 160
)

// Name says in a word or two what the edit did.
func (e *Edit) Name() string { return e.name }

// Bytes is about how much memory the edit holds.
func (e *Edit) Bytes() int64 {
	n := int64(editBytes)
	for _, p := range e.patches {
		n += patchBytes + int64(len(p.runs))
	}
	for _, g := range e.guesses {
		n += g.bytes() + patchBytes
	}
	n += labelBytes * int64(len(e.table))
	return n
}

// human reports whether the edit is a person's work that export would save.
func (e *Edit) human() bool { return len(e.patches) > 0 }

// swap exchanges what the edit holds with what the session has. Only the
// session's history calls it, last done first and last undone first.
func (e *Edit) swap(s *Session) {
	var states []uint8
	for i := range e.patches {
		p := &e.patches[i]
		h := &s.sheets[p.slice]
		if h.mask == nil && !s.replaying {
			if states == nil {
				states = make([]uint8, s.w*s.h)
			}
			h.swapPacked(p, states, s.bounds())
			continue
		}
		if s.replaying {
			s.bare(p.slice)
		} else {
			s.Sketch(p.slice) // what no person set is derived anew when it is asked for
		}
		h.own()
		h.swap(p)
	}
	for i, g := range e.guesses {
		h := &s.sheets[i]
		e.guesses[i], h.guess = h.guess, g
		h.stale()
	}
	if e.moved {
		e.setting, s.setting = s.setting, e.setting
	}
	if e.tabled {
		was := s.table
		s.setTable(e.table)
		e.table = was
	} else {
		s.relabel()
	}
}
