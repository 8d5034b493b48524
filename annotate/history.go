package annotate

import (
	"maps"
	"slices"
)

// DefaultHistoryBytes bounds the history of a new session.
const DefaultHistoryBytes = 1 << 30

// History is the list of edits done and undone over all slices. Edits have
// identities: what was exported is known by the identities of the newest edits
// at that time, so undo, redo and dropped edits cannot make it mean another
// state.
type History struct {
	limit, bytes int64
	done, undone []*Edit
	newest       uint64 // newest identity given
	dropped      work   // the newest edits that the bound dropped
	exported     work
	saved        bool  // something was exported
	open         *Edit // of threshold or connectivity: the next move of the same extends it

	heard func(kind, *Edit) // is told of what was done, undone or done again; may be nil
}

// newID returns a new identity. Identities grow with time.
func (h *History) newID() uint64 {
	h.newest++
	return h.newest
}

// Len returns how many edits can be undone and redone.
func (h *History) Len() (undo, redo int) { return len(h.done), len(h.undone) }

// Bytes is about how much memory the history holds.
func (h *History) Bytes() int64 { return h.bytes }

// push adds an edit that was just done; what was undone is lost.
func (h *History) push(e *Edit) {
	for _, u := range h.undone {
		h.forget(u)
	}
	h.undone = nil
	h.done = append(h.done, e)
	h.bytes += e.Bytes()
	h.open = nil
	h.trim()
	h.tell(kindEdit, e)
}

func (h *History) tell(k kind, e *Edit) {
	if h.heard != nil {
		h.heard(k, e)
	}
}

// insert adds an edit at the place in time that its identity tells, and keeps
// what was undone. Only edits that commute with all others may be inserted: a
// proposal does, because it leaves the human layer alone.
func (h *History) insert(e *Edit) {
	at := len(h.done)
	for at > 0 && h.done[at-1].id > e.id {
		at--
	}
	h.done = slices.Insert(h.done, at, e)
	h.bytes += e.Bytes()
	h.trim()
}

// grew notes that an edit holds n bytes more.
func (h *History) grew(e *Edit, n int64) {
	if !e.gone {
		h.bytes += n
		h.trim()
	}
}

// trim drops the oldest edits, then the furthest undone ones, until the bound
// holds; the edit at hand stays.
func (h *History) trim() {
	for h.bytes > h.limit && len(h.done)+len(h.undone) > 1 {
		if len(h.done) > 1 || len(h.done) == 1 && len(h.undone) > 0 {
			h.dropped = h.dropped.with(h.done[0])
			h.forget(h.done[0])
			h.done = slices.Delete(h.done, 0, 1)
			continue
		}
		h.forget(h.undone[0])
		h.undone = slices.Delete(h.undone, 0, 1)
	}
}

func (h *History) forget(e *Edit) {
	h.bytes -= e.Bytes()
	e.gone = true
}

// remove takes a done edit out that came to nothing.
func (h *History) remove(e *Edit) {
	if i := slices.Index(h.done, e); i >= 0 {
		h.forget(e)
		h.done = slices.Delete(h.done, i, i+1)
	}
}

// undo swaps the newest done edit and returns it; nil when there is none.
func (h *History) undo(s *Session) *Edit { return h.move(s, &h.done, &h.undone, kindUndo) }

// redo swaps the newest undone edit and returns it; nil when there is none.
func (h *History) redo(s *Session) *Edit { return h.move(s, &h.undone, &h.done, kindRedo) }

func (h *History) move(s *Session, from, to *[]*Edit, k kind) *Edit {
	n := len(*from)
	if n == 0 {
		return nil
	}
	e := (*from)[n-1]
	h.bytes -= e.Bytes()
	e.swap(s)
	h.bytes += e.Bytes()
	*from, *to = (*from)[:n-1], append(*to, e)
	h.open = nil
	h.trim()
	h.tell(k, e)
	return e
}

// work is the identity of the newest edit by a person on each slice, and of the
// newest change of threshold, connectivity or label table under EverySlice. It is
// not changed once made.
type work map[int]uint64

// with is the work after one more edit.
func (w work) with(e *Edit) work {
	if !e.human() && !e.moved && !e.tabled {
		return w
	}
	out := maps.Clone(w)
	if out == nil {
		out = work{}
	}
	out.add(e)
	return out
}

func (w work) add(e *Edit) {
	for _, p := range e.patches {
		w[p.slice] = e.id
	}
	if e.moved || e.tabled {
		w[EverySlice] = e.id
	}
}

// work is what is done now.
func (h *History) work() work {
	out := maps.Clone(h.dropped)
	if out == nil {
		out = work{}
	}
	for _, e := range h.done {
		out.add(e)
	}
	return out
}

// unsaved lists the slices on which a person's work differs from what was
// exported, in order; moved tells that the threshold, the connectivity or the label
// table was changed since, which counts once anything was exported or done by hand.
func (h *History) unsaved() (list []int, moved bool) {
	now := h.work()
	differs := map[int]bool{}
	for i, id := range now {
		differs[i] = id != h.exported[i]
	}
	for i := range h.exported {
		differs[i] = now[i] != h.exported[i]
	}
	for i, d := range differs {
		if d && i != EverySlice {
			list = append(list, i)
		}
	}
	slices.Sort(list)
	return list, differs[EverySlice] && (h.saved || len(list) > 0)
}

func name(edits []*Edit) string {
	if len(edits) == 0 {
		return ""
	}
	return edits[len(edits)-1].name
}
