package annotate

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"slices"
)

// Operation changes the labels of whole slices: a plain value with its
// parameters, of which those in this package are KeepLargest, RemoveIslands and so
// on. Name is its name in the history.
//
// An operation is a person's act: what it changes counts as set by a person, and
// it may change what a person set before, as its own text says. It never changes
// an accepted slice, nor a pixel that has or would get a locked or hidden label. A
// PaintRule is for tools alone: an operation has parameters of its own.
type Operation interface {
	Name() string
	operate(j *job) error
}

// Scope is the slices From to To, both included, that an operation changes. It
// may look at others.
type Scope struct{ From, To int }

// Has reports whether slice i is in the scope.
func (c Scope) Has(i int) bool { return i >= c.From && i <= c.To }

// Len is the number of slices.
func (c Scope) Len() int { return max(0, c.To-c.From+1) }

// Operated says what became of an operation.
type Operated struct {
	Slices   int // that changed
	Pixels   int // that changed
	Locked   int // pixels that stayed because of a locked or hidden label
	Accepted int // slices that would have changed, but that a person had accepted
}

// ErrStale says that what an operation was worked out from is no longer so.
var ErrStale = errors.New("the labels have changed meanwhile")

// Operating is an operation on the session's state at one moment. Do it on any
// goroutine, and hand it back with Finish.
type Operating struct {
	Scope Scope

	op      Operation
	look    Snapshot
	kept    LabelSet     // protected
	fresh   LabelSet     // of labels
	read    map[int]bool // slices whose labels or proposals were looked at
	labels  []Label      // that the table is to have as well
	patches []patch
	done    Operated
	ready   bool
}

// Prepare begins an operation on the slices of a scope, as far as there are any.
// A stroke under way ends first.
func (s *Session) Prepare(op Operation, at Scope) *Operating {
	s.FinishStroke()
	at = Scope{max(at.From, 0), min(at.To, len(s.sheets)-1)}
	return &Operating{Scope: at, op: op, look: s.Look(), kept: s.kept(), read: map[int]bool{}}
}

// Do works the operation out. Progress, which may be nil, is told of slices. An
// error, ctx's too, means that there is nothing to finish.
func (o *Operating) Do(ctx context.Context, progress func(done, total int)) error {
	if o.Scope.Len() == 0 {
		o.ready = true
		return nil
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	j := &job{Operating: o, ctx: ctx, progress: progress, steps: 1}
	if err := o.op.operate(j); err != nil {
		return fmt.Errorf("%s: %w", o.op.Name(), err)
	}
	o.ready = true
	return nil
}

// Outcome is what Finish would do.
func (o *Operating) Outcome() Operated { return o.done }

// Labels is what the labels of slice i will be, row-major, W*H; to read, and safe
// from any goroutine once it is done.
func (o *Operating) Labels(i int) []uint8 {
	if i < 0 || i >= o.look.Len() {
		return nil
	}
	h := o.look.sheets[i] // a copy
	h.fresh(&o.look.rules)
	for _, p := range o.patches {
		if p.slice == i {
			h.own()
			h.swap(&p)
		}
	}
	return h.mask.Label
}

// Finish makes one undoable edit of an operation that is done, and tells what it
// came to; where it changes nothing there is none. ErrStale means that the labels
// that it was worked out from have changed since: prepare it anew.
func (s *Session) Finish(o *Operating) (Operated, error) {
	s.FinishStroke()
	if s.refuses() {
		return Operated{}, ErrSealed
	}
	if !o.ready || !s.upToDate(o) {
		return Operated{}, ErrStale
	}
	table, err := s.tableWith(o.labels)
	if err != nil {
		return Operated{}, err
	}
	o.ready = false
	if len(o.patches) == 0 {
		return o.done, nil
	}
	e := &Edit{name: o.op.Name(), patches: slices.Clone(o.patches)}
	if len(o.labels) > 0 {
		e.setTable(s, table)
	}
	s.apply(e)
	return o.done, nil
}

// Operate does an operation at once, as one undoable edit.
func (s *Session) Operate(op Operation, at Scope) (Operated, error) {
	o := s.Prepare(op, at)
	if err := o.Do(context.Background(), nil); err != nil {
		return Operated{}, err
	}
	return s.Finish(o)
}

// upToDate reports whether all that an operation looked at is still so.
func (s *Session) upToDate(o *Operating) bool {
	if o.look.Series != s.series || !slices.Equal(o.look.Labels, s.shown) || o.kept != s.kept() {
		return false
	}
	for i := range o.read {
		if !s.sheets[i].same(&o.look.sheets[i], &s.rules, &o.look.rules) {
			return false
		}
	}
	return true
}

// kept are the labels that operations leave alone: locked ones, hidden ones, of
// which a person sees nothing, and values that are no labels.
func (s *Session) kept() (out LabelSet) {
	for v, on := range s.protected {
		out.Put(uint8(v), on)
	}
	return out
}

// same reports whether two states of a slice have the same labels by the same
// people, and are accepted or not.
func (h *sheet) same(o *sheet, r, or *rules) bool {
	a, b := h.layer(r), o.layer(or)
	if a.setting != b.setting || a.guess.prob != b.guess.prob || a.guess.label != b.guess.label ||
		(h.frozen == nil) != (o.frozen == nil) || h.human != o.human {
		return false
	}
	all := image.Rect(0, 0, r.w, r.h)
	return h.human == 0 || h.mask != nil && h.mask == o.mask || bytes.Equal(h.humanIn(all, all), o.humanIn(all, all))
}
