package annotate

import "image"

// Press begins a stroke of the tool in hand on the current slice. A stroke
// still under way ends first. Points are in image pixels and may lie outside.
func (s *Session) Press(p Point) {
	s.Release()
	if s.tool == nil || !s.has(s.current) || !p.finite() {
		return
	}
	st := &Stroke{slice: s.current, name: toolName(s.tool), saved: make([]bool, s.h)}
	s.stroke, s.strokeTool, s.last = st, s.tool, p
	st.sheet = s.writable(s.current)
	if s.guard != nil {
		st.guard = s.guard(s.current)
	}
	if s.before == nil {
		s.before = NewMask(s.w, s.h)
	}
	st.before = s.before
	s.drawn(func() { s.strokeTool.Press(st, p) })
}

// Drag continues the stroke to p.
func (s *Session) Drag(p Point) {
	if s.stroke == nil || !p.finite() {
		return
	}
	from := s.last
	s.last = p
	s.drawn(func() { s.strokeTool.Drag(s.stroke, from, p) })
}

// drawn lets the tool write and tells what it wrote.
func (s *Session) drawn(write func()) {
	st := s.stroke
	before := st.sheet.status()
	write()
	if r := st.takeDirty(); !r.Empty() {
		what := Pixels
		if st.sheet.status() != before {
			what |= StatusChanged
		}
		s.emit(st.slice, r, what)
	}
}

// Release ends the stroke and makes it one undoable edit; where it changed
// nothing there is none. Without a stroke it does nothing.
func (s *Session) Release() {
	st := s.stroke
	if st == nil {
		return
	}
	s.stroke, s.strokeTool = nil, nil
	p, ok := st.patch()
	if !ok {
		return
	}
	s.history.push(&Edit{id: s.history.newID(), name: st.name, patches: []patch{p}})
	s.emit(st.slice, image.Rectangle{}, HistoryChanged)
}

// CancelStroke takes back the stroke under way, as if it had never begun.
func (s *Session) CancelStroke() {
	st := s.stroke
	if st == nil {
		return
	}
	s.stroke, s.strokeTool = nil, nil
	p, ok := st.patch()
	if !ok {
		return
	}
	st.sheet.swap(&p)
	s.emit(st.slice, p.rect, Pixels|StatusChanged)
}

// Stroking reports whether a stroke is under way.
func (s *Session) Stroking() bool { return s.stroke != nil }

// SetHistoryLimit bounds the history's memory, in bytes. The newest edit stays
// undoable whatever its size.
func (s *Session) SetHistoryLimit(bytes int64) {
	s.history.limit = bytes
	s.history.trim()
	s.emit(s.current, image.Rectangle{}, HistoryChanged)
}

// History is the session's history, to read.
func (s *Session) History() *History { return &s.history }

// Undo takes back the newest edit and brings the slice that it changed into
// view; during a stroke it cancels that. It reports whether there was any.
func (s *Session) Undo() bool {
	if s.stroke != nil {
		s.CancelStroke()
		return true
	}
	return s.swapped(s.history.undo(s))
}

// Redo does the edit again that was last undone.
func (s *Session) Redo() bool {
	s.Release()
	return s.swapped(s.history.redo(s))
}

// swapped shows what an edit's swap changed. Undoing or redoing any proposal
// ends one that is still running, since proposals do not commute: its further
// maps are stale.
func (s *Session) swapped(e *Edit) bool {
	if e == nil {
		return false
	}
	if e.guesses != nil {
		s.proposal = nil
	}
	s.show(e)
	for _, p := range e.patches {
		r := p.rect
		if r.Empty() { // accepted or reopened: any pixel may follow the threshold
			r = s.bounds()
		}
		s.emit(p.slice, r, Pixels|StatusChanged)
	}
	what := HistoryChanged
	if e.guesses != nil {
		what |= Proposal | Pixels | StatusChanged
	}
	if e.moved {
		what |= Threshold | ConnectivityChanged | Pixels
	}
	s.emit(EverySlice, s.bounds(), what)
	return true
}

// show brings a slice that the edit changed into view.
func (s *Session) show(e *Edit) {
	for _, p := range e.patches {
		if p.slice == s.current {
			return
		}
	}
	if len(e.patches) > 0 {
		s.SetCurrent(e.patches[0].slice)
	}
}

// CanUndo reports whether Undo would do anything.
func (s *Session) CanUndo() bool { return s.stroke != nil || len(s.history.done) > 0 }

// CanRedo reports whether Redo would do anything.
func (s *Session) CanRedo() bool { return len(s.history.undone) > 0 }

// UndoName names the edit that Undo takes back; empty when there is none.
func (s *Session) UndoName() string {
	if s.stroke != nil {
		return s.stroke.name
	}
	return name(s.history.done)
}

// RedoName names the edit that Redo does again; empty when there is none.
func (s *Session) RedoName() string { return name(s.history.undone) }

// Dirty reports whether a person's edits, the threshold or the connectivity
// differ from what was last exported. Either of these moved before anything else
// does not count.
func (s *Session) Dirty() bool {
	list, moved := s.history.unsaved()
	return len(list) > 0 || moved
}

// Unsaved lists the slices on which a person's edits differ from what was last
// exported, in order.
func (s *Session) Unsaved() []int {
	list, _ := s.history.unsaved()
	return list
}

// MarkExported notes that the present state was exported: call it only after
// the files are safe, and MarkSnapshotExported where work went on meanwhile.
func (s *Session) MarkExported() { s.markExported(s.history.work()) }

// MarkSnapshotExported notes that the state of a snapshot of this session was
// exported; strokes made since then are still to be exported.
func (s *Session) MarkSnapshotExported(shot Snapshot) { s.markExported(shot.work) }

func (s *Session) markExported(done work) {
	s.history.exported, s.history.saved, s.history.open = done, true, nil
	s.emit(s.current, image.Rectangle{}, HistoryChanged)
}
