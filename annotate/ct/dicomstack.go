package ct

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// samePosition is the distance in mm within which two planes lie at one
// position.
const samePosition = 1e-3

// stack is planes at different positions, sorted by them.
type stack struct {
	planes     []plane
	duplicates int // planes that were left out
}

// splitStack sorts planes by their position along the normal, never by number
// or name. Where several lie at one position and their acquisitions tell them
// apart, each acquisition is a stack; else the first one of each position is
// kept and the others are listed.
func splitStack(planes []plane) (stacks []stack, left []LeftOut) {
	first := planes[0].data()
	normal := cross(first.Row, first.Column)
	for i := range planes {
		planes[i].along = dot(normal, planes[i].data().Position)
	}
	sort.SliceStable(planes, func(i, j int) bool { return planes[i].along < planes[j].along })
	whole, extra := dropDuplicates(planes)
	if len(extra) == 0 {
		return []stack{whole}, nil
	}
	if parts, ok := byAcquisition(planes); ok {
		return parts, nil
	}
	return []stack{whole}, extra
}

// dropDuplicates keeps the first plane of each position.
func dropDuplicates(sorted []plane) (stack, []LeftOut) {
	s := stack{planes: sorted[:1:1]}
	var left []LeftOut
	for _, p := range sorted[1:] {
		if last := &s.planes[len(s.planes)-1]; p.along-last.along < samePosition {
			left = append(left, p.leftOut("it lies at the position of "+last.nameFor(p.path)+", which is used"))
			continue
		}
		s.planes = append(s.planes, p)
	}
	s.duplicates = len(left)
	return s, left
}

// byAcquisition splits sorted planes by acquisition; false unless that leaves
// no two planes at one position.
func byAcquisition(sorted []plane) ([]stack, bool) {
	parts := map[string][]plane{}
	var names []string
	for _, p := range sorted {
		name := p.image.Acquisition
		if parts[name] == nil {
			names = append(names, name)
		}
		parts[name] = append(parts[name], p)
	}
	if len(names) < 2 {
		return nil, false
	}
	sort.Slice(names, func(i, j int) bool { return naturalLess(names[i], names[j]) })
	var stacks []stack
	for _, name := range names {
		s, extra := dropDuplicates(parts[name])
		if len(extra) > 0 {
			return nil, false
		}
		stacks = append(stacks, s)
	}
	return stacks, true
}

// series makes a series of a stack.
func (s stack) series() *Series {
	meta := describe(s.planes)
	if s.duplicates > 0 {
		meta.Warnings = append(meta.Warnings, fmt.Sprintf("%s at the position of another one %s left out", count(s.duplicates, "image"), was(s.duplicates)))
	}
	geometry, warnings := s.geometry()
	meta.Geometry = geometry
	meta.Warnings = append(meta.Warnings, warnings...)
	for i := range meta.Sources {
		meta.Sources[i].PositionMM = s.planes[i].along
		meta.Sources[i].HasPosition = true
	}
	return NewSeries(meta, loader(s.planes))
}

// geometry measures the steps between the slices.
func (s stack) geometry() (g Geometry, warnings []string) {
	first := s.planes[0].data()
	g = Geometry{
		Row: first.Row, Column: first.Column, Origin: first.Position,
		Spacing: [3]float64{first.Spacing[0], first.Spacing[1], 1},
		Even:    true, Known: true,
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
		g.Even = false
		warnings = append(warnings, uneven)
	}
	s.setStep(&g, normal)
	if tilt := math.Acos(min(1, dot(g.Step, normal)/length(g.Step))) * 180 / math.Pi; tilt > 0.1 {
		warnings = append(warnings, fmt.Sprintf("the slices are stacked at a slant of %.1f degrees, as with a tilted gantry", tilt))
	}
	if off := s.sideways(g); off > max(g.Spacing[0], g.Spacing[1]) {
		g.Even = false
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
	if g.Even {
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

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprintf("%d %ss", n, thing)
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
