package main

import (
	"context"
	"math"

	"groundglass/annotate/ct"
	"groundglass/segment"
	"groundglass/ui"
)

// lungs are those of a series, as the window measures them.
type lungs struct{ *segment.Lungs }

// findLungs finds them. Slices that cannot be read have none.
func findLungs(ctx context.Context, s *ct.Series) (ui.Lungs, error) {
	l, err := segment.FindLungs(ctx, s, nil)
	if l == nil {
		return nil, err
	}
	return lungs{l}, nil
}

// Shown tells whether slice i shows lung.
func (l lungs) Shown(i int) bool {
	_, ok := l.Involvement(i).Both().Share()
	return ok
}

// Shares are those of the series.
func (l lungs) Shares() ui.LungShares {
	share := func(l segment.Lung) float64 {
		if s, ok := l.Share(); ok {
			return s
		}
		return math.NaN()
	}
	v := l.Total()
	return ui.LungShares{Right: share(v.Right), Left: share(v.Left), Both: share(v.Both()), Sided: l.Sided()}
}
