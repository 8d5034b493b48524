package ct

import (
	"encoding/json"
	"math"
	"os/exec"
	"path/filepath"
	"testing"
)

// niftiMaker writes volumes with nibabel into a folder and tells what nibabel
// reads from them.
const niftiMaker = `
import itertools, json, os, sys
import nibabel, numpy
from nibabel.nifti1 import Nifti1Image, Nifti1Pair
from nibabel.nifti2 import Nifti2Image

out, rng = [], numpy.random.default_rng(5)
size, shape = numpy.array([0.7, 0.8, 2.5]), (6, 5, 4)

def make(name, affine, dtype=numpy.int16, kind=Nifti1Image, order="<", forms=(1, 0), slope=None, shape=shape, pair=None, low=-1024, high=3000):
    info = numpy.iinfo(dtype) if numpy.issubdtype(dtype, numpy.integer) else None
    if info is not None:
        low, high = max(low, info.min), min(high, info.max)
    data = rng.integers(low, high, shape, endpoint=True).astype(dtype)
    if info is None:
        data += rng.random(shape).astype(dtype)
    n = kind(data, affine, kind.header_class(endianness=order))
    n.header.set_data_dtype(numpy.dtype(dtype).newbyteorder(order))
    if slope:
        n.header.set_slope_inter(*slope)
        n.header["scl_slope"], n.header["scl_inter"] = slope
    n.set_sform(affine if forms[0] else None, forms[0])
    n.set_qform(affine if forms[1] else None, forms[1])
    path = os.path.join(sys.argv[1], name)
    nibabel.save(n, path)
    if pair:
        path = os.path.join(sys.argv[1], pair)
    r = nibabel.load(path)
    place = r.affine
    if any(forms) and not forms[0]:
        # From quaternions of half turns nibabel reads its own rounding as a turn of 2e-4; what it was given is true.
        assert abs(place - affine).max() < 2e-3, name
        place = affine
    out.append({"name": name, "affine": place.tolist(), "shape": list(r.shape), "type": str(r.get_data_dtype()),
        "placed": any(forms), "values": r.get_fdata().flatten(order="F").tolist()})

def turned(matrix, spacing=size):
    a = numpy.eye(4)
    a[:3, :3] = matrix * spacing
    a[:3, 3] = rng.uniform(-300, 300, 3)
    return a

def rotation(angles):
    m = numpy.eye(3)
    for axis, angle in enumerate(angles):
        r = numpy.eye(3)
        i, j = [k for k in range(3) if k != axis]
        r[i, i] = r[j, j] = numpy.cos(angle)
        r[i, j], r[j, i] = -numpy.sin(angle), numpy.sin(angle)
        m = m @ r
    return m

plain = turned(numpy.diag([-1, 1, 1]))
for i, order in enumerate(itertools.permutations(range(3))):
    for j, signs in enumerate(itertools.product([1, -1], repeat=3)):
        name = "axes%d%d.nii" % (i, j) + (".gz" if j % 3 == 0 else "")
        make(name, turned(numpy.eye(3)[:, list(order)] * signs), forms=[(1, 0), (0, 1), (2, 1)][(i + j) % 3])
for i in range(12):
    signs = [[-1, 1, 1], [-1, -1, 1], [1, 1, -1]][i % 3]
    make("oblique%d.nii" % i, turned(rotation(rng.uniform(-0.6, 0.6, 3)) * signs), forms=[(1, 0), (0, 1)][i % 2])
tilted = plain.copy()
tilted[1, 2] = 0.9
make("tilted.nii", tilted)
make("tilted2.nii", tilted, kind=Nifti2Image)
for kind in [Nifti1Image, Nifti2Image]:
    for order in "<>":
        for dtype in ["int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "float32", "float64"]:
            name = "%s_%d_%s.nii" % (dtype, kind is Nifti2Image, "le" if order == "<" else "be") + (".gz" if dtype in ["uint16", "float64"] else "")
            make(name, plain, numpy.dtype(dtype).type, kind, order, forms=(0, 1) if dtype == "int8" else (1, 0))
make("scaled.nii", plain, slope=(0.5, -1024))
make("scaled_float.nii.gz", plain, numpy.float32, slope=(2, 100))
make("scaled_byte2.nii", plain, numpy.uint8, Nifti2Image, ">", slope=(16.3, -1000.25))
make("beyond.nii", plain, numpy.int32, low=-50000, high=70000)
make("neither.nii", plain, forms=(0, 0))
make("neither2.nii", plain, kind=Nifti2Image, forms=(0, 0))
make("one_volume.nii", plain, shape=(6, 5, 4, 1))
make("three_volumes.nii.gz", plain, shape=(6, 5, 4, 3))
make("five_axes.nii", plain, shape=(6, 5, 4, 2, 1))
make("flat.nii", plain, shape=(6, 5))
make("pair.img", plain, kind=Nifti1Pair, pair="pair.hdr")
json.dump(out, sys.stdout)
`

// niftiCase is a file and what nibabel says of it.
type niftiCase struct {
	Name, Type string
	Affine     [4][4]float64
	Shape      []int
	Placed     bool
	Values     []float64 // the first index grows first
}

func (c niftiCase) dim() (d [4]int) {
	d = [4]int{1, 1, 1, 1}
	copy(d[:], c.Shape)
	return d
}

// TestNIfTIEqualsNibabel opens every kind of NIfTI file and finds each voxel by
// its place in the patient: one that lies elsewhere, or twice, is found out.
func TestNIfTIEqualsNibabel(t *testing.T) {
	needPython(t, "nibabel")
	dir := t.TempDir()
	out, err := exec.Command(python, "-c", niftiMaker, dir).Output()
	if err != nil {
		t.Fatalf("nibabel: %v", err)
	}
	var cases []niftiCase
	if err := json.Unmarshal(out, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 110 {
		t.Fatalf("only %d cases", len(cases))
	}
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			found := openAll(t, filepath.Join(dir, c.Name))
			d := c.dim()
			if len(found.Series) != d[3] || len(found.LeftOut) > 0 {
				t.Fatalf("%d series, left out: %v", len(found.Series), found.LeftOut)
			}
			for v, s := range found.Series {
				volume := d[0] * d[1] * d[2]
				c.compare(t, s, c.Values[v*volume:][:volume], 1)
			}
		})
	}
}

// compare checks a series' size and orientation, and the places and values of
// one voxel of so many.
func (c niftiCase) compare(t *testing.T, s *Series, values []float64, every int) {
	d := c.dim()
	if s.Geometry.Known != c.Placed {
		t.Errorf("the place is known: %v", s.Geometry.Known)
	}
	if g := s.Geometry; g.Row[0] < 0.55 || g.Column[1] < 0.55 || g.Step[2] < 0.55*length(g.Step) {
		t.Errorf("not the right way up: %+v", g)
	}
	seen := map[int]bool{}
	for n := 0; n < len(values); n += every {
		x, y, k := n%s.Columns, n/s.Columns%s.Rows, n/s.Columns/s.Rows
		slice, err := s.Slice(k)
		if err != nil {
			t.Fatal(err)
		}
		off, index := nearest(c.Affine, s.Geometry.At(float64(x), float64(y), float64(k)))
		if length(off) > 1e-3 {
			t.Fatalf("pixel (%d, %d, %d) lies %v mm beside voxel %v", x, y, k, length(off), index)
		}
		i := index[0] + d[0]*(index[1]+d[1]*index[2])
		if seen[i] {
			t.Fatalf("voxel %v is shown twice", index)
		}
		seen[i] = true
		want := max(math.MinInt16, min(math.MaxInt16, math.Round(values[i])))
		if got := slice.HU[y*s.Columns+x]; float64(got) != want {
			t.Fatalf("voxel %v is %d, want %v", index, got, values[i])
		}
	}
	if s.Len()*s.Rows*s.Columns != len(values) {
		t.Fatalf("%d slices of %dx%d for %d voxels", s.Len(), s.Columns, s.Rows, len(values))
	}
}

// nearest finds the voxel at a place in LPS, and how far it is from it, by an
// affine to RAS.
func nearest(a [4][4]float64, lps [3]float64) (off [3]float64, index [3]int) {
	p := [3]float64{-lps[0] - a[0][3], -lps[1] - a[1][3], lps[2] - a[2][3]}
	column := func(c int) [3]float64 { return [3]float64{a[0][c], a[1][c], a[2][c]} }
	whole := dot(column(0), cross(column(1), column(2)))
	for c := range 3 {
		share := dot(p, cross(column((c+1)%3), column((c+2)%3))) / whole
		index[c] = int(math.Round(share))
	}
	for i := range off {
		off[i] = p[i]
		for c := range 3 {
			off[i] -= a[i][c] * float64(index[c])
		}
	}
	return off, index
}
