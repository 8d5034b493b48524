package ct

import "math"

// Geometry places a series in DICOM patient coordinates: millimetres, x to the
// patient's left, y to the back, z to the head (LPS; DICOM PS3.3 C.7.6.2.1.1).
type Geometry struct {
	Row, Column [3]float64 // unit directions in which the column index and the row index grow
	Origin      [3]float64 // centre of the first pixel of the first slice
	Step        [3]float64 // from one slice to the next; keeps the gantry's tilt
	Spacing     [3]float64 // mm between rows, between columns, between slices
	Uneven      bool       // slices are missing or shifted: Step does not hold for all of them
	Known       bool       // false for pictures, whose size and place nobody recorded
}

// unknownGeometry is what pictures get: indices as coordinates.
func unknownGeometry() Geometry {
	return Geometry{
		Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0},
		Step: [3]float64{0, 0, 1}, Spacing: [3]float64{1, 1, 1},
	}
}

// At returns the patient coordinates, in mm, of a position in index
// coordinates, in which whole numbers are the centres of pixels.
func (g Geometry) At(col, row, slice float64) [3]float64 {
	var p [3]float64
	for i := range p {
		p[i] = g.Origin[i] + g.Row[i]*g.Spacing[1]*col + g.Column[i]*g.Spacing[0]*row + g.Step[i]*slice
	}
	return p
}

// RAS returns the matrix from (column, row, slice) indices to millimetres with
// x to the patient's right, y to the front and z to the head negated where
// DICOM's axes point the other way: the affine of NIfTI, whose axes are right,
// anterior, superior.
func (g Geometry) RAS() [4][4]float64 {
	var m [4][4]float64
	for i := range 3 {
		f := 1.0
		if i < 2 {
			f = -1
		}
		m[i] = [4]float64{f * g.Row[i] * g.Spacing[1], f * g.Column[i] * g.Spacing[0], f * g.Step[i], f * g.Origin[i]}
	}
	m[3][3] = 1
	return m
}

// Normal returns the unit vector at right angles to the slices, pointing to the
// side that follows from Row and Column by the right-hand rule.
func (g Geometry) Normal() [3]float64 { return cross(g.Row, g.Column) }

// Letters returns the side of the patient that each edge of the picture shows:
// R, L, A, P, and S, I in reformats. All are empty where the geometry is not
// known.
func (g Geometry) Letters() (left, right, top, bottom string) {
	if !g.Known {
		return "", "", "", ""
	}
	return side(g.Row, -1), side(g.Row, 1), side(g.Column, -1), side(g.Column, 1)
}

// side names the patient's side that lies in direction sign*v.
func side(v [3]float64, sign float64) string {
	names := [3][2]string{{"R", "L"}, {"A", "P"}, {"I", "S"}}
	axis := 0
	for i := range v {
		if math.Abs(v[i]) > math.Abs(v[axis]) {
			axis = i
		}
	}
	if sign*v[axis] < 0 {
		return names[axis][0]
	}
	return names[axis][1]
}

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func length(a [3]float64) float64 { return math.Sqrt(dot(a, a)) }
