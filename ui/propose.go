package ui

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

func (w *Window) canPropose() bool {
	return w.hasSeries() && w.services.Proposer != nil && w.proposing == nil
}

// autoPropose proposes for a series that has just come into view, where the user
// wants that and it may be a CT; once only. Where a proposal for another series
// is still ending, it comes after that.
func (w *Window) autoPropose() {
	w.awaiting = nil
	s := w.session
	if s == nil || !w.services.AutoPropose || w.settings.noAuto || s.Series().Unlikely || proposedAll(s) {
		return
	}
	if w.proposing != nil {
		w.awaiting = s
		return
	}
	if w.canPropose() {
		w.propose()
	}
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
			w.proposed(s, err, stopped, map[string]any{"ms": w.now().Sub(begun).Milliseconds()})
		})
	}()
	w.proposalChanged()
}

// proposed tells how the proposal for s ended.
func (w *Window) proposed(s *annotate.Session, err error, stopped bool, fields map[string]any) {
	fields["state"] = "done"
	switch {
	case stopped || errors.Is(err, context.Canceled):
		fields["state"] = "cancelled"
	case err != nil:
		fields["state"] = "failed"
		w.showUnproposed(s, err)
	}
	w.trace("proposal", fields)
	w.proposalChanged()
	if w.awaiting != nil && w.awaiting == w.session {
		w.autoPropose()
	}
}

// showUnproposed tells why nothing was proposed, or for which slices: each
// reason once, with its slices.
func (w *Window) showUnproposed(s *annotate.Session, err error) {
	var left []slicesLeft
	n, other := 0, ""
	for _, e := range split(err) {
		var of interface {
			error
			Slice() int
		}
		if !errors.As(e, &of) {
			other = sentence(e.Error())
			continue
		}
		n++
		left = addLeft(left, of.Slice(), reasonOf(s.Series(), of.Slice(), errors.Unwrap(of)))
	}
	switch {
	case n == 0:
		w.showError(txtProposeFailed, sentence(err.Error()), nil)
		return
	case n == 1:
		other = strings.TrimSpace(txtUnproposed1 + " " + other)
	default:
		other = strings.TrimSpace(fmt.Sprintf(txtUnproposedN, n) + " " + other)
	}
	var lines []string
	for _, l := range left {
		lines = append(lines, fmt.Sprintf(txtUnproposedLine, ct.Ranges(l.slices), sentence(l.reason)))
	}
	w.showError(txtProposeFailed, other, lines)
}

// split is the list of errors that one error joins.
func split(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return []error{err}
}

// slicesLeft are slices, by index, that were left out for one reason.
type slicesLeft struct {
	reason string
	slices []int
}

// addLeft adds a slice to those of its reason.
func addLeft(all []slicesLeft, i int, reason string) []slicesLeft {
	for k := range all {
		if all[k].reason == reason {
			all[k].slices = append(all[k].slices, i)
			return all
		}
	}
	return append(all, slicesLeft{reason, []int{i}})
}

// reasonOf is an error of a slice without its file's name, which differs from
// slice to slice.
func reasonOf(s *ct.Series, i int, err error) string {
	if err == nil || i < 0 || i >= s.Len() {
		return txtNoReason
	}
	return strings.TrimPrefix(err.Error(), s.Sources[i].File+": ")
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
