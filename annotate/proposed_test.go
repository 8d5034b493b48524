package annotate

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"
)

// What is proposed does not depend on what a person has drawn, at any setting,
// with a Connector and without.
func TestProposedIgnoresPeople(t *testing.T) {
	for _, connect := range []Connector{nil, func(prob []uint8, cut uint8, _ Connectivity, _ bool) []uint8 {
		out := slices.Clone(prob)
		for i := range out {
			if i%3 == 0 {
				out[i] = 255 // whatever the map says
			}
		}
		return out
	}} {
		with, without := newTestSession(40, 30, 1), newTestSession(40, 30, 1)
		prob := randomMap(rand.New(rand.NewPCG(7, 7)), 40, 30)
		for _, s := range []*Session{with, without} {
			s.SetConnector(connect)
			s.Propose(0, s.BeginProposal(), Guess{Prob: prob})
		}
		for n, tool := range []Tool{Brush{Radius: 6, Label: 2}, Eraser{Radius: 5}} {
			with.SetTool(tool)
			with.Press(Point{5, 8 + 9*float64(n)})
			with.Drag(Point{33, 12 + 9*float64(n)})
			with.Release()
		}
		if p := with.Mask(0).Provenance(); p.Added == 0 || p.Removed == 0 {
			t.Fatalf("nothing was drawn: %+v", p)
		}
		for _, threshold := range []float64{0.3, 0.7} {
			with.SetThreshold(threshold)
			without.SetThreshold(threshold)
			got := make([]uint8, 40*30)
			with.Proposed(0, image.Rect(-3, 0, 40, 17), got)
			with.Proposed(0, image.Rect(0, 17, 99, 99), got)
			if !slices.Equal(got, without.Mask(0).Label) {
				t.Errorf("at %g other pixels are proposed than where nobody drew", threshold)
			}
		}
	}
	s := newTestSession(4, 4, 1)
	s.Proposed(9, s.bounds(), make([]uint8, 16)) // no such slice
	s.Proposed(0, s.bounds(), nil)
}
