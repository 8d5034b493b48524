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
// state of its own: what a gesture has written and where it went is in the
// Stroke. The interfaces below say what else a tool may do.
type Tool interface {
	Press(s *Stroke, p Point)
	Drag(s *Stroke, from, to Point)
}

// Releaser is a tool that also acts when its gesture ends.
type Releaser interface {
	Tool
	Release(s *Stroke)
}

// Stager is a tool whose gesture goes on over several presses. Until its Release
// it writes nothing: the stroke takes no spans before. FinishStroke ends it.
type Stager interface {
	Releaser
	// Open reports, after each press's end, whether the gesture goes on.
	Open(s *Stroke) bool
}

// Outliner is a tool that shows what its gesture is about to do, with the
// pointer at a place.
type Outliner interface {
	Tool
	Outlines(s *Stroke, pointer Point) []Outline
}

// Labeller is a tool that paints a label, and can paint another one.
type Labeller interface {
	Tool
	Labelled(v uint8) Tool
}

// Smoother is a tool that can follow a smoothed path in place of the pointer's:
// it hangs on the pointer by a string of this length, in image pixels. 0 is none.
type Smoother interface {
	Tool
	Smoothing() float64
}

// Trail is the path of one press: the points that the tool was brought to.
type Trail struct {
	Points []Point
	Other  bool // begun by PressOther
}

// Outline is a line that shows what a gesture is about to do.
type Outline struct {
	Points []Point
	Closed bool
	Knots  []Point // the points that a person has set, to be marked
	Cut    bool    // what is inside will be erased
}

// smoothing is the length of a tool's string.
func smoothing(t Tool) float64 {
	if t, ok := t.(Smoother); ok {
		return t.Smoothing()
	}
	return 0
}

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
