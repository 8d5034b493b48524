package annotate

// Settling is the work that is left to do on the proposal of one slice after the
// threshold or the connectivity changed. Do it on any goroutine, and hand it
// back with Settle.
type Settling struct {
	Slice int

	with Connector
	prob *byteMap
	by   recipe
	done *joined
}

// Do does the work.
func (p *Settling) Do() { p.done = join(p.with, p.prob, p.by) }

// Unsettled is the slice nearest to a given one whose Mask and Foreground would
// take a Connector's time when they are next asked for; nil where there is none,
// or while a person is choosing.
func (s *Session) Unsettled(near int) *Settling {
	if s.connect == nil || s.draft {
		return nil
	}
	for d := range len(s.sheets) + max(near, -near) {
		for _, i := range [2]int{near - d, near + d} {
			if s.has(i) && !s.Settled(i) {
				l := s.sheets[i].layer(&s.rules)
				return &Settling{Slice: i, with: s.connect, prob: l.guess.prob, by: s.recipe(l)}
			}
		}
	}
	return nil
}

// Settled reports whether Mask and Foreground of slice i take no Connector's
// time.
func (s *Session) Settled(i int) bool {
	if !s.has(i) {
		return true
	}
	h := &s.sheets[i]
	l := h.layer(&s.rules)
	by := s.recipe(l)
	return !by.joins() || h.joined.holds(l.guess.prob, by)
}

// Sketch is Mask for showing at once: a draft of it as long as slice i is not
// settled.
func (s *Session) Sketch(i int) *Mask {
	r := s.rules
	r.draft = r.draft || !s.Settled(i)
	return s.maskBy(i, &r)
}

// settling does what may settle slice i, and then tells so: a sketch of it may be
// in view.
func (s *Session) settling(i int, do func()) {
	was := s.Settled(i)
	do()
	if !was && s.Settled(i) {
		s.emit(i, s.bounds(), Pixels)
	}
}

// Settle takes work that is done. What no longer holds is dropped, and reported
// with false.
func (s *Session) Settle(p *Settling) bool {
	if s.Settled(p.Slice) {
		return false
	}
	h := &s.sheets[p.Slice]
	if l := h.layer(&s.rules); !p.done.holds(l.guess.prob, s.recipe(l)) {
		return false
	}
	h.joined = p.done
	s.emit(p.Slice, s.bounds(), Pixels)
	return true
}
