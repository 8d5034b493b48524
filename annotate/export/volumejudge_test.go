package export

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/nifti"
)

// pixelsOf are the digests of a case's masks, as its manifest has them.
func pixelsOf(e *CaseEntry) (out []string) {
	for _, s := range e.Slices {
		out = append(out, s.Pixels)
	}
	return out
}

// casesOf are the manifests of an export's cases.
func casesOf(t *testing.T, dir string) (out []*CaseEntry) {
	t.Helper()
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.eachCase(dir, func(c *CaseEntry) error { out = append(out, c); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func wantNoProblems(t *testing.T, j judgement) {
	t.Helper()
	if len(j.Problems) > 0 {
		t.Errorf("the judge says\n%s", strings.Join(j.Problems, "\n"))
	}
}

func TestNNUNetTakesIt(t *testing.T) {
	dir, _ := mustWrite(t, nnunetPreset, twoPatients(t), Options{Folds: 2})
	j := judge(t, "nnunet.py", dir)
	wantNoProblems(t, j)
	for _, c := range casesOf(t, dir) {
		if got := j.Masks[plainID(c.Case)]; !slices.Equal(got, pixelsOf(c)) {
			t.Errorf("nnU-Net reads other labels of %s: %v", c.Case, got)
		}
	}
	dir, _ = mustWrite(t, nnunet2DPreset, twoPatients(t), Options{})
	j = judge(t, "nnunet.py", dir)
	wantNoProblems(t, j)
	for _, c := range casesOf(t, dir) {
		for i := range 3 {
			if got := j.Masks[sliceID(c, i)]; !slices.Equal(got, []string{c.Slices[i].Pixels}) {
				t.Errorf("nnU-Net reads another label of slice %d of %s", i+1, c.Case)
			}
		}
	}
}

// The judges find what is wrong.
func TestJudgesSeeWhatIsWrong(t *testing.T) {
	moved := rewritten(KindMask, func(h *nifti.Header, _ [][]uint8) { h.Affine[0][0] *= 1.1 })
	for _, c := range []struct {
		name   string
		preset Preset
		judge  string
		change []func(*testing.T, string, []*CaseEntry)
		found  []string
	}{
		{"other spacing", nnunetPreset, "nnunet.py", []func(*testing.T, string, []*CaseEntry){moved}, []string{"Spacing mismatch"}},
		{"a list that does not fit", decathlonPreset, "decathlon.py", []func(*testing.T, string, []*CaseEntry){
			moved, edited("dataset.json", `"numTraining": `, `"numTraining": 4`), edited("dataset.json", `"2"`, `"7"`),
		}, []string{"not on one grid", "numTraining is 4", "has the values ['2']"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir, _ := mustWrite(t, c.preset, twoPatients(t), Options{})
			for _, change := range c.change {
				change(t, dir, casesOf(t, dir))
			}
			said := strings.Join(judge(t, c.judge, dir).Problems, "\n")
			for _, want := range c.found {
				if !strings.Contains(said, want) {
					t.Errorf("%s does not say %q but\n%s", c.judge, want, said)
				}
			}
		})
	}
}

func TestMONAITakesIt(t *testing.T) {
	dir, _ := mustWrite(t, decathlonPreset, twoPatients(t), Options{})
	j := judge(t, "decathlon.py", dir)
	wantNoProblems(t, j)
	for _, c := range casesOf(t, dir) {
		if got := j.Masks[plainID(c.Case)]; !slices.Equal(got, pixelsOf(c)) {
			t.Errorf("MONAI reads other labels of %s", c.Case)
		}
		wantAffine(t, j, plainID(c.Case), c)
	}
}

func wantAffine(t *testing.T, j judgement, name string, c *CaseEntry) {
	t.Helper()
	got := j.Affine[name]
	if len(got) != 4 {
		t.Fatalf("%s has the affine %v", name, got)
	}
	for row := range got {
		for column, v := range got[row] {
			if math.Abs(v-c.Series.Affine[row][column]) > 1e-4 {
				t.Fatalf("%s has the affine %v, not %v", name, got, *c.Series.Affine)
			}
		}
	}
}

func TestNibabelAndSimpleITKAgree(t *testing.T) {
	dir, _ := mustWrite(t, niftiPreset, twoPatients(t), Options{Images: true})
	j := judge(t, "nifti.py", dir)
	wantNoProblems(t, j)
	for _, c := range casesOf(t, dir) {
		if got := j.Masks[c.Case+"_labels"]; !slices.Equal(got, pixelsOf(c)) {
			t.Errorf("%s is read with other labels", c.Case)
		}
		wantAffine(t, j, c.Case+"_labels", c)
		wantAffine(t, j, c.Case+"_image", c)
	}
}

func TestPillowReadsMasks(t *testing.T) {
	dir, _ := mustWrite(t, pngPreset, One(input(newStatesSession()), "groundglass test", ""), Options{Values: true})
	j := judge(t, "png.py", dir)
	wantNoProblems(t, j)
	_, c := oneCase(t, dir)
	for i, s := range c.Slices {
		name := strings.TrimSuffix(filepath.Base(s.Source), ".dcm") + "_mask"
		if got := j.Masks[name]; !slices.Equal(got, []string{s.Pixels}) {
			t.Errorf("slice %d: Pillow reads %v of %s", i+1, got, name)
		}
	}
}

// Series of a tilted gantry keep the tilt, and nnU-Net reads them.
func TestTiltedVolumes(t *testing.T) {
	c := input(newStatesSession())
	c.Series.Geometry.Step = [3]float64{0, 1.2, 5}
	dir, r := mustWrite(t, nnunetPreset, One(c, "groundglass test", ""), Options{})
	if said := strings.Join(r.Remarks, "\n"); !strings.Contains(said, "the gantry was tilted") {
		t.Errorf("it remarks %q", said)
	}
	j := judge(t, "nnunet.py", dir)
	wantNoProblems(t, j)
	_, e := oneCase(t, dir)
	if got := j.Masks[plainID(e.Case)]; !slices.Equal(got, pixelsOf(e)) {
		t.Errorf("nnU-Net reads other labels: %v", got)
	}
}
