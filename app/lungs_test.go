package main

import (
	"context"
	"errors"
	"math"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/segment"
)

// The shares are those of the lungs that are labelled, whatever the label, and
// of the phantom's lungs all can be.
func TestLungShares(t *testing.T) {
	s := phantom.New(phantom.Options{Size: 128, Slices: 4}).Series()
	l, err := findLungs(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	if got := l.Shares(); got.Right != 0 || got.Left != 0 || got.Both != 0 {
		t.Errorf("before anything is marked: %+v", got)
	}
	masks, err := segment.FindLungs(t.Context(), s, nil)
	if err != nil {
		t.Fatal(err)
	}
	var size [3]float64
	for i := range s.Len() {
		lung := masks.Mask(i)
		labels := make([]uint8, len(lung))
		shown := false
		for p, v := range lung {
			size[v]++
			shown = shown || v != segment.NoLung
			if v == segment.LeftLung || v == segment.NoLung {
				labels[p] = uint8(1 + p%3)
			}
		}
		l.Mark(i, labels)
		if l.Shown(i) != shown {
			t.Errorf("slice %d shows lung: %t", i, !shown)
		}
	}
	got, both := l.Shares(), size[segment.LeftLung]/(size[segment.LeftLung]+size[segment.RightLung])
	if got.Right != 0 || got.Left != 1 || math.Abs(got.Both-both) > 1e-12 || !(both > 0.3 && both < 0.7) {
		t.Errorf("with the left lung marked: %+v, want %g of both", got, both)
	}
}

// A slice that cannot be read has no lungs, and the others do.
func TestLungsOfUnreadableSlices(t *testing.T) {
	whole := phantom.New(phantom.Options{Size: 128, Slices: 4}).Series()
	s := ct.NewSeries(ct.Series{Rows: 128, Columns: 128, Sources: whole.Sources}, func(i int) (*ct.Slice, error) {
		if i == 1 {
			return nil, errors.New("1.dcm: no pixels")
		}
		return whole.Slice(i)
	})
	l, err := findLungs(t.Context(), s)
	if err != nil || l.Shown(1) || !l.Shown(2) {
		t.Errorf("%v, %+v", err, l)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if l, err := findLungs(ctx, s); l != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v, %v", l, err)
	}
}

// BenchmarkInvolvement measures the lungs of 300 slices of 512 x 512 anew: all
// of them, as after a slider's move, and one, as after a stroke.
func BenchmarkInvolvement(b *testing.B) {
	p := phantom.New(phantom.Options{Size: 512, Slices: 300})
	s := p.Series()
	l, err := findLungs(b.Context(), s)
	if err != nil {
		b.Fatal(err)
	}
	session := annotate.NewSession(s)
	g := session.BeginProposal()
	for i := range s.Len() {
		prob := make([]uint8, 512*512)
		for k, v := range p.Truth(i) {
			prob[k] = v * 200
		}
		session.Propose(i, g, annotate.Guess{Prob: prob})
	}
	for name, n := range map[string]int{"all": s.Len(), "one": 1} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				look := session.Look()
				for i := range n {
					l.Mark(150-n/2+i, look.Mask(150-n/2+i).Label)
				}
				l.Shares()
			}
		})
	}
}
