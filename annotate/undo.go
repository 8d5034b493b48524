package annotate

import "image"

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
	if s.gesture != nil {
		s.CancelStroke()
		return true
	}
	return !s.refuses() && s.swapped(s.history.undo(s))
}

// Redo does the edit again that was last undone.
func (s *Session) Redo() bool {
	s.Release()
	return !s.refuses() && s.swapped(s.history.redo(s))
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
func (s *Session) CanUndo() bool { return s.gesture != nil || len(s.history.done) > 0 && !s.sealed }

// CanRedo reports whether Redo would do anything.
func (s *Session) CanRedo() bool { return len(s.history.undone) > 0 && !s.sealed }

// UndoName names the edit that Undo takes back; empty when there is none.
func (s *Session) UndoName() string {
	if s.gesture != nil {
		return s.gesture.name
	}
	return name(s.history.done)
}

// RedoName names the edit that Redo does again; empty when there is none.
func (s *Session) RedoName() string { return name(s.history.undone) }

// Dirty reports whether a person's edits, the threshold, the connectivity or the
// label table differ from what was last exported. Any of the latter changed before
// anything else does not count.
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
	s.recordExported()
	s.emit(s.current, image.Rectangle{}, HistoryChanged)
}
