package ui

import (
	"context"
	"fmt"
	"math"
	"time"

	"groundglass/annotate"
)

// involveDelay is how long the shares of the lungs lag behind what is marked.
const involveDelay = 300 * time.Millisecond

// involvement is how much of the lungs of a session's series is marked, which is
// worked out in the background.
type involvement struct {
	lungs  Lungs // nil until they are found
	stop   context.CancelFunc
	failed bool         // they cannot be found, now or later
	busy   bool         // the background has it
	stale  map[int]bool // slices marked otherwise since they were measured
	text   string       // for people; empty while nothing is known
}

// pixelsChanged notes that slice i of n, or every slice, is marked otherwise.
func (v *involvement) pixelsChanged(i, n int) {
	if i != annotate.EverySlice {
		v.stale[i] = true
		return
	}
	for i := range n {
		v.stale[i] = true
	}
}

// involvementOf is a session's; nil where nothing can be told.
func (w *Window) involvementOf(s *annotate.Session) *involvement {
	if s == nil || w.services.FindLungs == nil {
		return nil
	}
	v := w.involved[s]
	if v == nil {
		v = &involvement{stale: map[int]bool{}}
		v.pixelsChanged(annotate.EverySlice, s.Series().Len())
		w.involved[s] = v
	}
	return v
}

// involveSoon measures, after a moment, how much of the lungs is marked.
func (w *Window) involveSoon() {
	v := w.involvementOf(w.session)
	if w.involving || v == nil || v.busy || v.failed || len(v.stale) == 0 {
		return
	}
	w.involving = true
	time.AfterFunc(involveDelay, func() {
		w.post(func() {
			w.involving = false
			w.involve()
		})
	})
}

// involve begins what can be done now; whatever keeps it from that calls
// involveSoon in the end.
func (w *Window) involve() {
	s := w.session
	v := w.involvementOf(s)
	switch {
	case v == nil || v.busy || v.failed || w.proposing != nil:
	case v.lungs == nil:
		if proposedAny(s) || s.PaintRule().Lungs {
			w.findLungs(s, v)
		}
	case len(v.stale) > 0 && atRest(s):
		w.measureLungs(s, v)
	}
}

func proposedAny(s *annotate.Session) bool {
	for i := range s.Series().Len() {
		if s.Probability(i) != nil {
			return true
		}
	}
	return false
}

// atRest reports whether all masks are there without a Connector's time.
func atRest(s *annotate.Session) bool {
	for i := range s.Series().Len() {
		if !s.Settled(i) {
			return false
		}
	}
	return !s.Stroking()
}

// findLungs finds the lungs, once. Where that fails nothing is told: the slices
// say themselves that they can't be read.
func (w *Window) findLungs(s *annotate.Session, v *involvement) {
	ctx, stop := context.WithCancel(context.Background())
	v.busy, v.stop = true, stop
	begun := w.now()
	go func() {
		defer stop()
		lungs, err := w.services.FindLungs(ctx, s.Series())
		w.post(func() {
			v.busy, v.failed = false, err != nil
			if err != nil {
				w.stale |= windowChanged
				w.flushSoon()
				return
			}
			v.lungs = lungs
			s.SetLungs(lungs.Mask)
			w.trace("lungs", map[string]any{"ms": w.now().Sub(begun).Milliseconds()})
			w.involve()
		})
	}()
}

// measureLungs measures the slices that are marked otherwise.
func (w *Window) measureLungs(s *annotate.Session, v *involvement) {
	look, stale, lungs := s.Look(), v.stale, v.lungs
	v.stale, v.busy = map[int]bool{}, true
	begun := w.now()
	go func() {
		for i := range stale {
			lungs.Mark(i, look.Mask(i).Label)
		}
		text := involvedText(lungs, look)
		w.post(func() {
			v.text, v.busy = text, false
			w.trace("involved", map[string]any{"text": text, "slices": len(stale), "ms": w.now().Sub(begun).Milliseconds()})
			w.stale |= windowChanged
			w.flushSoon()
		})
	}()
}

// involvedText says which share of the lungs is marked; nothing where there is
// no lung, or one on a slice that nobody has looked at.
func involvedText(lungs Lungs, look annotate.Snapshot) string {
	for i := range look.Len() {
		if look.Status(i) == annotate.New && lungs.Shown(i) {
			return ""
		}
	}
	s := lungs.Shares()
	if math.IsNaN(s.Both) {
		return ""
	}
	if !s.Sided {
		return fmt.Sprintf(txtInvolvedBoth, shareText(s.Both))
	}
	return fmt.Sprintf(txtInvolved, shareText(s.Right), shareText(s.Left), shareText(s.Both))
}

// shareText is a share in words.
func shareText(share float64) string {
	switch percent := 100 * share; {
	case math.IsNaN(percent):
		return txtNoLung
	case percent > 0 && percent < 1:
		return txtUnderOne
	default:
		return fmt.Sprintf(txtPercent, percent)
	}
}

// dropInvolvement stops what is worked out of sessions that are closed.
func (w *Window) dropInvolvement() {
	for _, v := range w.involved {
		if v.stop != nil {
			v.stop()
		}
	}
	w.involved = map[*annotate.Session]*involvement{}
}
