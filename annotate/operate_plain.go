package annotate

// Clear removes a label, or every one for 0, as a person's eraser would.
type Clear struct{ Label uint8 }

// Name is the operation's name in the history.
func (o Clear) Name() string { return "Clear" }

func (o Clear) operate(j *job) error {
	return j.pixels(func(w *writer, at int) {
		if l := w.m.Label[at]; l != 0 && (o.Label == 0 || l == o.Label) {
			w.set(at, 0)
		}
	})
}

// Reset gives all that a person set back to the proposal.
type Reset struct{}

// Name is the operation's name in the history.
func (Reset) Name() string { return "Back to the proposal" }

func (Reset) operate(j *job) error {
	return j.over(func(i int) error {
		if j.look.sheets[i].human == 0 {
			j.read[i] = true
			return nil
		}
		proposed := j.proposal(i).Label
		m := j.mask(i)
		j.write(i, m, func(w *writer) {
			for at, by := range m.Origin {
				if by.Human() {
					w.release(at, proposed[at])
				}
			}
		})
		return nil
	})
}

// pixels lets do change any pixel of the scope.
func (j *job) pixels(do func(w *writer, at int)) error {
	return j.over(func(i int) error {
		m := j.mask(i)
		j.write(i, m, func(w *writer) {
			for at := range m.Label {
				do(w, at)
			}
		})
		return nil
	})
}

// Where says which pixels an operation may give a label.
type Where uint8

const (
	WhereUnlabelled Where = iota // those without one
	WhereAny                     // those with another one too
	WhereInside                  // those with one certain label
)

// ThresholdHU gives a label the pixels of Low to High HU, both included, where it
// may, also where a person had removed a label.
type ThresholdHU struct {
	Label     uint8
	Low, High int16
	Where     Where
	Within    uint8 // the label that pixels must have where Where is WhereInside
}

// Name is the operation's name in the history.
func (o ThresholdHU) Name() string { return "HU threshold" }

func (o ThresholdHU) operate(j *job) error {
	return j.over(func(i int) error {
		slice, err := j.look.Series.Slice(i)
		if err != nil {
			return err
		}
		m := j.mask(i)
		j.write(i, m, func(w *writer) {
			for at, hu := range slice.HU {
				if hu >= o.Low && hu <= o.High && o.may(m.Label[at]) {
					w.set(at, o.Label)
				}
			}
		})
		return nil
	})
}

// may reports whether a pixel that has a label may be given another.
func (o ThresholdHU) may(have uint8) bool {
	switch o.Where {
	case WhereAny:
		return true
	case WhereInside:
		return have == o.Within
	}
	return have == 0
}

// Copy gives the scope's slices a label, or every one for 0, where slice From has
// it and they have none; pixels where a person had removed a label too. Where
// Replace, what they have of it elsewhere goes.
type Copy struct {
	Label   uint8
	From    int
	Replace bool
}

// Name is the operation's name in the history.
func (o Copy) Name() string { return "Copy slice" }

func (o Copy) operate(j *job) error {
	if o.From < 0 || o.From >= j.look.Len() {
		return nil
	}
	from := append([]uint8(nil), j.mask(o.From).Label...)
	about := func(l uint8) bool { return l != 0 && (o.Label == 0 || l == o.Label) }
	return j.pixels(func(w *writer, at int) {
		have, get := w.m.Label[at], from[at]
		switch {
		case w.i == o.From:
		case about(get) && (have == 0 || o.Replace && about(have)):
			w.set(at, get)
		case o.Replace && about(have) && !about(get):
			w.set(at, 0)
		}
	})
}

// Logic is what is made of a label and an operand.
type Logic uint8

const (
	Union     Logic = iota // the label grows by the operand
	Intersect              // the label stays where the operand is
	Subtract               // the label stays where the operand is not
)

// Operand is what a label is combined with.
type Operand uint8

const (
	WithLabel    Operand = iota // another label: a union takes its pixels over
	WithProposal                // what the model proposes
	WithPrevious                // the label in the slice before
	WithNext                    // the label in the slice after
)

// Combine combines a label with another label, the proposal or itself in a
// neighbouring slice. A union with these two adds to what is unlabelled alone.
type Combine struct {
	Label uint8
	How   Logic
	With  Operand
	Other uint8 // the label of WithLabel
}

// Name is the operation's name in the history.
func (o Combine) Name() string {
	return [...]string{Union: "Union", Intersect: "Intersect", Subtract: "Subtract"}[o.How]
}

func (o Combine) operate(j *job) error {
	in := make([]bool, j.look.rules.w*j.look.rules.h)
	return j.over(func(i int) error {
		o.operand(j, i, in)
		m := j.mask(i)
		j.write(i, m, func(w *writer) {
			for at, have := range m.Label {
				switch {
				case o.How == Union && in[at] && (have == 0 || o.With == WithLabel):
					w.set(at, o.Label)
				case o.How == Intersect && have == o.Label && !in[at], o.How == Subtract && have == o.Label && in[at]:
					w.set(at, 0)
				}
			}
		})
		return nil
	})
}

// operand writes the operand's pixels for slice i.
func (o Combine) operand(j *job, i int, in []bool) {
	at, label := i, o.Label
	switch o.With {
	case WithLabel:
		label = o.Other
	case WithPrevious:
		at--
	case WithNext:
		at++
	}
	clear(in)
	switch {
	case at < 0 || at >= j.look.Len():
	case o.With == WithProposal:
		for k, l := range j.proposal(at).Label {
			in[k] = l != 0
		}
	default:
		for k, l := range j.mask(at).Label {
			in[k] = l == label
		}
	}
}
