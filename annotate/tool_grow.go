package annotate

import (
	"context"

	"groundglass/annotate/region"
)

// Grow gives Label to what hangs together with the pixel under the pointer and
// is within HU limits, on its slice or through the volume. It goes by no pixel
// that limits do not let it paint. Pressed in its other meaning it erases
// what it finds, and nothing where a slice cannot be read. Through a volume a press
// may take long: see Growth.
type Grow struct {
	Label     uint8
	Low, High int     // HU, both within
	Volume    bool    // through all slices
	Diagonal  bool    // pixels that touch by a corner hang together, within a slice
	Denoise   bool    // compare medians of 3x3 pixels
	Firm      bool    // not through narrow places
	Holes     int     // pixels: smaller holes of a slice are filled
	Radius    float64 // mm around the pointer, or pixels where their size is unknown; 0: no limit
	Most      float64 // ml; 0: no limit
}

// Press finds and paints.
func (g Grow) Press(s *Stroke, p Point) {
	found := s.gesture.session.growth(g, s.slice, p, s.Other())
	if _, err := found.grower.Grow(context.Background()); err == nil {
		found.paint(s)
	}
}

// Drag does nothing.
func (g Grow) Drag(*Stroke, Point, Point) {}

// Name is the tool's name in the history.
func (g Grow) Name() string { return "Region growing" }

// Labelled is the tool with another label.
func (g Grow) Labelled(v uint8) Tool { g.Label = v; return g }

// Growth is region growing that is done slice by slice, for a window to stay
// awake in between. As long as Next tells a slice, Step does it, best when the
// slice is decoded already; then Finish.
type Growth struct {
	session *Session
	tool    Grow
	slice   int
	label   uint8
	grower  *region.Grower
	done    bool
}

// Growth begins to grow from a place of the current slice, without a stroke; in
// the tool's other meaning if told so.
func (s *Session) Growth(g Grow, p Point, other bool) *Growth {
	return s.growth(g, s.current, p, other)
}

func (s *Session) growth(t Grow, slice int, p Point, other bool) *Growth {
	g := &Growth{session: s, tool: t, slice: slice, label: t.Label}
	if other {
		g.label = 0
	}
	v := region.Volume{W: s.w, H: s.h, Slices: s.series.Len(), HU: s.hu, Spacing: [3]float64{1, 1, 1}}
	if geometry := s.series.Geometry; geometry.Known {
		v.Spacing = [3]float64{geometry.Spacing[1], geometry.Spacing[0], geometry.Spacing[2]}
	}
	at := pixelAt(p)
	g.grower = region.NewGrower(v, region.Voxel{X: at.X, Y: at.Y, Z: slice}, region.Limits{
		Low: t.Low, High: t.High, Flat: !t.Volume, Diagonal: t.Diagonal, Denoise: t.Denoise, Firm: t.Firm, Holes: t.Holes,
		Radius: t.Radius, Most: t.most(v.Spacing),
		Allow: func(z int) func(x, y int) bool { return s.passes(z, g.label) },
	})
	return g
}

// most is the limit in voxels.
func (g Grow) most(spacing [3]float64) int {
	voxel := 1.0
	for _, d := range spacing {
		if d > 0 {
			voxel *= d
		}
	}
	if !(g.Most > 0) {
		return 0
	}
	return int(max(1, min(g.Most*1000/voxel, 1<<40)))
}

// hu is slice z's HU.
func (s *Session) hu(z int) ([]int16, error) {
	sl, err := s.series.Slice(z)
	if err != nil {
		return nil, err
	}
	return sl.HU, nil
}

// Next is the slice that the next Step does; more is false when all are done.
func (g *Growth) Next() (slice int, more bool) { return g.grower.Next() }

// Step does one slice. An error says that it could not be read.
func (g *Growth) Step() error { return g.grower.Step() }

// Finish paints what was found as one undoable edit. It tells how many voxels
// that were, and whether growing stopped at the most.
func (g *Growth) Finish() (voxels int, full bool) {
	if g.done {
		return 0, false
	}
	g.done = true
	found := g.grower.Found()
	g.session.Do(g.tool.Name(), g.slice, g.paint)
	return found.Voxels, found.Full
}

// paint writes what was found, from the first slice to the last.
func (g *Growth) paint(s *Stroke) {
	found := g.grower.Found()
	for z := range g.session.series.Len() {
		if set := found.Slices[z]; set != nil {
			s.On(z).paint(set, g.label)
		}
	}
}
