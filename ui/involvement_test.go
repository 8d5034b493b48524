package ui

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// fakeLungs are lungs whose right one is the left half of each slice from the
// second on, and whose left one is the other half.
type fakeLungs struct {
	w, h    int
	marked  [][2]int // by slice: labelled pixels in the right and the left lung
	unsided bool
}

func findFakeLungs(_ context.Context, s *ct.Series) (Lungs, error) {
	return &fakeLungs{w: s.Columns, h: s.Rows, marked: make([][2]int, s.Len())}, nil
}

func (l *fakeLungs) Shown(i int) bool { return i > 0 }

func (l *fakeLungs) Mark(i int, labels []uint8) { l.marked[i] = halves(labels, l.w) }

// halves counts the labelled pixels in the left and in the right half.
func halves(labels []uint8, w int) (n [2]int) {
	for p, v := range labels {
		if v != 0 {
			n[p%w/((w+1)/2)]++
		}
	}
	return n
}

// Mask is the left half of the picture.
func (l *fakeLungs) Mask(int) []uint8 {
	out := make([]uint8, l.w*l.h)
	for p := range out {
		if p%l.w < l.w/2 {
			out[p] = 1
		}
	}
	return out
}

func (l *fakeLungs) Shares() LungShares {
	if len(l.marked) < 2 {
		return LungShares{math.NaN(), math.NaN(), math.NaN(), true}
	}
	var sum [2]float64
	for _, n := range l.marked[1:] {
		sum[0] += float64(n[0])
		sum[1] += float64(n[1])
	}
	half := float64(len(l.marked)-1) * float64(l.w*l.h) / 2
	return LungShares{sum[0] / half, sum[1] / half, (sum[0] + sum[1]) / (2 * half), !l.unsided}
}

// breathing is a window that measures lungs, on a proposed series.
func breathing(t *testing.T, slices int) *harness {
	t.Helper()
	h := start(t, func(_ *harness, s *Services) { s.FindLungs = findFakeLungs })
	h.open(chest("Thorax", 64, slices))
	h.Do("model.propose")
	h.until("all is proposed", func() bool { return h.proposing == nil })
	h.settle()
	return h
}

// wantShares holds what the panel shows against a count of the masks.
func (h *harness) wantShares(when string) {
	h.t.Helper()
	h.settle()
	l := &fakeLungs{w: 64, h: 64, marked: make([][2]int, h.session.Series().Len())}
	for i := range l.marked {
		l.marked[i] = halves(h.session.Mask(i).Label, l.w)
	}
	s := l.Shares()
	want := fmt.Sprintf("right %s, left %s, both %s", shareText(s.Right), shareText(s.Left), shareText(s.Both))
	if got := h.panel.involved.Text; !h.panel.lungs.Visible() || got != want {
		h.t.Fatalf("%s: it shows %q, want %q", when, got, want)
	}
}

func TestSharesFollowTheLabels(t *testing.T) {
	h := breathing(t, 6)
	h.wantShares("proposed")
	before := h.panel.involved.Text
	h.setRadius(14)
	h.strokeAt(annotate.Point{X: 44, Y: 20}, annotate.Point{X: 50, Y: 44})
	h.wantShares("painted")
	if n := h.last("involved")["slices"]; n != 1 {
		t.Errorf("a stroke had %v slices measured", n)
	}
	if h.panel.involved.Text == before {
		t.Error("a stroke changed nothing")
	}
	h.Do("edit.undo")
	h.wantShares("undone")
	if h.panel.involved.Text != before {
		t.Errorf("%q, before the stroke %q", h.panel.involved.Text, before)
	}
	h.setThreshold(0.9)
	h.wantShares("at another threshold")
	h.setTV(1)
	h.wantShares("at another connectivity")
	if h.panel.involved.Text == before {
		t.Error("the sliders changed nothing")
	}
	for h.session.Undo() {
	}
	h.settle()
	if h.panel.lungs.Visible() {
		t.Errorf("with the proposal undone it shows %q", h.panel.involved.Text)
	}
}

// Measuring in the midst of a slider's moves leaves them one edit.
func TestMeasuringSplitsNoEdit(t *testing.T) {
	h := breathing(t, 4)
	for _, threshold := range []float64{0.4, 0.5, 0.6} {
		h.setThreshold(threshold)
		h.settle()
	}
	h.Do("edit.undo")
	if got := h.session.Threshold(); got != annotate.DefaultThreshold {
		t.Fatalf("one undo brought the threshold to %g", got)
	}
}

// Nothing is told as long as a slice that shows lung is neither proposed nor
// edited.
func TestNoSharesOfPartsOfASeries(t *testing.T) {
	gate := make(chan struct{})
	h := start(t, func(h *harness, s *Services) { s.FindLungs, h.model.gate = findFakeLungs, gate })
	h.open(chest("Thorax", 64, 4)) // slice 2 is in view
	h.Do("model.propose")
	for range 2 {
		gate <- struct{}{}
	}
	h.until("two are there", func() bool { return h.session.Probability(2) != nil && h.session.Probability(3) != nil })
	h.stopProposing()
	h.until("it has stopped", func() bool { return h.proposing == nil })
	h.settle()
	if h.panel.lungs.Visible() {
		t.Fatalf("of two slices it shows %q", h.panel.involved.Text)
	}
	h.session.SetCurrent(1)
	h.drain()
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	h.wantShares("with the last slice that shows lung edited")
}

func TestNoSharesWithoutLung(t *testing.T) {
	h := breathing(t, 1)
	if h.panel.lungs.Visible() {
		t.Errorf("it shows %q", h.panel.involved.Text)
	}
}

// Closing the series stops the search.
func TestClosingStopsTheSearchForLungs(t *testing.T) {
	ended := make(chan error, 1)
	h := start(t, func(_ *harness, s *Services) {
		s.FindLungs = func(ctx context.Context, _ *ct.Series) (Lungs, error) {
			<-ctx.Done()
			ended <- ctx.Err()
			return nil, ctx.Err()
		}
	})
	h.open(chest("Thorax", 64, 3))
	h.Do("model.propose")
	h.until("the search has begun", func() bool { return h.involved[h.session] != nil && h.involved[h.session].stop != nil })
	h.Do("file.close")
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	h.drain()
	if h.session != nil || h.panel.lungs.Visible() {
		t.Error("something is left")
	}
}

func TestShareText(t *testing.T) {
	for share, want := range map[float64]string{0: "0 %", 0.001: "<1 %", 0.0099: "<1 %", 0.01: "1 %", 0.346: "35 %", 1: "100 %"} {
		if got := shareText(share); got != want {
			t.Errorf("%g is %q, want %q", share, got, want)
		}
	}
	if got := shareText(math.NaN()); got != txtNoLung {
		t.Errorf("no lung is %q", got)
	}
}

func TestSidesThatAreNotKnown(t *testing.T) {
	h := breathing(t, 3)
	l := &fakeLungs{w: 64, h: 64, marked: make([][2]int, 3), unsided: true}
	if text := involvedText(l, h.session.Look()); !strings.HasPrefix(text, "both 0 %") || strings.Contains(text, "right") {
		t.Errorf("it shows %q", text)
	}
}
