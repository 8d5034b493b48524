package annotate

import (
	"context"
	"slices"
	"strconv"

	"groundglass/annotate/shape"
)

// Interpolate draws a label, or every one for 0, between the slices that are
// drawn: those with pixels of the label that a person set or has accepted, or,
// where there are not two of them, all that have the label. It adds to what is
// unlabelled, also where a person had removed a label, and takes nothing away. The
// drawn slices next to the scope count too.
type Interpolate struct {
	Label uint8
	By    Interpolation
}

// Interpolation is a way to interpolate: see the package shape.
type Interpolation = shape.Method

// The ways to interpolate.
const (
	ByDistance   = shape.ByDistance
	ByMorphology = shape.ByMorphology
)

// Name is the operation's name in the history.
func (o Interpolate) Name() string { return "Interpolate" }

func (o Interpolate) operate(j *job) error {
	targets := j.targets(o.Label)
	j.steps = len(targets) + 1
	var all []between
	for _, l := range targets {
		b, err := o.between(j, l)
		if err != nil {
			return err
		}
		all = append(all, b)
		j.step++
	}
	return j.over(func(i int) error {
		if !slices.ContainsFunc(all, func(b between) bool { return b.set.Has(i - b.from) }) {
			return nil
		}
		j.write(i, j.mask(i), func(w *writer) {
			for _, b := range all {
				w.fill(b.set, i-b.from, b.label)
			}
		})
		return nil
	})
}

// between is what a label gets between its drawn slices. Plane 0 is slice from.
type between struct {
	label uint8
	from  int
	set   *shape.Set
}

// between interpolates one label.
func (o Interpolate) between(j *job, label uint8) (between, error) {
	wide := Scope{j.key(label, j.Scope.From, -1), j.key(label, j.Scope.To, 1)}
	s, keys := shape.NewSet(j.grid(wide.Len())), []int(nil)
	strict := j.strict(label, wide)
	for i := wide.From; i <= wide.To; i++ {
		if err := j.ctx.Err(); err != nil {
			return between{}, err
		}
		m := j.mask(i)
		s.Add(m.Label, label)
		if j.drawn(i, m, label, strict) {
			keys = append(keys, i-wide.From)
		}
	}
	set, err := shape.Interpolate(j.ctx, s, keys, o.By, j.tell)
	return between{label, wide.From, set}, err
}

// drawn reports whether slice i, which is m, is one to interpolate from.
func (j *job) drawn(i int, m *Mask, label uint8, strict bool) bool {
	for at, l := range m.Label {
		if l == label && (!strict || m.Origin[at] == HumanAdded || j.look.sheets[i].frozen != nil) {
			return true
		}
	}
	return false
}

// strict reports whether two slices of a scope are drawn by a person.
func (j *job) strict(label uint8, at Scope) bool {
	n := 0
	for i := at.From; i <= at.To && n < 2; i++ {
		if h := &j.look.sheets[i]; h.human > 0 || h.frozen != nil {
			n += m2i(j.drawn(i, j.mask(i), label, true))
		}
	}
	return n == 2
}

// key is the nearest slice to i in a direction that a person has drawn a label
// on, or else that has the label; i itself where there is none beyond.
func (j *job) key(label uint8, i, step int) int {
	any := i
	for k := i + step; k >= 0 && k < j.look.Len() && j.ctx.Err() == nil; k += step {
		if !j.mayHave(k, label, any != i) {
			continue
		}
		m := j.mask(k)
		if j.drawn(k, m, label, true) {
			return k
		}
		if any == i && slices.Contains(m.Label, label) {
			any = k
		}
	}
	return any
}

// mayHave reports whether slice i may have a label, or, by a person alone, where
// one set it; so that masks need not be made to know that it has not.
func (j *job) mayHave(i int, label uint8, byPerson bool) bool {
	j.read[i] = true
	h := &j.look.sheets[i]
	if h.human > 0 || byPerson && h.frozen == nil {
		return h.human > 0
	}
	given := h.layer(&j.look.rules).guess.gives()
	return given.Has(label)
}

// Between is the scope from the nearest drawn slice below slice i to the nearest
// above, in the sense of Interpolate.
func (s *Session) Between(label uint8, i int) Scope {
	at := Scope{i, i}
	o := s.Prepare(Interpolate{}, at)
	j := &job{Operating: o, ctx: context.Background()}
	for _, l := range j.targets(label) {
		at.From, at.To = min(at.From, j.key(l, i, -1)), max(at.To, j.key(l, i, 1))
	}
	return at
}

// SplitIslands gives the parts of a label labels of their own: the largest keeps
// it, the next ones get those of Into in turn, which the edit adds to the table where
// it lacks them; what is beyond keeps the label. With Waist, parts that touch are
// parted at places that are as many mm thinner than both sides.
type SplitIslands struct {
	Label uint8
	Waist float64
	Into  []Label
}

// Name is the operation's name in the history.
func (o SplitIslands) Name() string { return "Split islands" }

func (o SplitIslands) operate(j *job) error {
	j.steps = 3
	all, err := j.stacks([]uint8{o.Label})
	if err != nil {
		return err
	}
	pieces, err := shape.Split(j.ctx, all[0], o.Waist, len(o.Into)+1, j.tell)
	if err != nil {
		return err
	}
	j.step++
	for k := 1; k < len(pieces); k++ {
		j.labels = append(j.labels, o.Into[k-1])
		j.fresh.Put(o.Into[k-1].Value, rowOf(j.look.Labels, o.Into[k-1].Value) < 0)
	}
	return j.over(func(i int) error {
		z := i - j.Scope.From
		if !slices.ContainsFunc(pieces[min(1, len(pieces)):], func(p *shape.Set) bool { return p.Has(z) }) {
			return nil
		}
		j.write(i, j.mask(i), func(w *writer) {
			for k, l := range j.labels {
				w.each(pieces[k+1], z, func(at int) { w.set(at, l.Value) })
			}
		})
		return nil
	})
}

// Spare are n labels named after one of the table, of values, names and colours
// that it has not.
func (s *Session) Spare(n int, like uint8) (out []Label) {
	of, ok := s.LabelOf(like)
	if !ok {
		return nil
	}
	table := slices.Clone(s.shown)
	for v, k := uint8(1), 2; v < removed && len(out) < n; v++ {
		if rowOf(table, v) >= 0 {
			continue
		}
		l := Label{Value: v, Color: FreeColor(table), Export: freeExport(table, v)}
		for l.Name = ""; l.Name == "" || hasName(table, l.Name); k++ {
			l.Name = of.Name + " " + strconv.Itoa(k)
		}
		table, out = append(table, l), append(out, l)
	}
	return out
}

// Propagate accepts what the model proposes at a probability of at least At where
// it hangs together, through the scope, with the label on slice From, and is
// unlabelled or has the label. What a person set on the other slices stays, and
// lets nothing through.
type Propagate struct {
	Label uint8
	From  int
	At    float64 // 0 to 1
}

// Name is the operation's name in the history.
func (o Propagate) Name() string { return "Propagate" }

func (o Propagate) operate(j *job) error {
	if !j.Scope.Has(o.From) {
		return nil
	}
	j.steps = 2
	may, seed := shape.NewSet(j.grid(j.Scope.Len())), shape.NewSet(j.grid(j.Scope.Len()))
	plane, none := make([]uint8, may.W*may.H), make([]uint8, may.W*may.H)
	err := j.over(func(i int) error {
		m := j.mask(i)
		if i == o.From {
			may.Add(m.Label, o.Label)
			seed.Add(m.Label, o.Label)
			return nil
		}
		o.candidates(m, j.look.Probability(i), plane)
		may.Add(plane, 1)
		seed.Add(none, 1)
		return nil
	})
	if err != nil {
		return err
	}
	reached := shape.Reach(may, seed, touching)
	return j.over(func(i int) error {
		if z := i - j.Scope.From; i != o.From && reached.Has(z) {
			j.write(i, j.mask(i), func(w *writer) {
				w.each(reached, z, func(at int) { w.claim(at, o.Label) })
			})
		}
		return nil
	})
}

// candidates are the pixels that may be reached on a slice.
func (o Propagate) candidates(m *Mask, prob, out []uint8) {
	clear(out)
	cut := cutOf(o.At)
	for at, p := range prob {
		if l := m.Label[at]; p >= cut && !m.Origin[at].Human() && (l == 0 || l == o.Label) {
			out[at] = 1
		}
	}
}
