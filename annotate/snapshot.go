package annotate

import "groundglass/annotate/ct"

// Snapshot is a session's state at one moment, for other goroutines: nothing
// that the session does later changes it. A stroke under way is not in it.
// Masks without a person's pixels are made when asked for.
type Snapshot struct {
	Series    *ct.Series
	Labels    []Label
	Threshold float64

	rules  rules
	sheets []sheet
	work   work
}

// Snapshot returns the present state. It copies no mask: the session copies one
// when it next writes to it. The next move of threshold or connectivity is an
// edit of its own, so that it counts as done after the snapshot.
func (s *Session) Snapshot() Snapshot {
	s.rest()
	return s.Look()
}

// Look is a Snapshot for those who only look, and may be taken while a person
// moves the threshold: the next move is still part of the same edit. It is not
// to be marked as exported.
func (s *Session) Look() Snapshot {
	out := Snapshot{
		Series: s.series, Labels: append([]Label(nil), s.shown...), Threshold: s.threshold,
		rules: s.rules, sheets: make([]sheet, len(s.sheets)), work: s.history.work(),
	}
	out.rules.draft = false
	for i := range s.sheets {
		h := &s.sheets[i]
		if p := s.gesture.on(i); p != nil {
			out.sheets[i] = p.past()
			continue
		}
		h.shared = h.mask != nil
		out.sheets[i] = *h
	}
	return out
}

// past is the stroke's sheet as it was before the stroke.
func (s *Stroke) past() sheet {
	s.Mask()
	h := *s.sheet
	h.mask = h.mask.Clone()
	h.shared = true
	if p, ok := s.patch(); ok {
		h.swap(&p)
	}
	return h
}

// Len is the number of slices.
func (s Snapshot) Len() int { return len(s.sheets) }

// Mask is slice i as it was, to read only; safe from any goroutine.
func (s Snapshot) Mask(i int) *Mask {
	if i < 0 || i >= len(s.sheets) {
		return nil
	}
	h := s.sheets[i] // a copy: fresh changes it
	return h.fresh(&s.rules)
}

// Probability is the probability map of slice i, to read; nil when none.
func (s Snapshot) Probability(i int) []uint8 {
	if i < 0 || i >= len(s.sheets) {
		return nil
	}
	return s.sheets[i].guess.prob.read().pixels()
}

// SliceThreshold is the threshold that slice i's pixels derive from: the
// session's, or the one that the slice was accepted with.
func (s Snapshot) SliceThreshold(i int) float64 {
	if i < 0 || i >= len(s.sheets) {
		return s.Threshold
	}
	return s.sheets[i].layer(&s.rules).threshold
}

// SliceConnectivity is likewise the connectivity of slice i; zero where the
// session has no Connector.
func (s Snapshot) SliceConnectivity(i int) Connectivity {
	if s.rules.connect == nil || i < 0 || i >= len(s.sheets) {
		return Connectivity{}
	}
	return s.sheets[i].layer(&s.rules).connectivity
}

// Status is how far the work on slice i had come.
func (s Snapshot) Status(i int) Status {
	if i < 0 || i >= len(s.sheets) {
		return New
	}
	return s.sheets[i].status()
}

// Doubt is as Session.Doubt.
func (s Snapshot) Doubt(i int) (doubt float64, ok bool) {
	if i < 0 || i >= len(s.sheets) || s.sheets[i].guess.prob == nil {
		return 0, false
	}
	return s.sheets[i].guess.Doubt, true
}
