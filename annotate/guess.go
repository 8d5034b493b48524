package annotate

// Guess is what a model makes of one slice; the zero value is none. The session
// owns one that it was given, and never writes to it.
type Guess struct {
	Prob  []uint8 // probability of being foreground, 0..255, row-major, W*H
	Doubt float64 // how wrong it may be as a whole: 0 for sure, to 1
}

// bytes is about how much memory it holds.
func (g Guess) bytes() int64 { return int64(len(g.Prob)) }

// Doubt is how unsure the model is of its proposal for slice i, 0 for sure to 1;
// ok is false where there is none.
func (s *Session) Doubt(i int) (doubt float64, ok bool) {
	if !s.has(i) || s.sheets[i].guess.Prob == nil {
		return 0, false
	}
	return s.sheets[i].guess.Doubt, true
}
