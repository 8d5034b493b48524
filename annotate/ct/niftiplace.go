package ct

import (
	"fmt"
	"math"

	"groundglass/annotate/ct/nifti"
)

// placing says how a stored volume is turned for display, by exchange and
// reversal of its axes alone, so that columns run to the patient's left, rows to
// the back and slices to the head, as nearly as its axes allow. All arrays are
// in this order: columns, rows, slices.
type placing struct {
	axis [3]int  // the stored axis that becomes it
	flip [3]bool // it runs backwards
	size [3]int
}

// orders are the ways to exchange three axes, the plain one first.
var orders = [][3]int{{0, 1, 2}, {1, 0, 2}, {0, 2, 1}, {2, 1, 0}, {1, 2, 0}, {2, 0, 1}}

// wanted is the sign, in NIfTI's right-anterior-superior axes, of the direction
// of columns, rows and slices.
var wanted = [3]float64{-1, -1, 1}

// orient finds the placing whose axes are nearest to the patient's.
func orient(m *nifti.Image) (p placing) {
	var cosine [3][3]float64 // of patient axis and stored axis
	for a := range 3 {
		n := math.Hypot(math.Hypot(m.Affine[0][a], m.Affine[1][a]), m.Affine[2][a])
		for w := range 3 {
			cosine[w][a] = m.Affine[w][a] / n
		}
	}
	best := 0.0
	for _, order := range orders {
		fit := 0.0
		for w, a := range order {
			fit += math.Abs(cosine[w][a])
		}
		if fit > best+1e-6 {
			best, p.axis = fit, order
		}
	}
	for w, a := range p.axis {
		p.flip[w] = cosine[w][a]*wanted[w] < 0
		p.size[w] = m.Dim[a]
	}
	return p
}

// stored is the index along the stored axis of an index along axis w.
func (p placing) stored(w, i int) int {
	if p.flip[w] {
		return p.size[w] - 1 - i
	}
	return i
}

// geometry places the turned volume.
func (p placing) geometry(m *nifti.Image) Geometry {
	lps := func(v [3]float64) [3]float64 { return [3]float64{0 - v[0], 0 - v[1], v[2]} }
	origin := [3]float64{m.Affine[0][3], m.Affine[1][3], m.Affine[2][3]}
	var edge [3][3]float64
	for w, a := range p.axis {
		sign := 1.0
		if p.flip[w] {
			sign = -1
		}
		for i := range 3 {
			edge[w][i] = 0 + sign*m.Affine[i][a]
			origin[i] += m.Affine[i][a] * float64(p.stored(w, 0))
		}
	}
	g := Geometry{Origin: lps(origin), Step: lps(edge[2]), Known: m.Placed}
	g.Row, g.Spacing[1] = direction(lps(edge[0]))
	g.Column, g.Spacing[0] = direction(lps(edge[1]))
	normal, _ := direction(g.Normal())
	g.Spacing[2] = math.Abs(dot(g.Step, normal))
	return g
}

// direction splits a vector into its direction and its length.
func direction(v [3]float64) ([3]float64, float64) {
	n := length(v)
	for i := range v {
		v[i] /= n
	}
	return v, n
}

// tolerable is the angle, in degrees, up to which axes count as at right angles.
const tolerable = 0.1

// placeWarnings says what is odd about a volume's place.
func placeWarnings(g Geometry) (w []string) {
	if !g.Known {
		w = append(w, fmt.Sprintf("the file does not say how it lies in the patient: it is shown as such files usually lie, and left and right may be exchanged; its voxels are %.4g x %.4g x %.4g mm",
			g.Spacing[0], g.Spacing[1], g.Spacing[2]))
	}
	degrees := func(cosine float64) float64 { return math.Acos(max(-1, min(1, cosine))) * 180 / math.Pi }
	if skew := math.Abs(90 - degrees(dot(g.Row, g.Column))); skew > tolerable {
		w = append(w, fmt.Sprintf("the pixels are slanted by %.1f degrees: lengths and areas measured in a slice are not right", skew))
	}
	normal, _ := direction(g.Normal())
	if slant := degrees(math.Abs(dot(g.Step, normal)) / length(g.Step)); slant > tolerable {
		w = append(w, fmt.Sprintf("the slices are stacked at a slant of %.1f degrees, as with a tilted gantry", slant))
	}
	return w
}
