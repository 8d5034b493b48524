package annotate

import "math"

// BeginProposal starts a new generation of proposals and ends the one before,
// whose later maps are stale. Its maps will be one undoable edit.
func (s *Session) BeginProposal() (generation int) {
	s.generation++
	s.proposal = &Edit{id: s.history.newID(), name: "Proposal", guesses: map[int]Guess{}}
	return s.generation
}

// Propose gives slice i what a model makes of it, which the session owns from
// then on. It returns false for a stale generation and for a
// map that does not fit: the caller may then stop. No pixel that a person set
// changes, and nothing that was undone is lost.
func (s *Session) Propose(i, generation int, g Guess) bool {
	if s.proposal == nil || generation != s.generation || !s.has(i) || !g.fits(s.w*s.h) {
		return false
	}
	g = g.kept(s.shown)
	s.maps++
	g.id = s.maps
	s.give(i, g)
	s.recordMap(i, s.proposal, g)
	s.freshenStroke()
	s.emit(i, s.bounds(), Proposal|Pixels|StatusChanged|HistoryChanged)
	return true
}

// give makes a guess, which the session owns, slice i's, as part of the running
// proposal.
func (s *Session) give(i int, g Guess) {
	e, h := s.proposal, &s.sheets[i]
	if _, again := e.guesses[i]; !again {
		e.guesses[i] = h.guess
		if len(e.guesses) == 1 {
			s.history.insert(e)
		} else {
			s.history.grew(e, h.guess.bytes()+patchBytes)
		}
	}
	h.guess = g
	h.stale()
	s.relabel()
}

// Probability is the probability map of slice i (0..255, row-major), to read;
// nil when there is none.
func (s *Session) Probability(i int) []uint8 {
	if !s.has(i) {
		return nil
	}
	return s.sheets[i].maps(s.sheets[i].guess).prob
}

// Threshold is the probability (0..1) from which a pixel is proposed.
func (s *Session) Threshold() float64 { return s.threshold }

// SetThreshold moves the threshold, clipped to 0..1. Moves that follow each
// other without an edit between are one undoable edit. Pixels that a person set
// stay; the others of each slice follow when the slice is next asked for.
func (s *Session) SetThreshold(t float64) {
	t = min(max(t, 0), 1)
	if math.IsNaN(t) || t == s.threshold {
		return
	}
	what := Threshold
	if cutOf(s.threshold) != cutOf(t) {
		what |= Pixels
	}
	s.move("Threshold", setting{t, s.connectivity}, what)
}

// move changes the setting, as an edit or as part of the one under way.
func (s *Session) move(name string, to setting, what What) {
	if s.refuses() {
		return
	}
	was := s.setting
	s.setting = to
	s.freshenStroke()
	e := s.history.open
	switch {
	case e == nil || e.gone || e.name != name:
		e = &Edit{id: s.history.newID(), name: name, setting: was, moved: true}
		s.history.push(e)
		s.history.open = e
	case e.setting == to:
		s.history.remove(e)
		s.history.open = nil
	}
	s.recordSetting(name, e.id)
	s.emit(EverySlice, s.bounds(), what|HistoryChanged)
}

// freshenStroke keeps the masks fresh that a stroke under way writes to.
func (s *Session) freshenStroke() {
	if s.gesture == nil {
		return
	}
	for _, p := range s.gesture.open {
		s.Mask(p.slice)
	}
}
