package ui

import (
	"context"
	"errors"
	"math"

	"groundglass/annotate"
)

func (w *Window) canPropose() bool {
	return w.hasSeries() && w.services.Proposer != nil && w.proposing == nil
}

// propose lets the model go through the whole series, the slices nearest to
// the one in view first. Its maps are one undoable edit.
func (w *Window) propose() {
	s := w.session
	generation := s.BeginProposal()
	t, ctx := w.begin(txtProposing, txtStop)
	w.proposing = t
	begun := w.now()
	w.trace("proposal", map[string]any{"state": "begin", "slices": s.Series().Len()})
	next := func() int { return int(w.nearest.Load()) }
	each := func(i int, g annotate.Guess) {
		w.post(func() {
			if ctx.Err() == nil && !s.Propose(i, generation, g) {
				t.cancel() // undone, or another has begun
			}
		})
	}
	go func() {
		err := w.services.Proposer.Propose(ctx, s.Series(), next, each, t.progress)
		stopped := ctx.Err() != nil
		w.post(func() { // after all that each has posted
			w.end(t)
			if w.proposing == t {
				w.proposing = nil
			}
			w.proposed(err, stopped, map[string]any{"ms": w.now().Sub(begun).Milliseconds()})
		})
	}()
	w.proposalChanged()
}

// proposed tells how the proposal ended.
func (w *Window) proposed(err error, stopped bool, fields map[string]any) {
	fields["state"] = "done"
	switch {
	case stopped || errors.Is(err, context.Canceled):
		fields["state"] = "cancelled"
	case err != nil:
		fields["state"] = "failed"
		w.showError(txtProposeFailed, sentence(err.Error()), nil)
	}
	w.trace("proposal", fields)
	w.proposalChanged()
}

func (w *Window) stopProposing() {
	if w.proposing != nil {
		w.proposing.cancel()
	}
}

// proposalChanged shows that a proposal has begun or ended.
func (w *Window) proposalChanged() {
	w.stale |= windowChanged
	w.flushSoon()
}

// setThreshold moves the threshold; no pixel that a person set follows.
func (w *Window) setThreshold(t float64) {
	if w.session == nil {
		return
	}
	w.session.SetThreshold(t)
	w.trace("threshold", map[string]any{"value": w.session.Threshold()})
}

// moveThreshold moves it by a step, to whole hundredths.
func (w *Window) moveThreshold(by float64) { w.setThreshold(hundredths(w.session.Threshold() + by)) }

func hundredths(v float64) float64 { return math.Round(100*v) / 100 }
