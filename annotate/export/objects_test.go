package export

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/labels"
)

// objectPresets are those that write slices that somebody or a model looked at, each
// by itself.
func objectPresets() []Preset {
	return []Preset{cocoPreset, cocoPolygonsPreset, yoloPreset, vocPreset, labelmePreset}
}

// ringed is a set of one case of two slices, with holes in parts, parts in holes, and
// corners that touch, of three labels, the last of which has another value in files.
func ringed(t *testing.T, files ...string) (Set, *annotate.Session) {
	t.Helper()
	const w, h = 31, 23
	if files == nil {
		files = []string{"/scans/r/IM1.dcm", "/scans/r/IM2.dcm"}
	}
	meta := ct.Series{UID: "1.2.7", Modality: "CT", Rows: h, Columns: w, Patient: ct.Patient{ID: "P7"}}
	for _, f := range files {
		meta.Sources = append(meta.Sources, ct.Source{File: f})
	}
	s := annotate.NewSession(ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		hu := make([]int16, w*h)
		for k := range hu {
			hu[k] = int16(-1300 + 2*k)
		}
		return &ct.Slice{W: w, H: h, HU: hu}, nil
	}))
	r := rand.New(rand.NewPCG(1, 2))
	planes := [][]uint8{make([]uint8, w*h), make([]uint8, w*h)}
	for k := range planes[0] {
		x, y := k%w, k/w
		planes[0][k] = uint8(r.IntN(4) * r.IntN(2))
		planes[1][k] = uint8(max(max(15-x, x-15), max(11-y, y-11))) % 4
	}
	third := annotate.DefaultLabels()[2]
	third.Export = 9
	if err := s.SetLabel(third); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Import(annotate.Imported{Name: "rings", Labels: s.Labels(), Slices: []int{0, 1}, Plane: func(i int) []uint8 { return planes[i] }}); err != nil {
		t.Fatal(err)
	}
	set := One(input(s), "groundglass test", "")
	set.Cases[0] = "r"
	return set, s
}

// Labels come back to the series that they are of, with the manifest.
func TestObjectsComeBack(t *testing.T) {
	for _, p := range objectPresets() {
		t.Run(p.Name, func(t *testing.T) {
			set, s := ringed(t)
			dir, _ := mustWrite(t, p, set, Options{})
			wantBack(t, s, imported(t, s, dir))
			set = twoPatients(t)
			gone := anonymous()
			gone.Patient = func(id string) string { return map[string]string{"P1": "first", "P4": "first"}[id] }
			dir, _ = mustWrite(t, p, set, Options{Identity: gone})
			one := newStatesSession()
			l := imported(t, one, dir)
			if got := l.Slices(); !slices.Equal(got, []int{0, 1, 2}) {
				t.Errorf("the slices %v come back: %q", got, l.Report.Lines())
			}
		})
	}
}

// Labels come back to a series of the exported pictures by names alone, without the
// manifest.
func TestBareObjectsComeBack(t *testing.T) {
	bare := map[string][]string{
		"coco":          {"annotations.json"},
		"coco-polygons": {"annotations.json"},
		"yolo":          {"labels", "data.yaml"},
		"voc":           {"SegmentationClass", "labels.txt"},
		"labelme":       {"r_0001.json", "r_0002.json"},
	}
	for _, p := range objectPresets() {
		t.Run(p.Name, func(t *testing.T) {
			set, s := ringed(t, "/pictures/r_0001.png", "/pictures/r_0002.png")
			dir, _ := mustWrite(t, p, set, Options{})
			var paths []string
			for _, name := range bare[p.Name] {
				paths = append(paths, filepath.Join(dir, name))
			}
			os.Remove(filepath.Join(dir, ManifestFile))
			l, err := labels.Read(context.Background(), s.Series(), paths, labels.Options{Table: s.Labels()}, nil)
			if err != nil {
				t.Fatal(err)
			}
			wantBack(t, s, l)
		})
	}
}

// Labels of pictures that were resampled do not come to the series, whose pixels are others.
func TestResampledObjectsStayOut(t *testing.T) {
	for _, p := range objectPresets() {
		t.Run(p.Name, func(t *testing.T) {
			set, s := ringed(t)
			dir, _ := mustWrite(t, p, set, Options{Square: 48})
			l := imported(t, s, dir)
			if said := strings.Join(l.Report.Lines(), " "); len(l.Slices()) > 0 || !strings.Contains(said, "48x48 pixels") && !strings.Contains(said, "another size") {
				t.Errorf("%s %s", l.Report.Summary(), said)
			}
		})
	}
}

func wantBack(t *testing.T, s *annotate.Session, l *labels.Labels) {
	t.Helper()
	for i := range s.Series().Len() {
		if !slices.Equal(l.Plane(i), s.Mask(i).Label) {
			t.Errorf("slice %d comes back with other labels: %q", i+1, l.Report.Lines())
		}
	}
}

// A series that nobody and no model has looked at teaches nothing.
func TestNothingToLearn(t *testing.T) {
	s := annotate.NewSession(newStatesSession().Series())
	for _, p := range objectPresets() {
		_, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), p, One(input(s), "groundglass test", ""), Options{}, nil)
		if err == nil || !strings.Contains(err.Error(), "no slice that a person or the model has looked at") {
			t.Errorf("%s: %v", p.Name, err)
		}
	}
}

// Pictures and masks can be resampled to squares.
func TestSquareObjects(t *testing.T) {
	set, _ := ringed(t)
	for _, p := range objectPresets() {
		dir, _ := mustWrite(t, p, set, Options{Square: 16})
		_, e := oneCase(t, dir)
		f, ok := (&Reader{Entry: e}).Of(KindImage, 0)
		if g := decode(t, filepath.Join(dir, f.File)); !ok || g.Rect.Dx() != 16 || g.Rect.Dy() != 16 {
			t.Errorf("%s: the picture is %v", p.Name, g.Rect)
		}
	}
}

// Holes are told of where they are joined to outlines.
func TestHolesRemarked(t *testing.T) {
	set, _ := ringed(t)
	for _, p := range objectPresets() {
		_, r := mustWrite(t, p, set, Options{})
		if said := strings.Contains(strings.Join(r.Remarks, "\n"), "joined to the outline"); said == (p.Name == "coco" || p.Name == "voc") {
			t.Errorf("%s remarks %q", p.Name, r.Remarks)
		}
	}
}

// wantJudged compares masks by the stems of slices with those that were exported.
func wantJudged(t *testing.T, dir string, j judgement) {
	t.Helper()
	for _, problem := range j.Problems {
		t.Error(problem)
	}
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	err = m.eachCase(dir, func(e *CaseEntry) error {
		for i, s := range e.Slices {
			stem := stemOf(e.Case, i)
			got, there := j.Masks[stem]
			if want := !(objects{}).omits(e, i); there != want {
				t.Errorf("a mask of %s: %t, want %t", stem, there, want)
			} else if there && got[0] != s.Pixels {
				t.Errorf("the mask of %s differs", stem)
			}
			if there {
				judged++
			}
		}
		return nil
	})
	if err != nil || judged == 0 {
		t.Errorf("%d slices are judged: %v", judged, err)
	}
}

// recoded changes JSON of an export.
func recoded[V any](file string, change func(v *V)) func(*testing.T, string, []*CaseEntry) {
	return func(t *testing.T, dir string, _ []*CaseEntry) {
		var v V
		if err := json.Unmarshal(read(t, filepath.Join(dir, file)), &v); err != nil {
			t.Fatal(err)
		}
		change(&v)
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, file), data)
	}
}
