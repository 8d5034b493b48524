package main

import (
	"cmp"
	"context"
	"slices"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct/phantom"
	"groundglass/app/internal/cli"
	"groundglass/segment/connect"
)

// enough is the Dice at which a scripted reader is content.
const enough = 0.95

// reader is a scripted user who knows the lesions of a phantom, changes labels by gestures, and counts them.
type reader struct {
	*annotate.Session
	truth    [][]uint8
	tallies  []tally
	stale    []bool // tallies
	gestures int
}

// tally counts a slice's pixels.
type tally struct{ both, sum int }

func newReader(p *phantom.Phantom) *reader {
	u := &reader{Session: annotate.NewSession(p.Series())}
	u.SetConnector(cli.Connector(u.Series()))
	for i := range u.Series().Len() {
		u.truth = append(u.truth, p.Truth(i))
	}
	u.tallies, u.stale = make([]tally, len(u.truth)), slices.Repeat([]bool{true}, len(u.truth))
	u.OnChange(func(c annotate.Change) {
		for i := range u.stale {
			u.stale[i] = u.stale[i] || c.In(i) && c.Has(annotate.Pixels)
		}
	})
	return u
}

// dice compares all labels with all lesions.
func (u *reader) dice() float64 {
	var all tally
	for i := range u.truth {
		if u.stale[i] {
			u.tallies[i], u.stale[i] = count(u.Mask(i).Label, u.truth[i]), false
		}
		all.both, all.sum = all.both+u.tallies[i].both, all.sum+u.tallies[i].sum
	}
	return 2 * float64(all.both) / float64(all.sum)
}

func count(labels, truth []uint8) (n tally) {
	for at, l := range labels {
		switch {
		case l > 0 && truth[at] > 0:
			n.both, n.sum = n.both+1, n.sum+2
		case l > 0 || truth[at] > 0:
			n.sum++
		}
	}
	return n
}

// spot is a connected part of a slice that is labelled wrongly.
type spot struct {
	slice  int
	pixels []int
	extra  bool // labelled, but no lesion; else the reverse
}

// spots lists what is wrong.
func (u *reader) spots() (out []spot) {
	w, h := u.Series().Columns, u.Series().Rows
	for i, truth := range u.truth {
		labels := u.Mask(i).Label
		for _, extra := range []bool{false, true} {
			wrong := make([]uint8, w*h)
			for at, l := range labels {
				if l > 0 != (truth[at] > 0) && l > 0 == extra {
					wrong[at] = 1
				}
			}
			parts, number := connect.Components(wrong, w, h, connect.Eight)
			first := len(out)
			for range parts {
				out = append(out, spot{slice: i, extra: extra})
			}
			for at, n := range number {
				if n > 0 {
					s := &out[first+int(n)-1]
					s.pixels = append(s.pixels, at)
				}
			}
		}
	}
	return out
}

// gain is what mending a spot adds to twice the overlap less the sum times the Dice that is wanted.
func (s spot) gain() float64 {
	if s.extra {
		return enough * float64(len(s.pixels))
	}
	return (2 - enough) * float64(len(s.pixels))
}

// prepare does what helps in the whole series at once, each by one gesture: it lowers the threshold, lets the proposals
// hang together less, and, where that helps, erases what is as thin as healthy lung, fills small holes and smooths.
func (u *reader) prepare(t *testing.T) {
	t.Helper()
	u.SetThreshold(0.15)
	u.SetConnectivity(annotate.Connectivity{})
	u.gestures += 2
	for _, op := range []annotate.Operation{
		annotate.ThresholdHU{Low: -1024, High: -700, Where: annotate.WhereInside, Within: 1},
		annotate.FillHoles{Label: 1, Planar: true, Most: 15},
		annotate.Smooth{Label: 1, Planar: true, MM: 0.8},
	} {
		before := u.dice()
		if _, err := u.Operate(op, annotate.Scope{To: u.Series().Len() - 1}); err != nil {
			t.Fatal(err)
		}
		if u.dice() < before {
			u.Undo()
			continue
		}
		u.gestures++
	}
}

// draw mends one spot after the other with the lasso, the most rewarding first, each by one gesture of a hand that never
// errs.
func (u *reader) draw() {
	spots := u.spots()
	slices.SortStableFunc(spots, func(a, b spot) int { return cmp.Compare(b.gain(), a.gain()) })
	w := u.Series().Columns
	for _, s := range spots {
		if u.dice() >= enough {
			return
		}
		label := uint8(1)
		if s.extra {
			label = 0
		}
		u.Do("Lasso", s.slice, func(st *annotate.Stroke) {
			for _, at := range s.pixels {
				st.Span(at/w, at%w, at%w+1, label)
			}
		})
		u.gestures++
	}
}

// propose gives the session what the bundled model proposes.
func (u *reader) propose(t *testing.T) {
	t.Helper()
	model, err := newProposer(cli.ModelChoice{})
	if err != nil {
		t.Fatal(err)
	}
	generation := u.BeginProposal()
	each := func(i int, g annotate.Guess) { u.Propose(i, generation, g) }
	if err := model.Propose(context.Background(), u.Series(), inOrder(u.Series().Len()), each, func(int, int) {}); err != nil {
		t.Fatal(err)
	}
}

// inOrder gives the slices of a series from the first to the last, then -1.
func inOrder(n int) func() int {
	i := -1
	return func() int {
		if i++; i < n {
			return i
		}
		return -1
	}
}

// TestFewerGestures corrects the bundled model's proposals on phantoms until they are right, by a script, and counts the
// gestures beside those of drawing the lesions from nothing.
func TestFewerGestures(t *testing.T) {
	for _, seed := range []uint64{7, 1} {
		p := phantom.New(phantom.Options{Seed: seed})
		corrected, drawn := newReader(p), newReader(p)
		corrected.propose(t)
		begun := corrected.dice()
		corrected.prepare(t)
		corrected.draw()
		drawn.draw()
		t.Logf("phantom %d: %d gestures bring proposals of Dice %.3f to %g, and %d bring nothing there", seed, corrected.gestures, begun, enough, drawn.gestures)
		if corrected.gestures >= drawn.gestures {
			t.Errorf("phantom %d: correcting takes %d gestures, and drawing %d", seed, corrected.gestures, drawn.gestures)
		}
	}
}
