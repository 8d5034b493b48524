package nifti

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python is where Debian's python3-nibabel, the judge, is installed.
const python = "/usr/bin/python3"

const judge = `
import json, sys, nibabel
out = []
for path in sys.argv[1:]:
    n = nibabel.load(path)
    h = n.header
    q = h.get_qform()
    out.append({"shape": list(n.shape), "affine": n.affine.tolist(),
        "sform": int(h["sform_code"]), "qform": int(h["qform_code"]), "quaternion": q.tolist(),
        "zooms": [float(z) for z in h.get_zooms()],
        "units": h.get_xyzt_units()[0], "type": str(h.get_data_dtype()),
        "values": n.get_fdata().flatten(order="F").tolist()})
json.dump(out, sys.stdout)
`

type verdict struct {
	Shape        []int
	Affine       [4][4]float64
	Sform, Qform int
	Quaternion   [4][4]float64
	Zooms        []float64
	Units, Type  string
	Values       []float64
}

func far(a, b [4][4]float64) (d float64) {
	for i := range a {
		for j := range a[i] {
			d = max(d, math.Abs(a[i][j]-b[i][j]))
		}
	}
	return d
}

// rotated is an affine with voxels of 0.7x0.8x2.5 mm, turned about two axes.
func rotated(turn, tip float64) [4][4]float64 {
	s, c := math.Sincos(turn)
	u, v := math.Sincos(tip)
	return [4][4]float64{
		{-0.7 * c, 0.8 * s * v, 2.5 * s * u, 12.5},
		{-0.7 * s, -0.8 * c * v, -2.5 * c * u, -40},
		{0, -0.8 * u, 2.5 * v, 300},
		{0, 0, 0, 1},
	}
}

func TestNibabelReadsTheSame(t *testing.T) {
	if err := exec.Command(python, "-c", "import nibabel").Run(); err != nil {
		t.Skip("python3-nibabel, the judge of this test, is not installed")
	}
	sheared := rotated(0, 0)
	sheared[1][2] = 0.9
	mirrored := rotated(0.3, 0.2)
	for i := range 3 {
		mirrored[i][2] = -mirrored[i][2]
	}
	cases := []struct {
		name   string
		affine [4][4]float64
		placed bool
		qform  int
	}{
		{"axial", rotated(0, 0), true, 1},
		{"oblique", rotated(0.4, -0.3), true, 1},
		{"upside down", rotated(3, 0.1), true, 1},
		{"on its side", rotated(1.5, 3), true, 1},
		{"mirrored", mirrored, true, 1},
		{"sheared", sheared, true, 0},
		{"not placed", rotated(0, 0), false, 0},
	}
	const w, h, n = 5, 4, 3
	value := func(k, i int) int16 { return int16(k*7001 - i*1511) }
	dir := t.TempDir()
	args := []string{"-c", judge}
	for i, c := range cases {
		write, name := Write, ".nii"
		if i%2 == 1 {
			write, name = WriteGzip, ".nii.gz"
		}
		var b bytes.Buffer
		err := write(&b, Header{Dim: [3]int{w, h, n}, Affine: c.affine, Placed: c.placed, Description: c.name}, func(k int) ([]int16, error) {
			s := make([]int16, w*h)
			for i := range s {
				s[i] = value(k, i)
			}
			return s, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, strings.ReplaceAll(c.name, " ", "_")+name)
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		args = append(args, path)
	}
	out, err := exec.Command(python, args...).Output()
	if err != nil {
		t.Fatalf("nibabel refuses a file: %v", err)
	}
	var got []verdict
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	for i, c := range cases {
		v := got[i]
		if v.Type != "int16" || v.Units != "mm" || len(v.Shape) != 3 || v.Shape[0] != w || v.Shape[1] != h || v.Shape[2] != n {
			t.Errorf("%s: type %s, unit %s, shape %v", c.name, v.Type, v.Units, v.Shape)
		}
		if math.Abs(v.Zooms[0]-0.7) > 1e-5 && c.name != "sheared" || math.Abs(v.Zooms[1]-0.8) > 1e-5 {
			t.Errorf("%s: voxels of %v mm", c.name, v.Zooms)
		}
		if v.Qform != c.qform || v.Sform != 1 && c.placed {
			t.Errorf("%s: qform %d and sform %d", c.name, v.Qform, v.Sform)
		}
		if c.placed && far(v.Affine, c.affine) > 1e-4 {
			t.Errorf("%s: affine %v, want %v", c.name, v.Affine, c.affine)
		}
		if v.Qform == 1 && far(v.Quaternion, c.affine) > 1e-3 {
			t.Errorf("%s: the qform says %v, want %v", c.name, v.Quaternion, c.affine)
		}
		for p, x := range v.Values {
			if x != float64(value(p/(w*h), p%(w*h))) {
				t.Errorf("%s: voxel %d is %v", c.name, p, x)
				break
			}
		}
	}
}

func TestWriteErrors(t *testing.T) {
	lost := errors.New("lost")
	ok := Header{Dim: [3]int{2, 2, 1}, Affine: rotated(0, 0), Placed: true}
	cases := []struct {
		name   string
		header Header
		slice  func(int) ([]int16, error)
		want   string
	}{
		{"too large", Header{Dim: [3]int{40000, 2, 1}}, nil, "does not fit"},
		{"empty", Header{}, nil, "does not fit"},
		{"short slice", ok, func(int) ([]int16, error) { return make([]int16, 3), nil }, "3 values instead of 4"},
		{"no slice", ok, func(int) ([]int16, error) { return nil, lost }, "lost"},
	}
	for _, c := range cases {
		err := Write(&bytes.Buffer{}, c.header, c.slice)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}
