package ct_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/ct/phantom"
)

// placeJudge says what nibabel reads from NIfTI files: the affine, and the
// values of every 997th voxel, the first index growing first.
const placeJudge = `
import json, sys
import nibabel, numpy
out = []
for path in sys.argv[1:]:
    n = nibabel.load(path)
    out.append({"affine": n.affine.tolist(), "shape": list(n.shape),
        "values": numpy.asanyarray(n.dataobj).flatten(order="F")[::997].astype(float).tolist()})
json.dump(out, sys.stdout)
`

// judged is a volume as nibabel reads it.
type judged struct {
	Affine [4][4]float64 // to RAS
	Shape  []int
	Values []float64
}

// slanted writes a series of random values whose slices lie as the direction
// cosines of rows and columns say.
func slanted(t *testing.T, row, column [3]float64) string {
	const w, h, n, gap = 24, 20, 9, 2.5
	dir := t.TempDir()
	normal := [3]float64{row[1]*column[2] - row[2]*column[1], row[2]*column[0] - row[0]*column[2], row[0]*column[1] - row[1]*column[0]}
	for k := range n {
		pixels := make([]uint16, w*h)
		for i := range pixels {
			pixels[i] = uint16((i*7919 + k*104729) % 4000)
		}
		d := dicomtest.CT(w, h, 0, pixels)
		at := [3]float64{-31.5, 12.25, 80}
		for i := range at {
			at[i] += gap * float64(k) * normal[i]
		}
		d.Set(0x00200032, "DS", fmt.Sprintf(`%.9f\%.9f\%.9f`, at[0], at[1], at[2]))
		d.Set(0x00200037, "DS", fmt.Sprintf(`%.12f\%.12f\%.12f\%.12f\%.12f\%.12f`, row[0], row[1], row[2], column[0], column[1], column[2]))
		d.Set(0x00200013, "IS", fmt.Sprint(k+1))
		d.Set(0x00180050, "DS", fmt.Sprint(gap))
		d.Set(0x00080070, "LO", "SIEMENS")
		ct.WriteFile(t, filepath.Join(dir, fmt.Sprintf("%d.dcm", k)), dicomtest.Write(dicomtest.ExplicitLittle, d))
	}
	return dir
}

// TestPlacesEqualDcm2niix compares the corners, and voxels between them, of
// straight series: as ct has them, as convert writes them, and as dcm2niix
// converts the same files, whose result is opened again too.
func TestPlacesEqualDcm2niix(t *testing.T) {
	ct.NeedPython(t, "nibabel")
	if _, err := exec.LookPath("dcm2niix"); err != nil {
		t.Skip("dcm2niix, the judge of this test, is not installed")
	}
	s, c := math.Sincos(0.3)
	cases := map[string]func(t *testing.T) string{
		"phantom": func(t *testing.T) string {
			dir := t.TempDir()
			if err := phantom.New(phantom.Options{Size: 64, Slices: 12}).WriteDICOM(context.Background(), dir, nil); err != nil {
				t.Fatal(err)
			}
			return dir
		},
		"prone":    func(t *testing.T) string { return slanted(t, [3]float64{-1, 0, 0}, [3]float64{0, -1, 0}) },
		"mirrored": func(t *testing.T) string { return slanted(t, [3]float64{-1, 0, 0}, [3]float64{0, 1, 0}) },
		"coronal":  func(t *testing.T) string { return slanted(t, [3]float64{1, 0, 0}, [3]float64{0, 0, -1}) },
		"sagittal": func(t *testing.T) string { return slanted(t, [3]float64{0, 1, 0}, [3]float64{0, 0, -1}) },
		"oblique":  func(t *testing.T) string { return slanted(t, [3]float64{c, 0, -s}, [3]float64{s * s, c, s * c}) },
	}
	t.Run("real data", func(t *testing.T) {
		chest := filepath.Join(ct.SharedData(t), "chest")
		cases["chest"] = func(t *testing.T) string { return chest }
	})
	out := t.TempDir()
	args := []string{"-c", placeJudge}
	names, series := slices.Sorted(maps.Keys(cases)), map[string]*ct.Series{}
	for _, name := range names {
		dir := cases[name](t)
		series[name] = only(t, dir)
		var b bytes.Buffer
		if err := series[name].WriteNIfTI(context.Background(), &b, false, nil); err != nil {
			t.Fatal(err)
		}
		ours := filepath.Join(out, name+"_ours.nii")
		ct.WriteFile(t, ours, b.Bytes())
		if text, err := exec.Command("dcm2niix", "-z", "n", "-b", "n", "-f", name, "-o", out, dir).CombinedOutput(); err != nil {
			t.Fatalf("%s: dcm2niix: %v\n%s", name, err, text)
		}
		args = append(args, ours, filepath.Join(out, name+".nii"))
	}
	text, err := exec.Command(ct.Python, args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var judge []judged
	if err := json.Unmarshal(text, &judge); err != nil {
		t.Fatal(err)
	}
	for i, name := range names {
		ours, theirs := judge[2*i], judge[2*i+1]
		t.Run(name, func(t *testing.T) {
			t.Logf("corners within %.1g mm in our file, %.1g mm in dcm2niix's, %.1g mm in that opened again",
				ours.compare(t, "our file", series[name]), theirs.compare(t, "dcm2niix", series[name]),
				theirs.compare(t, "dcm2niix's file opened again", only(t, filepath.Join(out, name+".nii"))))
		})
	}
}

func only(t *testing.T, path string) *ct.Series {
	t.Helper()
	found, err := ct.Open(context.Background(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Series) != 1 {
		t.Fatalf("%d series, left out: %v", len(found.Series), found.LeftOut)
	}
	return found.Series[0]
}

// compare returns how far the corners of a series lie from those of the volume
// at most, and checks that every 997th voxel has its value in the series.
func (j judged) compare(t *testing.T, who string, s *ct.Series) (far float64) {
	t.Helper()
	size := [3]int{s.Columns, s.Rows, s.Len()}
	sorted := slices.Sorted(slices.Values(size[:]))
	if !slices.Equal(slices.Sorted(slices.Values(j.Shape)), sorted) {
		t.Fatalf("%s: a volume of %v for a series of %v", who, j.Shape, size)
	}
	for corner := range 8 {
		var at [3]float64
		for a := range at {
			at[a] = float64(corner >> a & 1 * (size[a] - 1))
		}
		off, index := ct.Nearest(j.Affine, s.Geometry.At(at[0], at[1], at[2]))
		for a, i := range index {
			if i != 0 && i != j.Shape[a]-1 {
				t.Errorf("%s: corner %v is voxel %v", who, at, index)
			}
		}
		far = max(far, math.Hypot(math.Hypot(off[0], off[1]), off[2]))
	}
	if far > 1e-3 {
		t.Errorf("%s: corners lie up to %v mm apart", who, far)
	}
	ras := s.Geometry.RAS()
	for n, want := range j.Values {
		var p [3]float64
		i := n * 997
		v := [3]int{i % j.Shape[0], i / j.Shape[0] % j.Shape[1], i / j.Shape[0] / j.Shape[1]}
		for r := range p {
			p[r] = j.Affine[r][3]
			for a := range v {
				p[r] += j.Affine[r][a] * float64(v[a])
			}
		}
		_, index := ct.Nearest(ras, [3]float64{-p[0], -p[1], p[2]})
		slice, err := s.Slice(index[2])
		if err != nil {
			t.Fatal(err)
		}
		if got := slice.HU[index[1]*s.Columns+index[0]]; float64(got) != want {
			t.Fatalf("%s: voxel %v, ours %v, is %d, want %v", who, v, index, got, want)
		}
	}
	return far
}
