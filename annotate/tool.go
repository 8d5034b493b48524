package annotate

import (
	"image"
	"math"
)

// Point is a place in image pixels: the pixel in column i and row j has its
// centre at (i+0.5, j+0.5).
type Point struct{ X, Y float64 }

// finite reports whether both coordinates are numbers that can be drawn at.
func (p Point) finite() bool {
	return math.Abs(p.X) < 1e9 && math.Abs(p.Y) < 1e9 // false for NaN too
}

// Tool turns pointer events into spans. It is a plain value without widgets or
// state of its own: what a gesture has written is in the Stroke.
type Tool interface {
	Press(s *Stroke, p Point)
	Drag(s *Stroke, from, to Point)
}

// Brush paints Label in a disc of Radius image pixels around the pointer, and
// in the capsule between two pointer positions.
type Brush struct {
	Radius float64
	Label  uint8
}

// Press paints a disc.
func (b Brush) Press(s *Stroke, p Point) { capsule(s, p, p, b.Radius, b.Label) }

// Drag paints a capsule.
func (b Brush) Drag(s *Stroke, from, to Point) { capsule(s, from, to, b.Radius, b.Label) }

// Name is the tool's name in the history.
func (b Brush) Name() string { return "Brush" }

// Eraser sets the pixels that a Brush of the same Radius would paint to
// background, and marks them as removed by a person.
type Eraser struct{ Radius float64 }

// Press erases a disc.
func (e Eraser) Press(s *Stroke, p Point) { capsule(s, p, p, e.Radius, 0) }

// Drag erases a capsule.
func (e Eraser) Drag(s *Stroke, from, to Point) { capsule(s, from, to, e.Radius, 0) }

// Name is the tool's name in the history.
func (e Eraser) Name() string { return "Eraser" }

// toolName is the tool's Name where it has one.
func toolName(t Tool) string {
	if n, ok := t.(interface{ Name() string }); ok {
		return n.Name()
	}
	return "Edit"
}

// pixelAt is the pixel under a point.
func pixelAt(p Point) image.Point {
	return image.Pt(int(math.Floor(p.X)), int(math.Floor(p.Y)))
}
