package annotate

import (
	"context"
	"slices"

	"groundglass/annotate/shape"
)

// reshaper makes another shape of a set.
type reshaper = func(context.Context, *shape.Set, shape.Progress) (*shape.Set, error)

// reshape gives every target a new shape. Each is a stack of the scope's slices,
// or, where it is planar or the scope is one slice, each slice by itself. Pixels
// that a shape loses become background; those that it gains get the label where
// there is none: no label takes a pixel from another.
func (j *job) reshape(label uint8, planar bool, change reshaper) error {
	targets := j.targets(label)
	if planar || j.Scope.Len() == 1 {
		return j.over(func(i int) error {
			m := j.mask(i)
			var had, get []*shape.Set
			for _, l := range targets {
				s := shape.NewSet(j.grid(1))
				s.Add(m.Label, l)
				next, err := changed(j.ctx, s, nil, change)
				if err != nil {
					return err
				}
				had, get = append(had, s), append(get, next)
			}
			j.redraw(i, 0, m, differences(targets, had, get))
			return nil
		})
	}
	j.steps = 2 + len(targets)
	had, err := j.stacks(targets)
	if err != nil {
		return err
	}
	var get []*shape.Set
	for _, s := range had {
		next, err := changed(j.ctx, s, j.tell, change)
		if err != nil {
			return err
		}
		get = append(get, next)
		j.step++
	}
	return j.redrawAll(differences(targets, had, get))
}

// changed is a set with another shape; nothing stays nothing.
func changed(ctx context.Context, s *shape.Set, p shape.Progress, change reshaper) (*shape.Set, error) {
	if s.Len() == 0 {
		return s, nil
	}
	return change(ctx, s, p)
}

// difference is what a label loses and gains.
type difference struct {
	label        uint8
	lost, gained *shape.Set
}

func differences(targets []uint8, had, get []*shape.Set) (out []difference) {
	for k, l := range targets {
		if had[k] != get[k] {
			out = append(out, difference{l, had[k].Minus(get[k]), get[k].Minus(had[k])})
		}
	}
	return out
}

// stacks are the targets' pixels in the scope.
func (j *job) stacks(targets []uint8) (all []*shape.Set, err error) {
	for range targets {
		all = append(all, shape.NewSet(j.grid(j.Scope.Len())))
	}
	return all, j.over(func(i int) error {
		m := j.mask(i)
		for k, l := range targets {
			all[k].Add(m.Label, l)
		}
		return nil
	})
}

// redrawAll is redraw for the whole scope.
func (j *job) redrawAll(all []difference) error {
	return j.over(func(i int) error {
		if z := i - j.Scope.From; differ(all, z) {
			j.redraw(i, z, j.mask(i), all)
		}
		return nil
	})
}

// differ reports whether plane z has any difference.
func differ(all []difference, z int) bool {
	return slices.ContainsFunc(all, func(d difference) bool { return d.lost.Has(z) || d.gained.Has(z) })
}

// redraw writes slice i, which is m now and plane z of the differences: what the
// labels lose, and what they gain of what was and is nothing.
func (j *job) redraw(i, z int, m *Mask, all []difference) {
	if !differ(all, z) {
		return
	}
	j.write(i, m, func(w *writer) {
		for _, d := range all {
			w.each(d.lost, z, func(at int) { w.set(at, 0) })
			w.fill(d.gained, z, d.label)
		}
	})
}

// touching is how the operations take pixels to hang together: by corners too,
// as proposals do.
const touching = shape.Corners

// KeepLargest removes all parts of a label but the largest: of each slice where
// Planar, else of the scope as a stack. Label 0 is every label, each by itself.
type KeepLargest struct {
	Label  uint8
	Planar bool
}

// Name is the operation's name in the history.
func (o KeepLargest) Name() string { return "Keep largest" }

func (o KeepLargest) operate(j *job) error {
	return j.reshape(o.Label, o.Planar, func(_ context.Context, s *shape.Set, _ shape.Progress) (*shape.Set, error) {
		return shape.KeepLargest(s, touching), nil
	})
}

// RemoveIslands removes the parts of a label that are smaller than Least: mm² in
// one slice, or in each where Planar, else mm³ in the scope as a stack.
type RemoveIslands struct {
	Label  uint8
	Least  float64
	Planar bool
}

// Name is the operation's name in the history.
func (o RemoveIslands) Name() string { return "Remove islands" }

func (o RemoveIslands) operate(j *job) error {
	return j.reshape(o.Label, o.Planar, func(_ context.Context, s *shape.Set, _ shape.Progress) (*shape.Set, error) {
		return shape.RemoveIslands(s, o.Least, touching), nil
	})
}

// Dilate lets a label grow by MM over what is unlabelled, also where a person had
// removed a label.
type Dilate struct {
	Label  uint8
	MM     float64
	Planar bool
}

// Name is the operation's name in the history.
func (o Dilate) Name() string { return "Dilate" }

func (o Dilate) operate(j *job) error {
	return j.reshape(o.Label, o.Planar, func(ctx context.Context, s *shape.Set, p shape.Progress) (*shape.Set, error) {
		return shape.Dilate(ctx, s, o.MM, p)
	})
}

// Erode takes MM off a label's border; nothing at the border of the series or of
// the scope.
type Erode struct {
	Label  uint8
	MM     float64
	Planar bool
}

// Name is the operation's name in the history.
func (o Erode) Name() string { return "Erode" }

func (o Erode) operate(j *job) error {
	return j.reshape(o.Label, o.Planar, func(ctx context.Context, s *shape.Set, p shape.Progress) (*shape.Set, error) {
		return shape.Erode(ctx, s, o.MM, p)
	})
}

// Smoothing is a way to smooth.
type Smoothing uint8

const (
	ByMedian         Smoothing = iota // by majority within MM on each side
	ByTotalVariation                  // slice by slice, so that borders bend no more than a disc of radius MM
)

// Smooth smooths a label's border, over what is unlabelled.
type Smooth struct {
	Label  uint8
	MM     float64
	By     Smoothing
	Planar bool // the median in each slice by itself
}

// Name is the operation's name in the history.
func (o Smooth) Name() string { return "Smooth" }

func (o Smooth) operate(j *job) error {
	return j.reshape(o.Label, o.Planar, func(ctx context.Context, s *shape.Set, p shape.Progress) (*shape.Set, error) {
		if o.By == ByTotalVariation {
			return shape.SmoothTV(ctx, s, o.MM, p)
		}
		return shape.Median(ctx, s, o.MM, p)
	})
}

// FillHoles gives a label what is unlabelled and enclosed by it: in each slice
// where Planar, else by all sides of the scope as a stack, which is open at its
// ends. Holes above Most (mm² or mm³) stay, where that is not 0; so do other
// labels in a hole.
type FillHoles struct {
	Label  uint8
	Most   float64
	Planar bool
}

// Name is the operation's name in the history.
func (o FillHoles) Name() string { return "Fill holes" }

func (o FillHoles) operate(j *job) error {
	return j.reshape(o.Label, o.Planar, func(_ context.Context, s *shape.Set, _ shape.Progress) (*shape.Set, error) {
		return shape.FillHoles(s, o.Most), nil
	})
}
