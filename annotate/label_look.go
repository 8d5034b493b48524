package annotate

// Look is how a label is shown. It is no part of the history: undo changes what a
// label is, not how it is looked at.
type Look struct {
	Hidden  bool    // not shown, and protected: see Session.Protected
	Opacity float64 // of the area, 0 to 1, as a share of that of all labels
	Outline bool    // the outline alone, without the area
}

// LabelLook is the look of a label.
func (s *Session) LabelLook(v uint8) Look { return s.looks[v] }

// SetLabelLook changes the look of a label. A stroke under way ends first.
func (s *Session) SetLabelLook(v uint8, l Look) {
	l.Opacity = clip(l.Opacity, 1)
	if v == 0 || l == s.looks[v] {
		return
	}
	s.FinishStroke()
	s.looks[v] = l
	s.protect()
	s.emit(EverySlice, s.bounds(), LabelChanged)
}

// allShown is the looks of a new session.
func allShown() (looks [256]Look) {
	for v := range looks {
		looks[v].Opacity = 1
	}
	return looks
}
