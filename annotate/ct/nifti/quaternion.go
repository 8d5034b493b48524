package nifti

import "math"

// quaternion is an affine's rotation as NIfTI's qform holds it: the parts b, c,
// d of a unit quaternion, the voxel's size, and the side, -1 where the third
// axis is turned around to make the axes right-handed.
type quaternion struct {
	b, c, d float64
	side    float64
	size    [3]float64
	exact   bool // the affine has no shear, so that the qform says the same
}

// shearTolerance is the cosine between axes above which they count as sheared.
const shearTolerance = 1e-4

// quaternionOf follows nifti_mat44_to_quatern of nifti1_io.c, for axes that are
// already at right angles.
func quaternionOf(m [4][4]float64) quaternion {
	q := quaternion{side: 1}
	var r [3][3]float64
	for j := range 3 {
		q.size[j] = math.Sqrt(m[0][j]*m[0][j] + m[1][j]*m[1][j] + m[2][j]*m[2][j])
		for i := range 3 {
			r[i][j] = m[i][j] / q.size[j]
		}
	}
	q.exact = true
	for i := range 3 {
		for j := i + 1; j < 3; j++ {
			cosine := r[0][i]*r[0][j] + r[1][i]*r[1][j] + r[2][i]*r[2][j]
			q.exact = q.exact && math.Abs(cosine) <= shearTolerance // false for NaN too
		}
	}
	determinant := r[0][0]*(r[1][1]*r[2][2]-r[1][2]*r[2][1]) -
		r[0][1]*(r[1][0]*r[2][2]-r[1][2]*r[2][0]) +
		r[0][2]*(r[1][0]*r[2][1]-r[1][1]*r[2][0])
	if determinant < 0 {
		q.side = -1
		for i := range 3 {
			r[i][2] = -r[i][2]
		}
	}
	q.rotate(r)
	return q
}

// rotate sets b, c and d from a rotation matrix. The largest part is found
// first, since the others are divided by it.
func (q *quaternion) rotate(r [3][3]float64) {
	trace := r[0][0] + r[1][1] + r[2][2] + 1
	if trace > 0.5 {
		a := math.Sqrt(trace) / 2
		q.b, q.c, q.d = (r[2][1]-r[1][2])/a/4, (r[0][2]-r[2][0])/a/4, (r[1][0]-r[0][1])/a/4
		return
	}
	x := 1 + r[0][0] - r[1][1] - r[2][2]
	y := 1 + r[1][1] - r[0][0] - r[2][2]
	z := 1 + r[2][2] - r[0][0] - r[1][1]
	var a float64
	switch {
	case x > 1:
		q.b = math.Sqrt(x) / 2
		q.c, q.d, a = (r[0][1]+r[1][0])/q.b/4, (r[0][2]+r[2][0])/q.b/4, (r[2][1]-r[1][2])/q.b/4
	case y > 1:
		q.c = math.Sqrt(y) / 2
		q.b, q.d, a = (r[0][1]+r[1][0])/q.c/4, (r[1][2]+r[2][1])/q.c/4, (r[0][2]-r[2][0])/q.c/4
	default:
		q.d = math.Sqrt(z) / 2
		q.b, q.c, a = (r[0][2]+r[2][0])/q.d/4, (r[1][2]+r[2][1])/q.d/4, (r[1][0]-r[0][1])/q.d/4
	}
	if a < 0 {
		q.b, q.c, q.d = -q.b, -q.c, -q.d
	}
}
