package annotate

import "slices"

// Over says which pixels a label may be painted over.
type Over uint8

// The choices of Over.
const (
	OverAll     Over = iota // all pixels
	OverNothing             // pixels of the background; erasing is free
	OverChosen              // pixels of chosen labels, for erasing too
)

// PaintRule limits what a person's tools do. Locked and hidden labels limit them
// in any case.
type PaintRule struct {
	Over   Over
	Chosen LabelSet // of OverChosen; 0 is the background
	Lungs  bool     // labels are given only inside the lungs; erasing is free
}

// PaintRule is the rule for the strokes to come.
func (s *Session) PaintRule() PaintRule { return s.rule }

// SetPaintRule sets the rule for the strokes to come. It is no edit.
func (s *Session) SetPaintRule(r PaintRule) {
	if r == s.rule {
		return
	}
	s.FinishStroke()
	s.rule = r
	s.recordRule()
	s.emit(s.current, s.bounds(), ToolChanged)
}

// SetLungs gives the session the lungs of its series, for PaintRule.Lungs: what
// it is handed returns a mask of a slice, W*H, in which whatever is not 0 is
// lung, or nil where the slice shows none, and may be called at any time on any
// goroutine. Until there are lungs, that rule lets nothing be painted.
func (s *Session) SetLungs(mask func(slice int) []uint8) {
	s.lungs = mask
	s.emit(s.current, s.bounds(), ToolChanged)
}

// KnowsLungs reports whether SetLungs was called.
func (s *Session) KnowsLungs() bool { return s.lungs != nil }

// Protected reports whether no tool and no operation may change pixels of a label
// or give it to any: it is locked, hidden, or not in the table. The background is
// not protected.
//
// Protection is from a person's hand. Pixels that no person set follow the
// threshold and the model whatever their label, and undo and redo restore what
// was; they cannot reach past the edit that locked a label.
func (s *Session) Protected(label uint8) bool { return s.protected[label] }

// locked are the labels that are locked.
func (s *Session) locked() (v LabelSet) {
	for _, l := range s.shown {
		v.Put(l.Value, l.Locked)
	}
	return v
}

// Refusal is why the tool in hand cannot paint.
type Refusal uint8

// The reasons; the zero value is none.
const (
	NotRefused   Refusal = iota
	LabelLocked          // the active label is locked
	LabelHidden          // the active label is hidden
	LungsUnknown         // only the lungs may be painted, and they are not known yet
)

// Refusal says why giving the active label has no effect now.
func (s *Session) Refusal() Refusal {
	l, _ := s.LabelOf(s.active)
	switch {
	case l.Locked:
		return LabelLocked
	case s.looks[s.active].Hidden:
		return LabelHidden
	case s.rule.Lungs && s.lungs == nil:
		return LungsUnknown
	}
	return NotRefused
}

// limits is what may be written on one slice.
type limits struct {
	protected [256]bool
	rule      PaintRule
	plain     bool    // the rule limits nothing
	lungs     []uint8 // of rule.Lungs; nil where there are none
}

func (s *Session) limits(i int) *limits {
	l := &limits{protected: s.protected, rule: s.rule, plain: s.rule == PaintRule{}}
	if s.rule.Lungs && s.lungs != nil {
		if l.lungs = s.lungs(i); len(l.lungs) != s.w*s.h {
			l.lungs = nil
		}
	}
	return l
}

// limited reports whether there are any limits to labels of the table.
func (s *Session) limited() bool {
	return s.rule != PaintRule{} || slices.ContainsFunc(s.shown, func(l Label) bool { return s.protected[l.Value] })
}

// allow reports whether pixel i, which has a label, may be given another. To give
// it the one that it has is to vouch for it.
func (l *limits) allow(i int, have, label uint8) bool {
	if l.protected[have] || l.protected[label] {
		return false
	}
	if l.rule.Lungs && label != 0 && (l.lungs == nil || l.lungs[i] == 0) {
		return false
	}
	switch l.rule.Over {
	case OverNothing:
		return have == 0 || label == 0 || have == label
	case OverChosen:
		return l.rule.Chosen.Has(have) || have == label && label != 0
	}
	return true
}
