package ct

import (
	"math"
	"sort"
)

// Plane is a direction in which a series is cut at right angles to its slices.
type Plane uint8

// The planes: coronal and sagittal in an axial series.
const (
	AlongRows    Plane = iota // one row of every slice
	AlongColumns              // one column of every slice
)

// Reformat lays out the cuts of a series in one plane. The patient's head is on
// top; the right side is on the left of a coronal cut, and the front on the
// left of a sagittal one, as radiology shows them. It is undistorted: slices of
// a tilted gantry are shifted against each other, to the nearest cell, and
// where the distance between slices varies, rows show the nearest slice, or
// nothing in gaps. A Reformat is fixed once it is made.
type Reformat struct {
	W, H, Depth int     // pixels of a cut, and the number of cuts
	Aspect      float64 // height of a pixel over its width, in mm
	Row         float64 // height of a pixel in mm

	plane        Plane
	factor       float64
	volW, volH   int
	name         string
	letters      [4]string
	mirror, turn bool         // columns run against the slices' axis, rows against their normal
	along        []float64    // position of each slice on the normal, in rows
	order        []int        // the slices by that position
	drift        [][2]float64 // of each slice against the frame, in cells, never negative
	slices       []int        // shown by each row; -1: none lies near
	rows         [][2]int     // of each slice: the first, and the one after the last
}

const (
	maxReformatRows = 4096
	maxDrift        = 3 // times the picture's size; beyond that it's no gantry
)

// NewReformat lays out the cuts of a series through a volume of it.
func NewReformat(s *Series, v *Volume, p Plane) *Reformat {
	g := s.Geometry
	r := &Reformat{plane: p, factor: float64(v.Factor), volW: v.W, volH: v.H}
	z := r.measure(s)
	r.layRows(z, g)
	width, depth := r.extent()
	across, through, mm := g.Row, g.Column, g.Spacing[1]
	if p == AlongColumns {
		width, depth = depth, width
		across, through, mm = g.Column, g.Row, g.Spacing[0]
	}
	r.W, r.Depth = width, depth
	if !g.Known || !(mm > 0) {
		mm = 1
	}
	r.Aspect = r.Row / (mm * r.factor)
	r.orient(g, across, through)
	return r
}

// measure finds where each slice lies: on the normal, which it returns in mm,
// and how far it is shifted within the plane.
func (r *Reformat) measure(s *Series) []float64 {
	g := s.Geometry
	normal := g.Normal()
	z := make([]float64, s.Len())
	r.drift = make([][2]float64, s.Len())
	first := s.corner(0)
	for k := range z {
		c := s.corner(k)
		var d [3]float64
		for i := range d {
			d[i] = c[i] - first[i]
		}
		z[k] = dot(d, normal)
		r.drift[k] = [2]float64{dot(d, g.Row) / (g.Spacing[1] * r.factor), dot(d, g.Column) / (g.Spacing[0] * r.factor)}
	}
	if span := math.Abs(z[len(z)-1] - z[0]); !(span > 1e-6 && span < 1e9) { // also where it is no number
		for k := range z {
			z[k] = float64(k)
		}
	}
	r.levelDrift()
	return z
}

// levelDrift makes the least drift 0 and drops what can't be one.
func (r *Reformat) levelDrift() {
	for axis, size := range []int{r.volW, r.volH} {
		low, high := math.Inf(1), math.Inf(-1)
		for _, d := range r.drift {
			low, high = min(low, d[axis]), max(high, d[axis])
		}
		if !(high-low <= float64(maxDrift*size)) || high-low < 1e-3 {
			low, high = math.NaN(), math.NaN()
		}
		for k := range r.drift {
			r.drift[k][axis] = max(0, r.drift[k][axis]-low)
			if math.IsNaN(low) {
				r.drift[k][axis] = 0
			}
		}
	}
}

// extent is the size of the frame in which all slices lie, in cells.
func (r *Reformat) extent() (w, h int) {
	for _, d := range r.drift {
		w = max(w, r.volW+int(math.Ceil(d[0])))
		h = max(h, r.volH+int(math.Ceil(d[1])))
	}
	return w, h
}

// layRows chooses the rows' height and which slice each row shows.
func (r *Reformat) layRows(z []float64, g Geometry) {
	n := len(z)
	low, high := min(z[0], z[n-1]), max(z[0], z[n-1])
	r.Row = 1
	usual := math.Abs(g.Spacing[2])
	if n > 1 {
		var gaps []float64
		for k := 1; k < n; k++ {
			gaps = append(gaps, math.Abs(z[k]-z[k-1]))
		}
		usual = median(gaps)
		least, most := gaps[0], gaps[0]
		for _, d := range gaps {
			least, most = min(least, d), max(most, d)
		}
		r.Row = (high - low) / float64(n-1)
		if most-least > max(0.01*usual, 0.01) {
			r.Row = max(least, usual/8)
		}
		r.Row = max(r.Row, (high-low)/(maxReformatRows-1))
	}
	r.H = 1 + int(math.Round((high-low)/r.Row))
	r.along, r.order = make([]float64, n), make([]int, n)
	for k := range z {
		r.along[k], r.order[k] = (z[k]-low)/r.Row+0.5, k
	}
	sort.Slice(r.order, func(i, j int) bool { return r.along[r.order[i]] < r.along[r.order[j]] })
	r.slices, r.rows = make([]int, r.H), make([][2]int, n)
	for row := range r.slices {
		k := r.nearest(float64(row) + 0.5)
		if math.Abs(r.along[k]-float64(row)-0.5)*r.Row > max(0.75*usual, 0.51*r.Row) {
			k = -1
		}
		r.slices[row] = k
	}
}

// nearest is the slice nearest to a place on the normal, in rows.
func (r *Reformat) nearest(at float64) int {
	n := len(r.order)
	i := sort.Search(n, func(i int) bool { return r.along[r.order[i]] >= at })
	above, below := r.order[min(i, n-1)], r.order[max(i-1, 0)]
	if at-r.along[below] <= r.along[above]-at {
		return below
	}
	return above
}

// orient turns the cut so that the sides of the patient are where radiology has
// them, and names it and its edges.
func (r *Reformat) orient(g Geometry, across, through [3]float64) {
	up := g.Normal() // rows so far begin with the lowest place along it
	if g.Known {
		r.name = map[string]string{"A": "coronal", "P": "coronal", "L": "sagittal", "R": "sagittal", "S": "axial", "I": "axial"}[side(through, 1)]
		first := side(across, -1)
		r.mirror = first == "L" || first == "P" || first == "I"
		top := side(up, -1)
		r.turn = top == "I" || top == "P" || top == "L"
		x, y := 1.0, 1.0
		if r.mirror {
			x = -1
		}
		if r.turn {
			y = -1
		}
		r.letters = [4]string{side(across, -x), side(across, x), side(up, -y), side(up, y)}
	}
	if r.turn {
		for i, j := 0, r.H-1; i < j; i, j = i+1, j-1 {
			r.slices[i], r.slices[j] = r.slices[j], r.slices[i]
		}
	}
	for row := r.H - 1; row >= 0; row-- {
		if k := r.slices[row]; k >= 0 {
			r.rows[k][0] = row
			r.rows[k][1] = max(r.rows[k][1], row+1)
		}
	}
}

// Name is "coronal", "sagittal" or, of a series that is not axial, "axial";
// empty where the geometry is not known.
func (r *Reformat) Name() string { return r.name }

// Letters returns the side of the patient that each edge of a cut shows; empty
// where the geometry is not known.
func (r *Reformat) Letters() (left, right, top, bottom string) {
	return r.letters[0], r.letters[1], r.letters[2], r.letters[3]
}
