package labels

import "math"

// Tolerance of matching by position, in pixels and in slices: how far the
// corners of two planes may lie apart where one is meant to be the other.
const tolerance = 0.1

// vector is a point or a direction in mm, in patient coordinates (LPS).
type vector = [3]float64

func dot(a, b vector) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b vector) vector {
	return vector{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// along is a plus f times b.
func along(a vector, f float64, b vector) vector {
	return vector{a[0] + f*b[0], a[1] + f*b[1], a[2] + f*b[2]}
}

// nearest is the slice whose plane is nearest to a point, and how far it is, in mm.
func (t *target) nearest(p vector) (i int, mm float64) {
	mm = math.Inf(1)
	for k, o := range t.origins {
		if d := math.Abs(dot(t.s.Geometry.Normal(), along(p, -1, o))); d < mm {
			i, mm = k, d
		}
	}
	return i, mm
}

// grid is where the values of a volume lie.
type grid struct {
	dim     [3]int
	origin  vector    // centre of the first value
	inverse [3]vector // rows of the matrix from mm to indices
}

// newGrid makes a grid of its origin and its steps in mm; false where these do
// not span space.
func newGrid(dim [3]int, origin vector, steps [3]vector) (g grid, ok bool) {
	det := dot(steps[0], cross(steps[1], steps[2]))
	if math.IsNaN(det) || math.IsInf(det, 0) || math.Abs(det) < 1e-12 {
		return g, false
	}
	g = grid{dim: dim, origin: origin}
	for i := range 3 {
		c := cross(steps[(i+1)%3], steps[(i+2)%3])
		g.inverse[i] = vector{c[0] / det, c[1] / det, c[2] / det}
	}
	return g, true
}

// frameGrid is the grid of a single plane. Spacing is in mm between rows, between
// columns, and between planes.
func frameGrid(w, h int, origin, row, column vector, spacing [3]float64) (grid, bool) {
	return newGrid([3]int{w, h, 1}, origin, [3]vector{
		along(vector{}, spacing[1], row), along(vector{}, spacing[0], column), along(vector{}, spacing[2], cross(row, column)),
	})
}

// index is a point's place in the grid.
func (g *grid) index(p vector) (v vector) {
	d := along(p, -1, g.origin)
	for i := range v {
		v[i] = dot(g.inverse[i], d)
	}
	return v
}

// lattice says which values of a volume lie on the pixels of a slice.
type lattice struct {
	axis  [3]int  // the volume's axis along which columns, rows and slices run
	back  [2]bool // columns, rows run backwards
	plane int     // index along the slices' axis
}

// upright is the lattice of a plane whose rows and columns are the slice's.
var upright = lattice{axis: [3]int{0, 1, 2}}

// Reasons why a volume does not lie on a slice.
const (
	otherPixels = "its pixels are not those of the slices: they differ in direction, size or offset, and masks are not resampled"
	otherArea   = "it has another number of rows and columns than the slices"
	otherPlace  = "no slice of the series is there"
)

// on finds the lattice for slice i of a series, whatever the order and the
// direction of the grid's axes; reason says why there is none.
func (g *grid) on(t *target, i int) (l lattice, reason string) {
	if l, reason = g.turned(t); reason != "" {
		return l, reason
	}
	at := g.index(t.origins[i])
	if !g.begins(l, at) {
		return l, otherPixels
	}
	z := at[l.axis[2]]
	plane := math.Round(z)
	if math.Abs(z-plane) > tolerance || plane < 0 || plane >= float64(g.dim[l.axis[2]]) {
		return l, otherPlace
	}
	l.plane = int(plane)
	return l, ""
}

// turned finds which of the grid's axes run along the slices' rows and columns, and
// which way; reason says why none do, or not as far as the slices reach.
func (g *grid) turned(t *target) (l lattice, reason string) {
	geo, w, h := t.s.Geometry, t.s.Columns, t.s.Rows
	x, right, okX := g.axis(geo.Row, geo.Spacing[1], w-1)
	y, down, okY := g.axis(geo.Column, geo.Spacing[0], h-1)
	if !okX || !okY || x == y {
		return l, otherPixels
	}
	if g.dim[x] != w || g.dim[y] != h {
		return l, otherArea
	}
	return lattice{axis: [3]int{x, y, 3 - x - y}, back: [2]bool{right < 0, down < 0}}, ""
}

// begins reports whether a slice whose first pixel is at this place in the grid begins
// where the grid's planes do.
func (g *grid) begins(l lattice, at vector) bool {
	for k, axis := range l.axis[:2] {
		first := 0
		if l.back[k] {
			first = g.dim[axis] - 1
		}
		if math.Abs(at[axis]-float64(first)) > tolerance {
			return false
		}
	}
	return true
}

// take reads the slice's pixels, row by row, from the values of a box of size dim,
// the first index fastest, that holds all of the volume but what lies before plane
// first and after the box along the slices' axis.
func take[V any](l lattice, values []V, dim [3]int, first int) []V {
	stride := [3]int{1, dim[0], dim[0] * dim[1]}
	x, y := l.axis[0], l.axis[1]
	right, down, start := stride[x], stride[y], (l.plane-first)*stride[l.axis[2]]
	if l.back[0] {
		start, right = start+(dim[x]-1)*right, -right
	}
	if l.back[1] {
		start, down = start+(dim[y]-1)*down, -down
	}
	out := make([]V, 0, dim[x]*dim[y])
	for row := range dim[y] {
		for column := range dim[x] {
			out = append(out, values[start+row*down+column*right])
		}
	}
	return out
}

// axis finds the axis of the grid along which a direction runs, and its sign. Over
// n pixels it must not stray from it.
func (g *grid) axis(direction vector, spacing float64, n int) (axis, sign int, ok bool) {
	var step vector
	for i := range step {
		step[i] = dot(g.inverse[i], direction) * spacing
		if math.Abs(step[i]) > math.Abs(step[axis]) {
			axis = i
		}
	}
	sign = 1
	if step[axis] < 0 {
		sign = -1
	}
	for i, v := range step {
		if i == axis {
			v -= float64(sign)
		}
		if math.Abs(v)*float64(n) > tolerance {
			return 0, 0, false
		}
	}
	return axis, sign, true
}
