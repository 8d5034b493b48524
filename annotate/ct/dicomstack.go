package ct

import (
	"fmt"
	"sort"
	"strings"

	"groundglass/annotate/ct/dicom"
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
// or name. Where several lie at one position and their acquisitions, moments,
// kernels or types tell them apart, each of these is a stack; else the first one
// of each position is kept and the others are listed.
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
	if parts, ok := splitApart(planes); ok {
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

// splitApart splits sorted planes by what tells them apart, at best by one thing
// alone; false unless that leaves no two planes at one position.
func splitApart(sorted []plane) ([]stack, bool) {
	for k := range dicom.Aparts {
		if stacks, ok := splitBy(sorted, func(f *dicom.Frame) string { return f.Apart[k] }); ok {
			return stacks, true
		}
	}
	return splitBy(sorted, func(f *dicom.Frame) string { return strings.Join(f.Apart[:], "\n") })
}

// splitBy splits sorted planes by a name; false unless there are several names
// and no two planes of one name at one position.
func splitBy(sorted []plane, name func(*dicom.Frame) string) ([]stack, bool) {
	parts := map[string][]plane{}
	var names []string
	for _, p := range sorted {
		n := name(p.data())
		if parts[n] == nil {
			names = append(names, n)
		}
		parts[n] = append(parts[n], p)
	}
	if len(names) < 2 {
		return nil, false
	}
	sort.Slice(names, func(i, j int) bool { return NaturalLess(names[i], names[j]) })
	var stacks []stack
	for _, n := range names {
		s, extra := dropDuplicates(parts[n])
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
		meta.Warnings = append(meta.Warnings, fmt.Sprintf("%s at the position of another one %s left out", Count(s.duplicates, "image"), was(s.duplicates)))
	}
	geometry, warnings := s.geometry()
	meta.Geometry = geometry
	meta.Warnings = append(meta.Warnings, warnings...)
	for i := range meta.Sources {
		meta.Sources[i].PositionMM = s.planes[i].along
		meta.Sources[i].HasPosition = true
		if geometry.Uneven {
			meta.Sources[i].Corner = &s.planes[i].data().Position
		}
	}
	return NewSeries(meta, loader(s.planes))
}

func was(n int) string {
	if n == 1 {
		return "was"
	}
	return "were"
}
