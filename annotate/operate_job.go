package annotate

import (
	"context"
	"image"

	"groundglass/annotate/ct"
	"groundglass/annotate/shape"
)

// job is an operation at work.
type job struct {
	*Operating
	ctx         context.Context
	progress    func(done, total int)
	step, steps int // which of how many times it goes over the scope

	scratch *Mask
	state   []uint8
}

// tell tells how far the present step is.
func (j *job) tell(done, total int) {
	n := j.Scope.Len()
	j.progress((j.step*n+done*n/max(total, 1))/j.steps, n)
}

// mask is slice i as it is, to read; it holds until the next one is asked for.
func (j *job) mask(i int) *Mask {
	j.read[i] = true
	h, r := j.look.sheets[i], &j.look.rules // a copy
	if h.mask != nil && h.made.serves(r.recipe(h.layer(r))) {
		return h.mask
	}
	if j.scratch == nil {
		j.scratch = NewMask(r.w, r.h)
	}
	if h.mask != nil {
		copy(j.scratch.Label, h.mask.Label)
		copy(j.scratch.Origin, h.mask.Origin)
		h.mask, h.shared = j.scratch, false
	} else {
		clear(j.scratch.Label)
		clear(j.scratch.Origin)
		h.unpackTo(j.scratch)
	}
	return h.fresh(r)
}

// proposal is slice i as if no person had set a pixel.
func (j *job) proposal(i int) *Mask {
	j.read[i] = true
	h := j.look.sheets[i]
	h.mask, h.packed, h.human = nil, nil, 0
	return h.fresh(&j.look.rules)
}

// over goes over the slices of the scope until ctx ends or do fails.
func (j *job) over(do func(i int) error) error {
	for i := j.Scope.From; i <= j.Scope.To; i++ {
		if err := j.ctx.Err(); err != nil {
			return err
		}
		if err := do(i); err != nil {
			return err
		}
		j.tell(i+1-j.Scope.From, j.Scope.Len())
	}
	j.step++
	return nil
}

// grid is the extent of n slices.
func (j *job) grid(n int) shape.Grid {
	return shape.Grid{W: j.look.rules.w, H: j.look.rules.h, D: n, Spacing: spacing(j.look.Series.Geometry)}
}

// spacing is the distance of neighbours along columns, rows and slices in mm; 1
// where it is not known.
func spacing(g ct.Geometry) [3]float64 {
	out := [3]float64{g.Spacing[1], g.Spacing[0], g.Spacing[2]}
	for i, v := range out {
		if !g.Known || !(v > 0) {
			out[i] = 1
		}
	}
	return out
}

// targets are the labels that an operation on a label is about: that one, or
// every label of the table for 0.
func (j *job) targets(label uint8) (all []uint8) {
	for _, l := range j.look.Labels {
		if label == 0 || l.Value == label {
			all = append(all, l.Value)
		}
	}
	return all
}

// writer changes one slice.
type writer struct {
	*job
	i     int
	m     *Mask   // the slice as it is
	state []uint8 // its human layer as it will be
	rect  image.Rectangle
	n     int
}

// write lets do change slice i, which is m now.
func (j *job) write(i int, m *Mask, do func(w *writer)) {
	if j.state == nil {
		j.state = make([]uint8, len(m.Label))
	}
	if clear(j.state); j.look.sheets[i].human > 0 {
		for k, o := range m.Origin {
			j.state[k] = humanState(m.Label[k], o)
		}
	}
	w := &writer{job: j, i: i, m: m, state: j.state}
	do(w)
	switch {
	case w.n == 0:
	case j.look.sheets[i].frozen != nil:
		j.done.Accepted++
	default:
		j.done.Slices++
		j.done.Pixels += w.n
		j.patches = append(j.patches, patch{slice: i, rect: w.rect, runs: packStates(w.state, m.W, w.rect)})
	}
}

// set gives a pixel a label; 0 is none. One that has it stays as it is.
func (w *writer) set(at int, label uint8) {
	if w.m.Label[at] != label {
		w.claim(at, label)
	}
}

// claim is set, where the label counts as set by a person even if the pixel has
// it.
func (w *writer) claim(at int, label uint8) {
	if label == 0 {
		w.put(at, 0, removed)
	} else {
		w.put(at, label, label)
	}
}

// fill gives a label those pixels of a set's plane that have none, and were given
// none by another fill.
func (w *writer) fill(s *shape.Set, z int, label uint8) {
	w.each(s, z, func(at int) {
		if given := w.state[at]; w.m.Label[at] == 0 && (given == free || given == removed) {
			w.set(at, label)
		}
	})
}

// each calls do with each pixel of a set's plane.
func (w *writer) each(s *shape.Set, z int, do func(at int)) {
	s.Each(z, func(y, x0, x1 int) {
		for at := y*w.m.W + x0; at < y*w.m.W+x1; at++ {
			do(at)
		}
	})
}

// release gives a pixel back to the proposal, which is label there.
func (w *writer) release(at int, label uint8) { w.put(at, label, free) }

func (w *writer) put(at int, label, state uint8) {
	if humanState(w.m.Label[at], w.m.Origin[at]) == state {
		return
	}
	if w.kept.Has(w.m.Label[at]) || w.kept.Has(label) && !w.fresh.Has(label) {
		w.done.Locked++
		return
	}
	x, y := at%w.m.W, at/w.m.W
	w.state[at] = state
	w.rect = w.rect.Union(image.Rect(x, y, x+1, y+1))
	w.n++
}
