package region

import (
	"context"
	"image"
	"math"
)

// Voxel is a pixel of a slice of a volume.
type Voxel struct{ X, Y, Z int }

// Volume is the HU of several slices, W by H each. HU gives slice Z's, row-major:
// only one slice's is held at a time.
type Volume struct {
	W, H, Slices int
	HU           func(z int) ([]int16, error)
	Spacing      [3]float64 // mm between columns, rows and slices; what is not positive counts as 1
}

// Limits say where a region stops. Their zero value takes pixels of 0 HU alone.
type Limits struct {
	Low, High int                    // HU, both within
	Flat      bool                   // stay on the seed's slice
	Diagonal  bool                   // pixels that touch by a corner hang together too, within a slice
	Denoise   bool                   // compare the median of 3x3 pixels, so that noise leaves no gaps
	Holes     int                    // pixels: smaller holes are filled, slice by slice
	Radius    float64                // mm around the seed; 0: no limit
	Most      int                    // voxels; 0: no limit
	Allow     func(x, y, z int) bool // may a voxel be entered? nil: all may
}

// Grown is a region of a volume.
type Grown struct {
	Slices map[int]*Set
	Voxels int
	Full   bool // it stopped at Limits.Most
}

// Grow finds what hangs together with the seed within limits: the slice that is
// nearest to those done comes next, so that what stops at Most lies around the
// seed. Where the seed itself is not within the limits there is nothing. It
// holds a bit for each pixel of the slices that it reaches, within the radius.
// An error is the volume's or the context's.
func Grow(ctx context.Context, v Volume, seed Voxel, l Limits) (Grown, error) {
	g := grower{Volume: v, Limits: l, seed: seed, todo: map[int][]run{}, found: Grown{Slices: map[int]*Set{}}}
	for i, d := range g.Spacing {
		if !(d > 0) {
			g.Spacing[i] = 1
		}
	}
	if seed.Z < 0 || seed.Z >= v.Slices || !image.Pt(seed.X, seed.Y).In(image.Rect(0, 0, v.W, v.H)) {
		return g.found, nil
	}
	g.todo[seed.Z] = []run{{seed.Y, seed.X, seed.X + 1}}
	for z := seed.Z; len(g.todo) > 0 && !g.found.Full; z = g.nearest(z) {
		if err := ctx.Err(); err != nil {
			return Grown{}, err
		}
		if err := g.slice(z); err != nil {
			return Grown{}, err
		}
	}
	g.finish()
	return g.found, nil
}

type grower struct {
	Volume
	Limits
	seed  Voxel
	todo  map[int][]run // runs to enter a slice by
	found Grown
}

// nearest is the slice to do next: the nearest to z, then to the seed, then the
// lower.
func (g *grower) nearest(z int) int {
	best, least := z, [3]int{math.MaxInt}
	for at := range g.todo {
		d := [3]int{max(at-z, z-at), max(at-g.seed.Z, g.seed.Z-at), at}
		if less(d, least) {
			best, least = at, d
		}
	}
	return best
}

func less(a, b [3]int) bool {
	for i := range a {
		if a[i] != b[i] {
			return a[i] < b[i]
		}
	}
	return false
}

// slice grows within slice z, and notes where to enter its neighbours.
func (g *grower) slice(z int) error {
	seeds := g.todo[z]
	delete(g.todo, z)
	reach := g.reach(z)
	if reach.Empty() {
		return nil
	}
	hu, err := g.HU(z)
	if err != nil {
		return err
	}
	p := Plane{HU: hu, W: g.W, H: g.H}
	if p.Bounds().Empty() {
		return nil
	}
	set := g.found.Slices[z]
	if set == nil {
		set = NewSet(reach)
		g.found.Slices[z] = set
	}
	f := filler{set: set, diag: g.Diagonal, in: g.within(p, z)}
	f.full = func(n int) bool {
		g.found.Voxels += n
		g.found.Full = g.Most > 0 && g.found.Voxels >= g.Most
		return g.found.Full
	}
	f.runs = func(y, x0, x1 int) { g.enter(z, run{y, x0, x1}) }
	f.flood(seeds)
	return nil
}

// enter notes a run by which the slices beside z are to be entered.
func (g *grower) enter(z int, r run) {
	for _, beside := range [2]int{z - 1, z + 1} {
		if !g.Flat && beside >= 0 && beside < g.Slices {
			g.todo[beside] = append(g.todo[beside], r)
		}
	}
}

// within is the test of slice z's voxels. Each row's reach is known in advance.
func (g *grower) within(p Plane, z int) func(x, y int) bool {
	low, high := int16(max(g.Low, math.MinInt16)), int16(min(g.High, math.MaxInt16))
	if g.Low > math.MaxInt16 || g.High < math.MinInt16 {
		return func(int, int) bool { return false }
	}
	var reach []int
	if g.Radius > 0 {
		reach = make([]int, g.H)
		for y := range reach {
			reach[y] = g.chord(y, z)
		}
	}
	at := p.at
	if g.Denoise {
		at = p.median
	}
	return func(x, y int) bool {
		v := at(x, y)
		if v < low || v > high || reach != nil && max(x-g.seed.X, g.seed.X-x) > reach[y] {
			return false
		}
		return g.Allow == nil || g.Allow(x, y, z)
	}
}

// chord is how many columns the radius reaches to either side in row y of slice
// z; negative where it does not reach there.
func (g *grower) chord(y, z int) int {
	dy, dz := float64(y-g.seed.Y)*g.Spacing[1], float64(z-g.seed.Z)*g.Spacing[2]
	left := g.Radius*g.Radius - dy*dy - dz*dz
	if left < 0 {
		return -1
	}
	return int(min(math.Sqrt(left)/g.Spacing[0], float64(g.W)))
}

// reach is the rectangle of slice z that the radius reaches.
func (g *grower) reach(z int) image.Rectangle {
	all := image.Rect(0, 0, g.W, g.H)
	if g.Radius <= 0 {
		return all
	}
	left := g.Radius*g.Radius - math.Pow(float64(z-g.seed.Z)*g.Spacing[2], 2)
	if left < 0 {
		return image.Rectangle{}
	}
	x := int(min(math.Sqrt(left)/g.Spacing[0], float64(g.W)))
	y := int(min(math.Sqrt(left)/g.Spacing[1], float64(g.H)))
	return all.Intersect(image.Rect(g.seed.X-x, g.seed.Y-y, g.seed.X+x+1, g.seed.Y+y+1))
}

// finish fills small holes and drops slices that were reached in vain.
func (g *grower) finish() {
	g.found.Voxels = 0
	for z, s := range g.found.Slices {
		s.FillHoles(g.Holes)
		n := s.Count()
		g.found.Voxels += n
		if n == 0 {
			delete(g.found.Slices, z)
		}
	}
}
