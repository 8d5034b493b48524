package cli

import (
	"fmt"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct/phantom"
	"groundglass/assets"
	"groundglass/segment"
)

// BenchmarkLive is what a move of the connectivity's slider costs before the slice in view can be painted, and what its
// release costs: a slice of 512x512 of the demo case, with lesions in both lungs. The aim is at most 20 ms a move.
func BenchmarkLive(b *testing.B) {
	if assets.Model() == nil {
		b.Skip("skipped: this build carries no model")
	}
	m, err := segment.Load(assets.Model())
	if err != nil {
		b.Fatal(err)
	}
	defer m.Close()
	series := phantom.New(phantom.Demo()).Series()
	view := series.Len()/2 - 9
	slice, err := series.Slice(view)
	if err != nil {
		b.Fatal(err)
	}
	prob, err := m.Propose(b.Context(), slice)
	if err != nil {
		b.Fatal(err)
	}
	for _, tv := range []float64{0, 0.1, 0.3, 0.5, 1, 1.9} {
		for _, draft := range []bool{true, false} {
			b.Run(fmt.Sprintf("tv %g, draft %t", tv, draft), func(b *testing.B) {
				s := annotate.NewSession(series)
				s.SetConnector(Connector(series))
				s.Propose(view, s.BeginProposal(), annotate.Guess{Prob: prob})
				s.SetDraft(draft)
				for i := 0; b.Loop(); i++ {
					s.SetConnectivity(annotate.Connectivity{TV: tv + float64(i%2)/100, LeastArea: 20, FillHoles: true})
					s.Mask(view)
				}
				b.ReportMetric(float64(s.Foreground(view)), "px")
			})
		}
	}
}
