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
	Low, High int  // HU, both within
	Flat      bool // stay on the seed's slice
	Diagonal  bool // pixels that touch by a corner hang together too, within a slice
	Denoise   bool // compare the median of 3x3 pixels, so that noise leaves no gaps
	// Firm goes only by pixels whose four neighbours are within, too, so that no
	// thin rim or vessel leads out; what lies beside these pixels ends the region.
	// Where already the seed is no such pixel, it is without effect.
	Firm   bool
	Holes  int     // pixels: smaller holes are filled, slice by slice
	Radius float64 // mm around the seed; 0: no limit
	Most   int     // voxels; 0: no limit
	// Allow gives the test of which pixels of slice z may be entered; nil, or a nil
	// test: all may.
	Allow func(z int) func(x, y int) bool
}

// Grown is a region of a volume.
type Grown struct {
	Slices map[int]*Set
	Voxels int
	Full   bool // it stopped at Limits.Most
}

// Grower finds a region slice by slice: as long as Next tells a slice, Step does
// it. Between steps others may work.
type Grower struct {
	Volume
	Limits
	seed  Voxel
	todo  map[int][]run // runs to enter a slice by
	last  int           // slice
	found Grown
}

// NewGrower begins with what hangs together with the seed within limits. Where
// the seed itself is not within them there is nothing.
func NewGrower(v Volume, seed Voxel, l Limits) *Grower {
	g := &Grower{Volume: v, Limits: l, seed: seed, last: seed.Z, todo: map[int][]run{}, found: Grown{Slices: map[int]*Set{}}}
	for i, d := range g.Spacing {
		if !(d > 0) {
			g.Spacing[i] = 1
		}
	}
	if seed.Z >= 0 && seed.Z < v.Slices && image.Pt(seed.X, seed.Y).In(image.Rect(0, 0, v.W, v.H)) {
		g.todo[seed.Z] = []run{{seed.Y, seed.X, seed.X + 1}}
	}
	return g
}

// Next is the slice that the next Step does, the nearest to the one done last, so
// that what stops at Most lies around the seed; more is false when all are done.
func (g *Grower) Next() (z int, more bool) {
	if len(g.todo) == 0 || g.found.Full {
		return 0, false
	}
	return g.nearest(), true
}

// Found is the region, after the last Step.
func (g *Grower) Found() Grown {
	g.finish()
	return g.found
}

// Grow does all that is left and gives the whole region. It holds a bit for each
// pixel of the slices that it reaches, within the radius. An error is the volume's
// or the context's.
func (g *Grower) Grow(ctx context.Context) (Grown, error) {
	for {
		if _, more := g.Next(); !more {
			return g.Found(), nil
		}
		if err := ctx.Err(); err != nil {
			return Grown{}, err
		}
		if err := g.Step(); err != nil {
			return Grown{}, err
		}
	}
}

// nearest is the slice to do next: the nearest to the last, then to the seed,
// then the lower.
func (g *Grower) nearest() int {
	best, least := 0, [3]int{math.MaxInt}
	for at := range g.todo {
		d := [3]int{max(at-g.last, g.last-at), max(at-g.seed.Z, g.seed.Z-at), at}
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

// Step grows within the slice that Next tells, and notes where to enter its
// neighbours. An error is the volume's, and may be tried again.
func (g *Grower) Step() error {
	z, more := g.Next()
	if !more {
		return nil
	}
	seeds := g.todo[z]
	reach := g.reach(z)
	var p Plane
	if !reach.Empty() {
		hu, err := g.HU(z)
		if err != nil {
			return err
		}
		p = Plane{HU: hu, W: g.W, H: g.H}
	}
	delete(g.todo, z)
	if g.last = z; p.Bounds().Empty() {
		return nil
	}
	set := g.found.Slices[z]
	if set == nil {
		set = NewSet(reach)
		g.found.Slices[z] = set
	}
	g.fill(set, z, seeds, g.within(p, z))
	return nil
}

// fill floods slice z from its seeds.
func (g *Grower) fill(set *Set, z int, seeds []run, within func(x, y int) bool) {
	first := g.found.Voxels == 0
	var found []run
	f := filler{set: set, diag: g.Diagonal, in: within}
	if g.Firm {
		f.in = firm(within, image.Rect(0, 0, g.W, g.H))
	}
	f.full = func(n int) bool {
		g.found.Voxels += n
		g.found.Full = g.Most > 0 && g.found.Voxels >= g.Most
		return g.found.Full
	}
	f.runs = func(y, x0, x1 int) { found = append(found, run{y, x0, x1}) }
	f.flood(seeds)
	if first && len(found) == 0 && g.Firm {
		g.Firm, f.in = false, within
		f.flood(seeds)
	}
	for _, r := range found {
		g.enter(z, r)
		if g.Firm {
			set.rim(r, within)
		}
	}
}

// enter notes a run by which the slices beside z are to be entered.
func (g *Grower) enter(z int, r run) {
	for _, beside := range [2]int{z - 1, z + 1} {
		if !g.Flat && beside >= 0 && beside < g.Slices {
			g.todo[beside] = append(g.todo[beside], r)
		}
	}
}

// within is the test of slice z's voxels. Each row's reach is known in advance.
func (g *Grower) within(p Plane, z int) func(x, y int) bool {
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
	allow := g.allow(z)
	return func(x, y int) bool {
		v := at(x, y)
		if v < low || v > high || reach != nil && max(x-g.seed.X, g.seed.X-x) > reach[y] {
			return false
		}
		return allow == nil || allow(x, y)
	}
}

// allow is the test of slice z; nil where all pixels may be entered.
func (l Limits) allow(z int) func(x, y int) bool {
	if l.Allow == nil {
		return nil
	}
	return l.Allow(z)
}

// chord is how many columns the radius reaches to either side in row y of slice
// z; negative where it does not reach there.
func (g *Grower) chord(y, z int) int {
	dy, dz := float64(y-g.seed.Y)*g.Spacing[1], float64(z-g.seed.Z)*g.Spacing[2]
	left := g.Radius*g.Radius - dy*dy - dz*dz
	if left < 0 {
		return -1
	}
	return int(min(math.Sqrt(left)/g.Spacing[0], float64(g.W)))
}

// reach is the rectangle of slice z that the radius reaches.
func (g *Grower) reach(z int) image.Rectangle {
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
func (g *Grower) finish() {
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
