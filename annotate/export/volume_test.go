package export

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/nifti"
	"groundglass/annotate/killtest"
)

// volumePresets are those that write a volume a case.
var volumePresets = []Preset{nnunetPreset, decathlonPreset, niftiPreset, medsegPreset, probabilityPreset}

// Labels come back to the series that they are of, with the affine and by it alone.
func TestVolumesComeBack(t *testing.T) {
	s := newStatesSession()
	for _, p := range []Preset{nnunetPreset, nnunet2DPreset, decathlonPreset, niftiPreset, medsegPreset} {
		for _, kept := range []bool{true, false} {
			set, o := One(input(s), "groundglass test", ""), Options{}
			if set.Cases[0] = "p1"; !kept {
				o.Identity = anonymous()
			}
			dir, _ := mustWrite(t, p, set, o)
			in := imported(t, s, dir)
			for i := range s.Series().Len() {
				want := s.Mask(i).Label
				if p.Name == "nnunet2d" && i > 2 { // rejected, and new
					want = make([]uint8, len(want))
				}
				if !slices.Equal(in.Plane(i), want) {
					t.Errorf("%s, identity kept %t: slice %d comes back with other labels", p.Name, kept, i+1)
				}
			}
		}
	}
}

// A series of pictures, which nobody placed, comes back as it was.
func TestVolumesOfPictures(t *testing.T) {
	s := newTestSession()
	for _, p := range []Preset{nnunetPreset, decathlonPreset, niftiPreset} {
		dir, _ := mustWrite(t, p, One(input(s), "groundglass test", ""), Options{Images: true})
		in := imported(t, s, dir)
		for i := range s.Series().Len() {
			if !slices.Equal(in.Plane(i), s.Mask(i).Label) {
				t.Errorf("%s: slice %d comes back with other labels", p.Name, i+1)
			}
		}
	}
}

func TestNNUNetLayout(t *testing.T) {
	dir, _ := mustWrite(t, nnunetPreset, twoPatients(t), Options{Name: "Lungs é", Folds: 2})
	for name, want := range map[string]string{"Dataset7_x": "Dataset007_x", "Dataset12_a-b": "Dataset012_a_b", "Dataset7_": "Dataset500_Dataset7_", "Dataset1234_x": "Dataset500_Dataset1234_x"} {
		if got := nnunetFolder(name); got != want {
			t.Errorf("%s is called %s", name, got)
		}
	}
	folder := "Dataset500_" + strings.ReplaceAll(plainID("Lungs é"), "-", "_")
	var want []string
	for _, id := range []string{plainID("a.b"), "c", "d"} {
		want = append(want, folder+"/imagesTr/"+id+"_0000.nii.gz", folder+"/labelsTr/"+id+".nii.gz")
	}
	wantFiles(t, dir, append(want, folder+"/dataset.json", folder+"/splits_final.json", "manifest.json",
		"groundglass/a.b.json", "groundglass/c.json", "groundglass/d.json")...)
	var d description
	if err := json.Unmarshal(read(t, filepath.Join(dir, folder, "dataset.json")), &d); err != nil {
		t.Fatal(err)
	}
	if d.Training != 3 || d.Labels["background"] != 0 || d.Labels["Consolidation"] != 2 || d.Channels["0"] != "CT" {
		t.Errorf("dataset.json says %+v", d)
	}
	var split []fold
	if err := json.Unmarshal(read(t, filepath.Join(dir, folder, "splits_final.json")), &split); err != nil {
		t.Fatal(err)
	}
	if len(split) != 2 || !slices.ContainsFunc(split, func(f fold) bool { return slices.Equal(f.Val, []string{"c", "d"}) }) {
		t.Errorf("the folds are %+v", split)
	}
	dir, _ = mustWrite(t, nnunet2DPreset, twoPatients(t), Options{Name: "Dataset123_GGO"})
	if n := len(listing(t, filepath.Join(dir, "Dataset123_GGO/labelsTr"))); n != 9 {
		t.Errorf("there are %d labels of the slices that were looked at", n)
	}
}

// Hounsfield units are kept exactly, and so are probabilities, in steps of 1/255.
func TestVolumesHoldWhatTheyAreOf(t *testing.T) {
	s := newStatesSession()
	dir, _ := mustWrite(t, niftiPreset, One(input(s), "groundglass test", ""), Options{Images: true})
	open := func(dir string) *Reader {
		m, c := oneCase(t, dir)
		return newReader(dir, m, c)
	}
	r := open(dir)
	defer r.close()
	hu, err := r.openVolume(r.Files(KindImage)[0])
	if err != nil {
		t.Fatal(err)
	}
	dir, _ = mustWrite(t, probabilityPreset, One(input(s), "groundglass test", ""), Options{})
	q := open(dir)
	defer q.close()
	prob, err := q.openVolume(q.Files(KindProbability)[0])
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Series().Len() {
		want, _ := s.Series().Slice(i)
		got, err := hu(i)
		if err != nil {
			t.Fatal(err)
		}
		p, err := prob(i)
		if err != nil {
			t.Fatal(err)
		}
		for k := range got {
			if got[k] != float64(want.HU[k]) {
				t.Fatalf("slice %d, pixel %d: %g HU, not %d", i+1, k, got[k], want.HU[k])
			}
			given := 0.
			if m := s.Probability(i); m != nil {
				given = float64(m[k]) / 255
			}
			if d := p[k] - given; d > 1e-6 || d < -1e-6 {
				t.Fatalf("slice %d, pixel %d: probability %g, not %g", i+1, k, p[k], given)
			}
		}
	}
}

// rewritten changes a volume of labels of the first case: its header, or its values.
func rewritten(kind string, change func(h *nifti.Header, planes [][]uint8)) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, cases []*CaseEntry) {
		r := newReader(dir, &Manifest{}, cases[0])
		defer r.close()
		f := r.Files(kind)[0]
		plane, err := r.planes8(f)
		if err != nil {
			t.Fatal(err)
		}
		s := cases[0].Series
		h := nifti.Header{Dim: [3]int{s.Columns, s.Rows, len(cases[0].Slices)}, Affine: *s.Affine, Placed: true}
		var planes [][]uint8
		for i := range cases[0].Slices {
			p, err := plane(i)
			if err != nil {
				t.Fatal(err)
			}
			planes = append(planes, p)
		}
		change(&h, planes)
		var b bytes.Buffer
		if err := nifti.WriteBytesGzip(&b, h, func(k int) ([]uint8, error) { return planes[k], nil }); err != nil {
			t.Fatal(err)
		}
		write(t, r.Path(f), b.Bytes())
	}
}

// rewritten16 changes the values of a volume of Hounsfield units of the first case.
func rewritten16(kind string, change func(hu []int16)) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, cases []*CaseEntry) {
		r := newReader(dir, &Manifest{}, cases[0])
		defer r.close()
		f := r.Files(kind)[0]
		slice, err := r.openVolume(f)
		if err != nil {
			t.Fatal(err)
		}
		s := cases[0].Series
		var b bytes.Buffer
		h := nifti.Header{Dim: [3]int{s.Columns, s.Rows, len(cases[0].Slices)}, Affine: *s.Affine, Placed: true}
		err = nifti.WriteGzip(&b, h, func(k int) ([]int16, error) {
			values, err := slice(k)
			hu := make([]int16, len(values))
			for i, v := range values {
				hu[i] = int16(v)
			}
			change(hu)
			return hu, err
		})
		if err != nil {
			t.Fatal(err)
		}
		write(t, r.Path(f), b.Bytes())
	}
}

// nnU-Net would divide several cases of one patient by case, and keeps some names.
func TestNNUNetOfOnePatient(t *testing.T) {
	set := twoPatients(t)
	open := set.Open
	set.Patients = nil
	set.Open = func(k int) (*Case, func(), error) {
		c, closed, err := open(k)
		c.Patient = "P1"
		return c, closed, err
	}
	_, r := mustWrite(t, nnunetPreset, set, Options{})
	if !strings.Contains(strings.Join(r.Remarks, "\n"), "All is of one patient") {
		t.Errorf("it remarks %q", r.Remarks)
	}
	set.Labels = append([]annotate.Label(nil), set.Labels...)
	set.Labels[0].Name = "Background"
	if _, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), nnunetPreset, set, Options{}, nil); err == nil || !strings.Contains(err.Error(), "takes no label of the name") {
		t.Errorf("a label named background: %v", err)
	}
}

// edited replaces text in a file.
func edited(name, from, to string) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		path := filepath.Join(dir, name)
		data := read(t, path)
		changed := bytes.Replace(data, []byte(from), []byte(to), 1)
		if bytes.Equal(data, changed) {
			t.Fatalf("%s has no %q", name, from)
		}
		write(t, path, changed)
	}
}

func TestVerifyVolumes(t *testing.T) {
	labels := "Dataset500_Groundglass/labelsTr/" + plainID("a.b") + ".nii.gz"
	wantFound(t, nnunetPreset, twoPatients(t), Options{Folds: 2}, []corruption{
		{"wrong spacing", rewritten(KindMask, func(h *nifti.Header, _ [][]uint8) { h.Affine[0][0] *= 1.01 }), "lies elsewhere than the series"},
		{"moved by a slice", rewritten(KindMask, func(h *nifti.Header, _ [][]uint8) { h.Affine[2][3] += 5 }), "lies elsewhere than the series"},
		{"not placed", rewritten(KindMask, func(h *nifti.Header, _ [][]uint8) { h.Placed = false }), "does not say how it lies"},
		{"slices in reverse", rewritten(KindMask, func(_ *nifti.Header, p [][]uint8) { slices.Reverse(p) }), "the mask of slice 1 is that of slice 5"},
		{"a slice mirrored", rewritten(KindMask, func(_ *nifti.Header, p [][]uint8) {
			p[1] = rearranged(p[1], testW, testH, func(x, y int) (int, int) { return testW - 1 - x, y })
		}), "the mask of slice 2 is mirrored left to right"},
		{"labels exchanged", rewritten(KindMask, func(_ *nifti.Header, p [][]uint8) {
			for k, v := range p[0] {
				p[0][k] = []uint8{0, 2, 1}[v]
			}
		}), "pixels of the value 1 where the manifest says"},
		{"one voxel", rewritten(KindMask, func(_ *nifti.Header, p [][]uint8) { p[4][0] = 3 }), "the mask of slice 5 has 1 pixels of the value 3"},
		{"a slice less", rewritten(KindMask, func(h *nifti.Header, _ [][]uint8) { h.Dim[2]-- }), "voxels in place of"},
		{"image and labels swapped", exchanged(labels, strings.Replace(strings.Replace(labels, "labelsTr", "imagesTr", 1), ".nii", "_0000.nii", 1)), "which is no label"},
		{"a value that is no label", rewritten(KindMask, func(_ *nifti.Header, p [][]uint8) { p[2][3] = 200 }), "the mask of slice 3 has"},
		{"number of cases", edited("Dataset500_Groundglass/dataset.json", `"numTraining": 3`, `"numTraining": 4`), "dataset.json is not what follows from the cases"},
		{"label renumbered", edited("Dataset500_Groundglass/dataset.json", `"Consolidation": 2`, `"Consolidation": 3`), "dataset.json is not what follows from the cases"},
		{"patient on both sides", edited("Dataset500_Groundglass/splits_final.json", `"c"`, `"d"`), "splits_final.json is not what follows from the cases"},
		{"a stranger", func(t *testing.T, dir string, _ []*CaseEntry) {
			write(t, filepath.Join(dir, "Dataset500_Groundglass/labelsTr/x.nii.gz"), nil)
		}, "labelsTr/x.nii.gz is of no case"},
	})
	scaled := rewritten16(KindImage, func(hu []int16) {
		for k := range hu {
			hu[k] *= 2
		}
	})
	wantFound(t, niftiPreset, twoPatients(t), Options{Images: true}, []corruption{
		{"other Hounsfield units", scaled, "has other values than the series"},
		{"no image", forgotten("a.b_image.nii.gz"), "a.b has 0 files of the kind image in place of 1"},
	})
	wantFound(t, probabilityPreset, twoPatients(t), Options{}, []corruption{
		{"no volume", forgotten("a.b_probability.nii.gz"), "in place of 1"},
	})
	wantFound(t, decathlonPreset, twoPatients(t), Options{}, []corruption{
		{"no image", forgotten("imagesTr/" + plainID("a.b") + ".nii.gz"), "in place of 1"},
		{"pair in the list", edited("dataset.json", "./labelsTr/c.nii.gz", "./labelsTr/d.nii.gz"), "dataset.json is not what follows from the cases"},
	})
}

// An empty list of tests, over which MONAI stumbles, is not written; exports that have it are
// still what follows from their cases.
func TestDecathlonHasNoTests(t *testing.T) {
	dir, _ := mustWrite(t, decathlonPreset, twoPatients(t), Options{})
	var list map[string]any
	if err := json.Unmarshal(read(t, filepath.Join(dir, listFile)), &list); err != nil {
		t.Fatal(err)
	}
	if tests, ok := list["test"]; ok || list["numTest"] != 0.0 {
		t.Errorf("the tests are %v, and %v in number", tests, list["numTest"])
	}
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		tests any
		fine  bool
	}{{[]string{}, true}, {[]string{"./imagesTs/a.nii.gz"}, false}} {
		list["test"] = c.tests
		data, err := json.Marshal(list)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, listFile), data)
		if problems := (decathlon{volumesOf("", "", "")}).checkSet(dir, m); (len(problems) == 0) != c.fine {
			t.Errorf("with the tests %v it says %q", c.tests, problems)
		}
	}
}

// The slices of a set that is stopped between volumes go on to the same bytes, and what
// is compressed holds no time.
func TestVolumesAreTheSameBytes(t *testing.T) {
	for _, p := range volumePresets {
		a, _ := mustWrite(t, p, twoPatients(t), Options{})
		b, _ := mustWrite(t, p, twoPatients(t), Options{Workers: 3})
		killtest.SameFiles(t, a, b)
	}
}

// Of pictures, whose pixels may have any size, volumes say which size they give.
func TestVolumesOfAnySize(t *testing.T) {
	s := newTestSession("/scans/a.png")
	for _, known := range []bool{true, false} {
		s.Series().Geometry = ct.Geometry{Row: [3]float64{1}, Column: [3]float64{0, 1}, Step: [3]float64{0, 0, 1}, Spacing: [3]float64{1, 1, 1}, Known: known}
		_, r := mustWrite(t, niftiPreset, One(input(s), "groundglass test", ""), Options{})
		if strings.Contains(fmt.Sprint(r.Remarks), "voxels are given as 1 x 1 x 1 mm") == known {
			t.Errorf("of a place that is known (%v) it remarks %q", known, r.Remarks)
		}
	}
}

// A series that is stopped while it is written leaves nothing, and one with gaps says so.
func TestVolumesOfUnevenSeries(t *testing.T) {
	s := newStatesSession()
	s.Series().Geometry.Uneven = true
	_, r := mustWrite(t, niftiPreset, One(input(s), "groundglass test", ""), Options{})
	if !strings.Contains(fmt.Sprint(r.Remarks), "slices are missing or shifted") {
		t.Errorf("it remarks %q", r.Remarks)
	}
	parent := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	c := input(s)
	open := c.Series
	c.Series = ct.NewSeries(*open, func(i int) (*ct.Slice, error) {
		if i == 2 {
			cancel()
		}
		return open.Slice(i)
	})
	if _, err := Write(ctx, filepath.Join(parent, "out"), nnunetPreset, One(c, "", ""), Options{}, nil); err == nil {
		t.Error("it went on after it was cancelled")
	}
	if left, err := os.ReadDir(parent); err != nil || len(left) > 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}
