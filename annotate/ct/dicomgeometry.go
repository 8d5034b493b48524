package ct

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// geometry measures the steps between the slices.
func (s stack) geometry() (g Geometry, warnings []string) {
	first := s.planes[0].data()
	g = Geometry{
		Row: first.Row, Column: first.Column, Origin: first.Position,
		Spacing: [3]float64{first.Spacing[0], first.Spacing[1], 1},
		Known:   true,
	}
	normal := g.Normal()
	n := len(s.planes)
	if n == 1 {
		if first.Thickness > 0 {
			g.Spacing[2] = first.Thickness
		}
		for i := range g.Step {
			g.Step[i] = normal[i] * g.Spacing[2]
		}
		return g, nil
	}
	var gaps []float64
	for i := 1; i < n; i++ {
		gaps = append(gaps, s.planes[i].along-s.planes[i-1].along)
	}
	g.Spacing[2] = median(gaps)
	var uneven string
	if uneven = unevenness(gaps, g.Spacing[2]); uneven != "" {
		g.Uneven = true
		warnings = append(warnings, uneven)
	}
	s.setStep(&g, normal)
	if tilt := math.Acos(min(1, dot(g.Step, normal)/length(g.Step))) * 180 / math.Pi; tilt > 0.1 {
		warnings = append(warnings, fmt.Sprintf("the slices are stacked at a slant of %.1f degrees, as with a tilted gantry", tilt))
	}
	if off := s.sideways(g); off > max(g.Spacing[0], g.Spacing[1]) {
		g.Uneven = true
		warnings = append(warnings, fmt.Sprintf("slices are shifted sideways by up to %.1f mm against a straight stack", off))
	}
	return g, warnings
}

// setStep sets the step from the first to the last slice: the mean one where
// the slices are even, else the one whose length along the normal is the usual
// distance.
func (s stack) setStep(g *Geometry, normal [3]float64) {
	n := len(s.planes)
	last := s.planes[n-1].data().Position
	for i := range g.Step {
		g.Step[i] = (last[i] - g.Origin[i]) / float64(n-1)
	}
	if !g.Uneven {
		g.Spacing[2] = dot(g.Step, normal)
		return
	}
	scale := g.Spacing[2] / dot(g.Step, normal)
	for i := range g.Step {
		g.Step[i] *= scale
	}
}

// sideways returns how far, in mm and within the plane, a slice lies from the
// straight line through the stack at most.
func (s stack) sideways(g Geometry) float64 {
	normal := g.Normal()
	rise := dot(g.Step, normal)
	far := 0.0
	for i := range s.planes {
		at := (s.planes[i].along - s.planes[0].along) / rise
		var off [3]float64
		for k := range off {
			off[k] = s.planes[i].data().Position[k] - g.Origin[k] - g.Step[k]*at
		}
		far = max(far, length(off))
	}
	return far
}

// unevenness describes distances that differ from the usual one by more than
// rounding; "" when there are none. Whole multiples are missing slices.
func unevenness(gaps []float64, usual float64) string {
	tolerance := max(0.01*usual, 0.01)
	var missing []string
	other := false
	for i, d := range gaps {
		if math.Abs(d-usual) <= tolerance {
			continue
		}
		times := math.Round(d / usual)
		if times < 2 || math.Abs(d-times*usual) > times*tolerance {
			other = true
			continue
		}
		missing = append(missing, fmt.Sprintf("%.0f after slice %d", times-1, i+1))
	}
	switch {
	case other:
		return fmt.Sprintf("the distance between slices varies from %.2f to %.2f mm", slices.Min(gaps), slices.Max(gaps))
	case len(missing) == 0:
		return ""
	case len(missing) > 5:
		return fmt.Sprintf("slices are missing in %d places, the first: %s", len(missing), missing[0])
	}
	return "slices are missing: " + strings.Join(missing, ", ")
}

// median returns the lower of the two in the middle, so that of two distances
// the larger one is the gap.
func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[(len(s)-1)/2]
}
