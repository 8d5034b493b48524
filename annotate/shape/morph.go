package shape

import "math"

// morph interpolates between two slices group by group: parts of one that
// overlap parts of the other, or a part of each that are near.
type morph struct {
	g      Grid
	groups []*group
}

// group is parts of two slices that belong together, with their centroids.
type group struct{ a, b []point }

type point struct{ x, y int }

func newMorph(a, b []bool, g Grid) *morph {
	na, partsA := numbered(a, g)
	nb, partsB := numbered(b, g)
	root := make([]int32, partsA+partsB)
	for i := range root {
		root[i] = int32(i)
	}
	for i := range a {
		if a[i] && b[i] {
			unite(root, na[i], int32(partsA)+nb[i])
		}
	}
	of := make([]*group, len(root))
	m := &morph{g: g}
	at := func(part int32) *group {
		r := find(root, part)
		if of[r] == nil {
			of[r] = &group{}
			m.groups = append(m.groups, of[r])
		}
		return of[r]
	}
	for i := range a {
		p := point{i % g.W, i / g.W}
		if a[i] {
			q := at(na[i])
			q.a = append(q.a, p)
		}
		if b[i] {
			q := at(int32(partsA) + nb[i])
			q.b = append(q.b, p)
		}
	}
	m.pair()
	return m
}

// numbered gives each pixel of a set its part.
func numbered(set []bool, g Grid) (number []int32, parts int) {
	s := NewSet(g)
	s.AddBits(set, s.bounds())
	p := s.Parts(Corners)
	number = make([]int32, len(set))
	for i, r := range s.runs {
		for x := r.x0; x < r.x1; x++ {
			number[int(r.row)*g.W+int(x)] = p.of[i]
		}
	}
	return number, len(p.Size)
}

// pair makes one group of two parts that overlap nothing where the distance of
// their centroids is below the sum of their diameters, the nearest first.
func (m *morph) pair() {
	for {
		var from, to *group
		best := math.Inf(1)
		for _, a := range m.groups {
			for _, b := range m.groups {
				if len(a.b) > 0 || len(b.a) > 0 {
					continue
				}
				if d := m.distance(a.a, b.b); d < best && d < m.diameter(a.a)+m.diameter(b.b) {
					from, to, best = a, b, d
				}
			}
		}
		if from == nil {
			return
		}
		from.b = to.b
		*to = group{}
	}
}

// distance is that of two parts' centroids in mm.
func (m *morph) distance(a, b []point) float64 {
	if len(a) == 0 || len(b) == 0 {
		return math.Inf(1)
	}
	ax, ay := centroid(a)
	bx, by := centroid(b)
	return math.Hypot((ax-bx)*m.g.Spacing[0], (ay-by)*m.g.Spacing[1])
}

// diameter is that of a disc of the same area, in mm.
func (m *morph) diameter(p []point) float64 {
	return 2 * math.Sqrt(float64(len(p))*m.g.PixelSize()/math.Pi)
}

func centroid(p []point) (x, y float64) {
	for _, q := range p {
		x, y = x+float64(q.x), y+float64(q.y)
	}
	n := float64(len(p))
	return x / n, y / n
}

// at is the slice a share t of the way.
func (m *morph) at(t float64) []bool {
	out := make([]bool, m.g.W*m.g.H)
	for _, q := range m.groups {
		for i, v := range m.grown(q, t) {
			out[i] = out[i] || v
		}
	}
	return out
}

// grown is one group a share t of the way.
func (m *morph) grown(q *group, t float64) []bool {
	switch {
	case len(q.a) == 0 && len(q.b) == 0:
		return nil
	case len(q.b) == 0:
		return m.shrunk(q.a, 2*t)
	case len(q.a) == 0:
		return m.shrunk(q.b, 2*(1-t))
	}
	a, b := m.raster(q.a, 0, 0), m.raster(q.b, 0, 0)
	if !overlap(a, b) {
		ax, ay := centroid(q.a)
		bx, by := centroid(q.b)
		a, b = m.raster(q.a, t*(bx-ax), t*(by-ay)), m.raster(q.b, (1-t)*(ax-bx), (1-t)*(ay-by))
		if !overlap(a, b) {
			return between(a, b, m.g, ByDistance)(t)
		}
	}
	core := make([]bool, len(a))
	for i := range core {
		core[i] = a[i] && b[i]
	}
	near := Distances(core, m.g)
	m.grow(core, a, near, 1-t)
	m.grow(core, b, near, t)
	return core
}

// grow adds to a core the share t of a set that holds it, by the share of the way
// from the core to the set's border.
func (m *morph) grow(core, set []bool, near []float64, t float64) {
	for i, v := range Distances(not(set), m.g) {
		if !set[i] || near[i] == 0 {
			continue
		}
		if d := math.Sqrt(near[i]); d <= t*(d+math.Sqrt(v)) || math.IsInf(v, 1) {
			core[i] = true
		}
	}
}

// shrunk is a part that is gone when t is 1: its pixels deeper than that share of
// its depth.
func (m *morph) shrunk(p []point, t float64) []bool {
	set := m.raster(p, 0, 0)
	depth, most := Distances(not(set), m.g), 0.0
	for _, v := range depth {
		most = max(most, v)
	}
	for i, v := range depth {
		set[i] = set[i] && t < 1 && math.Sqrt(v) > t*math.Sqrt(most)
	}
	return set
}

// raster draws points moved by (dx, dy), rounded.
func (m *morph) raster(p []point, dx, dy float64) []bool {
	out := make([]bool, m.g.W*m.g.H)
	x0, y0 := int(math.Round(dx)), int(math.Round(dy))
	for _, q := range p {
		if x, y := q.x+x0, q.y+y0; x >= 0 && x < m.g.W && y >= 0 && y < m.g.H {
			out[y*m.g.W+x] = true
		}
	}
	return out
}

func overlap(a, b []bool) bool {
	for i := range a {
		if a[i] && b[i] {
			return true
		}
	}
	return false
}
