package nifti

import (
	"errors"
	"math"
)

// unitMM is how many mm the length unit of a header's code is; a header without
// one means mm.
var unitMM = map[int]float64{1: 1000, 2: 1, 3: 0.001}

// readAffine takes the sform where there is one, else the qform, else the voxel
// sizes, as nifti1.h and nibabel do.
func (m *Image) readAffine(f fields, at layout) error {
	sform, qform, unit := f.short(at.sform), f.short(at.qform), int(f.b[at.units])
	if f.wide {
		sform, qform, unit = f.int(at.sform), f.int(at.qform), f.int(at.units)
	}
	mm, ok := unitMM[unit&7]
	if !ok {
		mm = 1
	}
	var pixdim [4]float64
	for i := range pixdim {
		pixdim[i] = f.real(at.pixdim, i)
	}
	m.Placed = true
	switch {
	case sform > 0:
		for r := range 3 {
			for c := range 4 {
				m.Affine[r][c] = f.real(at.rows, 4*r+c)
			}
		}
	case qform > 0:
		m.Affine = fromQuaternion(f, at, pixdim)
	default:
		m.Affine = m.oldest(pixdim)
		m.Placed = false
	}
	for r := range 3 {
		for c := range 4 {
			m.Affine[r][c] *= mm
		}
	}
	m.Affine[3] = [4]float64{0, 0, 0, 1}
	return m.checkAffine()
}

// oldest is method 1 of nifti1.h, for files that do not say how they lie: the
// axes are those of the patient, with x to the left as in nibabel, and the
// volume's middle is the origin.
func (m *Image) oldest(pixdim [4]float64) (a [4][4]float64) {
	for i := range 3 {
		size := math.Abs(pixdim[i+1])
		if size == 0 || !finite(size) {
			size = 1
		}
		if i == 0 {
			size = -size
		}
		a[i][i] = size
		a[i][3] = -size * float64(m.Dim[i]-1) / 2
	}
	return a
}

// fromQuaternion follows nifti_quatern_to_mat44 of nifti1_io.c, which, unlike
// nibabel, takes a first part that is 0 but for rounding for 0.
func fromQuaternion(f fields, at layout, pixdim [4]float64) (m [4][4]float64) {
	b, c, d := f.real(at.quaternion, 0), f.real(at.quaternion, 1), f.real(at.quaternion, 2)
	a := 1 - (b*b + c*c + d*d)
	if a < 1e-7 {
		n := 1 / math.Sqrt(b*b+c*c+d*d)
		a, b, c, d = 0, b*n, c*n, d*n
	} else {
		a = math.Sqrt(a)
	}
	x, y, z := pixdim[1], pixdim[2], pixdim[3]
	if pixdim[0] < 0 {
		z = -z
	}
	return [4][4]float64{
		{(a*a + b*b - c*c - d*d) * x, 2 * (b*c - a*d) * y, 2 * (b*d + a*c) * z, f.real(at.origin, 0)},
		{2 * (b*c + a*d) * x, (a*a + c*c - b*b - d*d) * y, 2 * (c*d - a*b) * z, f.real(at.origin, 1)},
		{2 * (b*d - a*c) * x, 2 * (c*d + a*b) * y, (a*a + d*d - b*b - c*c) * z, f.real(at.origin, 2)},
	}
}

// flat is the volume of a box of unit edges along the axes below which they
// count as lying in one plane.
const flat = 1e-3

// checkAffine refuses affines that place no voxel or all in one plane.
func (m *Image) checkAffine() error {
	a := m.Affine
	var size [3]float64
	for c := range 3 {
		for r := range 3 {
			size[c] += a[r][c] * a[r][c]
		}
		size[c] = math.Sqrt(size[c])
	}
	determinant := a[0][0]*(a[1][1]*a[2][2]-a[1][2]*a[2][1]) -
		a[0][1]*(a[1][0]*a[2][2]-a[1][2]*a[2][0]) +
		a[0][2]*(a[1][0]*a[2][1]-a[1][1]*a[2][0])
	box := math.Abs(determinant) / (size[0] * size[1] * size[2])
	if !(box >= flat) || !finite(determinant) || !finite(a[0][3]+a[1][3]+a[2][3]) {
		return errors.New("the NIfTI header's affine, which places the voxels in the patient, is not usable")
	}
	return nil
}
