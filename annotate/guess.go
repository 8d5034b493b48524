package annotate

import "strings"

// Guess is what a model makes of one slice; the zero value is none. The session
// owns one that it was given.
type Guess struct {
	Prob  []uint8 // probability of being foreground, 0..255, row-major, W*H; never written to
	Doubt float64 // how wrong it may be as a whole: 0 for sure, to 1

	// Where the model tells kinds apart: which of Kinds, from 0, each pixel is if
	// it is foreground, W*H, and their names. A pixel that is proposed gets the
	// label of that name, in any case of letters, or that has the code of the default
	// label of that name, or else ProposalLabel.
	Kind  []uint8
	Kinds []string

	// What a session keeps in place of the maps: the probabilities, nil for none,
	// and the label of each pixel that is proposed, nil for ProposalLabel of all.
	prob, label *byteMap
	among       LabelSet // what is in label
	id          uint64   // the number that the session gave it, from 1
}

// fits reports whether it is a guess at a slice of n pixels.
func (g Guess) fits(n int) bool { return len(g.Prob) == n && (g.Kind == nil || len(g.Kind) == n) }

// kept is the guess as a session keeps it, with labels in place of kinds. Their
// memory is written to; that of the maps is not needed any more.
func (g Guess) kept(table []Label) Guess {
	var of [256]uint8
	for k := range of {
		of[k] = ProposalLabel
		if k < len(g.Kinds) {
			of[k] = kindLabelOf(table, g.Kinds[k])
		}
	}
	for i, k := range g.Kind {
		g.Kind[i] = of[k]
	}
	kept := Guess{Doubt: g.Doubt, prob: packMap(g.Prob)}
	if g.Kind != nil {
		kept.label = packMap(g.Kind)
	}
	kept.among = kept.label.values()
	if kept.among == SetOf(ProposalLabel) {
		kept.label = nil
	}
	return kept
}

// kindLabelOf is the value of the label that stands for a kind.
func kindLabelOf(table []Label, kind string) uint8 {
	for _, l := range table {
		if strings.EqualFold(l.Name, kind) {
			return l.Value
		}
	}
	for _, d := range DefaultLabels() {
		for _, l := range table {
			if strings.EqualFold(d.Name, kind) && l.Code == d.Code {
				return l.Value
			}
		}
	}
	return ProposalLabel
}

// gives are the labels that it gives to pixels, at some threshold.
func (g Guess) gives() LabelSet {
	switch {
	case g.prob == nil:
		return LabelSet{}
	case g.label == nil:
		return SetOf(ProposalLabel)
	}
	return g.among
}

// bytes is about how much memory it holds.
func (g Guess) bytes() int64 { return g.prob.bytes() + g.label.bytes() }

// open are the maps of a guess, to read. The zero value is of none.
type open struct {
	of          Guess
	probs, kind *openMap // which holds them for others too
	prob, label []uint8
}

// open unpacks the guess's maps.
func (g Guess) open() open {
	o := open{of: g, probs: g.prob.read(), kind: g.label.read()}
	o.prob, o.label = o.probs.pixels(), o.kind.pixels()
	return o
}

// opens reports whether it holds the maps of g.
func (o *open) opens(g Guess) bool { return o.of.prob == g.prob && o.of.label == g.label }

// reaches reports whether the probability of pixel i is at least cut.
func (g *open) reaches(i int, cut uint8) bool { return g.prob != nil && g.prob[i] >= cut }

// derived is the label and origin of pixel i where no person set it.
func (g *open) derived(i int, proposed bool) (uint8, Origin) {
	switch {
	case !proposed:
		return 0, Untouched
	case g.label == nil:
		return ProposalLabel, Model
	}
	return g.label[i], Model
}

// label8 is the labels that 8 pixels from i on get where they are proposed.
func (g *open) label8(i int) uint64 {
	if g.label == nil {
		return uint64(ProposalLabel) * ones
	}
	return load8(g.label[i : i+8])
}

// Doubt is how unsure the model is of its proposal for slice i, 0 for sure to 1;
// ok is false where there is none.
func (s *Session) Doubt(i int) (doubt float64, ok bool) {
	if !s.has(i) || s.sheets[i].guess.prob == nil {
		return 0, false
	}
	return s.sheets[i].guess.Doubt, true
}

// Uses sets used for each label that slice i has.
func (s *Session) Uses(i int, used *[256]bool) {
	if s.has(i) && s.sheets[i].human == 0 && s.sheets[i].layer(&s.rules).guess.label == nil {
		used[ProposalLabel] = used[ProposalLabel] || s.Foreground(i) > 0
		return
	}
	if m := s.Mask(i); m != nil {
		for _, l := range m.Label {
			used[l] = used[l] || l != 0
		}
	}
}
