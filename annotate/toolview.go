package annotate

import "math"

// On is the same gesture on slice i, to read and to write there as part of the
// same edit; nil outside the series.
func (s *Stroke) On(i int) *Stroke {
	if !s.gesture.session.has(i) {
		return nil
	}
	return s.gesture.part(i)
}

// HU is the slice in Hounsfield units, row-major, W*H, to read. It decodes the
// slice where need be, and is nil where that fails.
func (s *Stroke) HU() []int16 {
	if s.hu == nil {
		if sl, err := s.gesture.session.series.Slice(s.slice); err == nil {
			s.hu = sl.HU
		}
	}
	return s.hu
}

// Spacing is the distance between the centres of pixels in mm: between columns,
// between rows and between slices. They are 1 where known is false, as for
// pictures.
func (s *Stroke) Spacing() (x, y, z float64, known bool) {
	g := s.gesture.session.series.Geometry
	or1 := func(v float64) float64 {
		if v > 0 {
			return v
		}
		return 1
	}
	if !g.Known {
		return 1, 1, 1, false
	}
	return or1(g.Spacing[1]), or1(g.Spacing[0]), or1(g.Spacing[2]), true
}

// Apart is the distance in mm between the planes of this slice and slice i, also
// where slices are missing between them.
func (s *Stroke) Apart(i int) float64 {
	series := s.gesture.session.series
	if s.gesture.session.has(i) && s.gesture.session.has(s.slice) {
		a, b := series.Sources[s.slice], series.Sources[i]
		if a.HasPosition && b.HasPosition {
			return math.Abs(a.PositionMM - b.PositionMM)
		}
	}
	_, _, z, _ := s.Spacing()
	return z * math.Abs(float64(i-s.slice))
}

// Proposes is the label that pixel (x, y) of the slice has where no person set
// it: 0 where nothing is proposed.
func (s *Stroke) Proposes(x, y int) uint8 {
	label, _ := s.sheet.proposes(y*s.Mask().W + x)
	return label
}

// ProposesAt is Proposes at a threshold (0..1), without connectivity; 0 is
// Proposes.
func (s *Stroke) ProposesAt(x, y int, threshold float64) uint8 {
	if threshold <= 0 {
		return s.Proposes(x, y)
	}
	i, g := y*s.Mask().W+x, s.sheet.maps(s.sheet.layer(&rules{}).guess)
	label, _ := g.derived(i, g.reaches(i, cutOf(threshold)))
	return label
}

// Trails are the paths of the gesture's presses so far, to read.
func (s *Stroke) Trails() []Trail { return s.gesture.trails }

// Path is the path of the newest press, to read; nil without a press.
func (s *Stroke) Path() []Point {
	if n := len(s.gesture.trails); n > 0 {
		return s.gesture.trails[n-1].Points
	}
	return nil
}

// Other reports whether the newest press asks for the tool's other meaning.
func (s *Stroke) Other() bool {
	n := len(s.gesture.trails)
	return n > 0 && s.gesture.trails[n-1].Other
}

// Scratch is where the tool keeps what it likes for as long as the gesture
// lasts; nil at first.
func (s *Stroke) Scratch() *any { return &s.gesture.scratch }

// Reach is how far apart, in image pixels, two points count as the same.
func (s *Stroke) Reach() float64 {
	if r := s.gesture.session.reach; r > 0 {
		return r
	}
	return 1
}

// Near reports whether two points are within Reach.
func (s *Stroke) Near(a, b Point) bool { return math.Hypot(a.X-b.X, a.Y-b.Y) <= s.Reach() }
