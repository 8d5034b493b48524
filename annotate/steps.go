package annotate

import "maps"

// Step is an edit of the history, for people.
type Step struct {
	Name     string
	Slice    int   // the first that it changed; EverySlice where it is of the whole series
	Slices   int   // how many it changed
	Label    uint8 // that it painted; 0 where none, or several
	Exported bool  // what was exported is the state after it
}

// Steps lists all edits that can be undone and redone, the oldest first, and how
// many of them are done: the present state is the one after these. Start tells
// that what was exported is the state before the first.
func (s *Session) Steps() (all []Step, done int, start bool) {
	h := &s.history
	for _, e := range h.done {
		all = append(all, e.step())
	}
	for i := len(h.undone) - 1; i >= 0; i-- {
		all = append(all, h.undone[i].step())
	}
	start = h.markExported(all)
	return all, len(h.done), start
}

// step describes an edit.
func (e *Edit) step() Step {
	st := Step{Name: e.name, Slice: EverySlice, Slices: len(e.patches) + len(e.guesses), Label: e.label}
	if len(e.patches) > 0 {
		st.Slice = e.patches[0].slice
	}
	return st
}

// markExported marks the steps after which a person's work is what was exported,
// and reports whether it is before the first.
func (h *History) markExported(all []Step) (start bool) {
	if !h.saved {
		return false
	}
	now := maps.Clone(h.dropped)
	if now == nil {
		now = work{}
	}
	differs := 0
	for k := range union(now, h.exported) {
		if now[k] != h.exported[k] {
			differs++
		}
	}
	start = differs == 0
	for i := range all {
		e := h.at(i)
		one := work{}
		one.add(e)
		for k, id := range one {
			if now[k] != h.exported[k] {
				differs--
			}
			now[k] = id
			if id != h.exported[k] {
				differs++
			}
		}
		all[i].Exported = differs == 0
	}
	return start
}

// at is the edit that Steps lists as the i-th.
func (h *History) at(i int) *Edit {
	if i < len(h.done) {
		return h.done[i]
	}
	return h.undone[len(h.undone)-1-(i-len(h.done))]
}

func union(a, b work) work {
	all := maps.Clone(a)
	maps.Copy(all, b)
	return all
}

// GoTo brings back the state after the first n of Steps, by undoing or redoing.
// A stroke under way ends first.
func (s *Session) GoTo(n int) {
	s.Release()
	s.FinishStroke()
	for len(s.history.done) > max(n, 0) && s.Undo() {
	}
	for len(s.history.done) < n && s.Redo() {
	}
}
