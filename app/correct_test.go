package main

import (
	"context"
	"slices"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/contour"
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

// mend is a gesture that makes a slice better.
type mend struct {
	gain float64 // what it adds to twice the overlap less the sum times the Dice that is wanted
	make func()
}

// worth is the gain of setting and of clearing pixels, some of which are lesion.
func worth(set, setRight, cleared, clearedRight int) float64 {
	return 2*float64(setRight-clearedRight) - enough*float64(set-cleared)
}

// mends are the gestures for what is wrong in a slice: a lasso around each connected part of it, by a hand that never
// errs, and, where redraw is set, one around each part of a lesion that redraws what it crosses.
func (u *reader) mends(i int, redraw bool) (all []mend) {
	w, h := u.Series().Columns, u.Series().Rows
	truth, labels := u.truth[i], u.Mask(i).Label
	for _, extra := range []bool{false, true} {
		wrong := func(at int) bool { return labels[at] > 0 != (truth[at] > 0) && labels[at] > 0 == extra }
		for _, pixels := range parts(w, h, connect.Eight, wrong) {
			m := mend{gain: worth(len(pixels), len(pixels), 0, 0), make: func() { u.paint(i, pixels, 1) }}
			if extra {
				m = mend{gain: worth(0, 0, len(pixels), 0), make: func() { u.paint(i, pixels, 0) }}
			}
			all = append(all, m)
		}
	}
	if !redraw {
		return all
	}
	marked := parts(w, h, connect.Eight, func(at int) bool { return labels[at] > 0 })
	for _, pixels := range parts(w, h, connect.Four, func(at int) bool { return truth[at] > 0 }) {
		in := make(map[int]bool, len(pixels))
		for _, at := range pixels {
			in[at] = true
		}
		line := contour.Trace(w, h, func(x, y int) bool { return in[y*w+x] })[0].Outer
		all = append(all, mend{gain: u.redrawn(i, within(line, w), marked), make: func() { u.redraw(i, line) }})
	}
	return all
}

// redrawn is the gain of an outline that takes the place of what it crosses.
func (u *reader) redrawn(i int, inside map[int]bool, marked [][]int) float64 {
	truth, labels := u.truth[i], u.Mask(i).Label
	var set, setRight, cleared, clearedRight int
	for at := range inside {
		if labels[at] == 0 {
			set++
			setRight += int(min(truth[at], 1))
		}
	}
	for _, part := range marked {
		if !slices.ContainsFunc(part, func(at int) bool { return inside[at] }) {
			continue
		}
		for _, at := range part {
			if !inside[at] {
				cleared++
				clearedRight += int(min(truth[at], 1))
			}
		}
	}
	return worth(set, setRight, cleared, clearedRight)
}

// within are the pixels within a ring, holes included.
func within(line contour.Ring, w int) map[int]bool {
	in := map[int]bool{}
	for k, p := range line {
		q := line[(k+1)%len(line)]
		for y := min(p.Y, q.Y); y < max(p.Y, q.Y); y++ { // an upright side turns all pixels on its right inside out
			for x := p.X; x < w; x++ {
				if at := y*w + x; in[at] {
					delete(in, at)
				} else {
					in[at] = true
				}
			}
		}
	}
	return in
}

// parts are the connected parts of some pixels of a slice.
func parts(w, h int, by connect.Connectivity, is func(at int) bool) [][]int {
	mask := make([]uint8, w*h)
	for at := range mask {
		if is(at) {
			mask[at] = 1
		}
	}
	found, number := connect.Components(mask, w, h, by)
	out := make([][]int, len(found))
	for at, n := range number {
		if n > 0 {
			out[n-1] = append(out[n-1], at)
		}
	}
	return out
}

// paint gives pixels a label, or takes it from them.
func (u *reader) paint(i int, pixels []int, label uint8) {
	w := u.Series().Columns
	u.Do("Lasso", i, func(st *annotate.Stroke) {
		for _, at := range pixels {
			st.Span(at/w, at%w, at%w+1, label)
		}
	})
}

// redraw draws a line with the tool.
func (u *reader) redraw(i int, line contour.Ring) {
	u.SetCurrent(i)
	u.SetTool(annotate.Lasso{Area: annotate.Area{Label: 1, Redraw: true}})
	for k, p := range line {
		if at := (annotate.Point{X: float64(p.X), Y: float64(p.Y)}); k == 0 {
			u.Press(at)
		} else {
			u.Drag(at)
		}
	}
	u.Release()
}

// look is what a reader chooses for the whole series, by eye: a control that is moved until it is best is one gesture.
type look struct {
	apart     bool    // connectivity is taken away
	threshold float64 // of the proposals
	thin      int16   // HU up to which what is as thin as healthy lung is erased
	smooth    float64 // mm by which outlines are smoothed
}

// apply does what a look says as far as it helps, and tells the gestures and how many steps they are in the history.
func (u *reader) apply(t *testing.T, l look) (gestures, steps int) {
	t.Helper()
	u.SetConnectivity(annotate.DefaultConnectivity())
	if l.apart {
		u.SetConnectivity(annotate.Connectivity{})
		gestures++
	}
	u.SetThreshold(l.threshold)
	gestures++
	for _, op := range []annotate.Operation{
		annotate.ThresholdHU{Low: -1024, High: l.thin, Where: annotate.WhereInside, Within: 1},
		annotate.FillHoles{Label: 1, Planar: true, Most: 15},
		annotate.Smooth{Label: 1, Planar: true, MM: l.smooth},
	} {
		before := u.dice()
		if _, err := u.Operate(op, annotate.Scope{To: u.Series().Len() - 1}); err != nil {
			t.Fatal(err)
		}
		if u.dice() < before+gestureWorth {
			u.Undo()
			continue
		}
		steps++
	}
	return gestures + steps, steps
}

// gestureWorth is the Dice that a gesture must add to be worth it: less than an outline adds.
const gestureWorth = 0.0015

// prepare does what helps in the whole series at once.
func (u *reader) prepare(t *testing.T) {
	t.Helper()
	chosen, worth := look{threshold: 0.1, thin: -700, smooth: 0.8}, 0.0
	try := func(change func(l *look)) {
		l := chosen
		change(&l)
		gestures, steps := u.apply(t, l)
		if w := u.dice() - gestureWorth*float64(gestures); w > worth {
			chosen, worth = l, w
		}
		for range steps {
			u.Undo()
		}
	}
	for _, threshold := range []float64{0.08, 0.1, 0.12, 0.15, 0.2, 0.3} {
		try(func(l *look) { l.threshold = threshold })
	}
	try(func(l *look) { l.apart = true })
	for _, thin := range []int16{-740, -720, -680, -660} {
		try(func(l *look) { l.thin = thin })
	}
	for _, smooth := range []float64{0.6, 1, 1.2, 1.5} {
		try(func(l *look) { l.smooth = smooth })
	}
	gestures, _ := u.apply(t, chosen)
	u.gestures += gestures
}

// draw makes one gesture after the other, the most rewarding first.
func (u *reader) draw(t *testing.T, redraw bool) {
	t.Helper()
	best := make([]mend, len(u.truth))
	find := func(i int) {
		best[i] = mend{}
		for _, m := range u.mends(i, redraw) {
			if m.gain > best[i].gain {
				best[i] = m
			}
		}
	}
	for i := range best {
		find(i)
	}
	for u.dice() < enough {
		i := 0
		for k := range best {
			if best[k].gain > best[i].gain {
				i = k
			}
		}
		if best[i].gain <= 0 {
			t.Fatalf("nothing is left to mend at a Dice of %.3f", u.dice())
		}
		best[i].make()
		u.gestures++
		find(i)
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
	each := func(i int, g annotate.Guess) {
		g.Kind, g.Kinds = nil, nil // one label for all
		u.Propose(i, generation, g)
	}
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
// gestures beside those of drawing the lesions from nothing: together they are about three times fewer.
func TestFewerGestures(t *testing.T) {
	correcting, drawing := 0, 0
	for _, seed := range []uint64{7, 1, 2, 3, 4, 5} {
		p := phantom.New(phantom.Options{Seed: seed})
		corrected, drawn := newReader(p), newReader(p)
		corrected.propose(t)
		begun := corrected.dice()
		corrected.prepare(t)
		corrected.draw(t, true)
		drawn.draw(t, false)
		t.Logf("phantom %d: %d gestures bring proposals of Dice %.3f to %g, and %d bring nothing there", seed, corrected.gestures, begun, enough, drawn.gestures)
		correcting, drawing = correcting+corrected.gestures, drawing+drawn.gestures
	}
	t.Logf("together: %d gestures beside %d, %.2f times fewer", correcting, drawing, float64(drawing)/float64(correcting))
	if fewer := float64(drawing) / float64(correcting); fewer < 2.75 { // a processor without 8-bit instructions rounds otherwise
		t.Errorf("correcting takes %d gestures, and drawing %d", correcting, drawing)
	}
}
