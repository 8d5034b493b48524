package annotate

import "math"

// Sphere is a Brush in space: it paints what a ball of Radius mm around the
// pointer covers, on all slices that it reaches, by the true spacing. Where that
// is not known, a pixel counts as 1 mm and so does a slice.
type Sphere struct {
	Radius float64 // mm
	Label  uint8
	Smooth float64
}

// Press paints a ball.
func (b Sphere) Press(s *Stroke, p Point) { b.Drag(s, p, p) }

// Drag paints what the ball covers on its way.
func (b Sphere) Drag(s *Stroke, from, to Point) {
	b.cut(s, 0, from, to)
	for _, step := range [2]int{-1, 1} {
		for i := s.Slice() + step; s.Apart(i) < b.Radius; i += step {
			on := s.On(i)
			if on == nil {
				break
			}
			b.cut(on, s.Apart(i), from, to)
		}
	}
}

// cut paints what the ball covers of a slice at a distance in mm.
func (b Sphere) cut(s *Stroke, distance float64, from, to Point) {
	x, y, _, _ := s.Spacing()
	r, label := math.Sqrt(b.Radius*b.Radius-distance*distance)/math.Sqrt(x*y), b.Label
	if s.Other() {
		label = 0
	}
	capsule(s, from, to, r, label)
}

// Name is the tool's name in the history.
func (b Sphere) Name() string { return "Sphere brush" }

// Smoothing is the length of the brush's string.
func (b Sphere) Smoothing() float64 { return b.Smooth }

// Labelled is the brush with another label.
func (b Sphere) Labelled(v uint8) Tool { b.Label = v; return b }
