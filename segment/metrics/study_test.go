package metrics

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// studyImages are six slices of three patients in two groups; the last has no
// known spacing.
func studyImages() []Image {
	r := rand.New(rand.NewPCG(21, 22))
	var out []Image
	for i := range 6 {
		prob, truth, _, _ := sample(r, 20*15, 0.1+0.1*float64(i))
		out = append(out, Image{
			Group: []string{"x", "y"}[i/4], Patient: fmt.Sprint("patient ", i/2), Probability: prob, Truth: truth,
			W: 20, H: 15, Spacing: [2]float64{0.7, 0.9},
		})
	}
	out[5].Spacing = [2]float64{}
	return out
}

func studyOf(t *testing.T, s Settings, images ...Image) StudyReport {
	t.Helper()
	study := NewStudy(s)
	for _, m := range images {
		if _, err := study.Add(m); err != nil {
			t.Fatal(err)
		}
	}
	r, err := study.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestStudySums holds that a study is what its parts say one by one.
func TestStudySums(t *testing.T) {
	images := studyImages()
	s := Settings{Threshold: 0.5, Tolerance: 1, Overlap: 0.5}
	got := studyOf(t, s, images...)
	a, lesions := New(0.5), Lesions{Overlap: 0.5}
	var hausdorff, near, whole float64
	for _, m := range images {
		a.Add(m.Probability, m.Truth)
		g := Grid{[3]int{20, 15, 1}, [3]float64{0.7, 0.9, 1}}
		prediction, truth := reaching(m.Probability, 128), reaching(m.Truth, 1)
		lesions.Add(prediction, truth, g)
		if m.Spacing[0] == 0 {
			continue
		}
		surface, err := NewSurface(prediction, truth, g)
		if err != nil {
			t.Fatal(err)
		}
		hausdorff += surface.Hausdorff95() / 5
		n := float64(len(surface.ToTruth) + len(surface.ToPrediction))
		near, whole = near+n*surface.Dice(1), whole+n
	}
	all, want := got.All, a.Result()
	proposed, real := lesions.PerImage()
	for name, v := range map[string][2]float64{
		"dice": {all.Dice, want.Dice}, "average precision": {all.AveragePrecision, want.AveragePrecision},
		"per image": {all.PerImage.MeanIoU, want.PerImage.MeanIoU}, "inf-net": {all.InfNet.MeanDice, want.InfNet.MeanDice},
		"images": {float64(all.N), 6}, "lesions": {float64(all.Lesions), float64(lesions.True)},
		"lesion recall": {all.LesionRecall, lesions.Recall()}, "proposed": {all.Parts.Proposed, proposed},
		"true": {all.Parts.True, real}, "fragmentation": {all.Parts.Fragmentation, lesions.Fragmentation()},
		"hausdorff": {*all.Hausdorff95, hausdorff}, "surface dice": {all.SurfaceDice, near / whole},
		"surface images": {float64(all.SurfaceImages), 5}, "x": {float64(got.Groups["x"].N), 4},
		"patient 1": {float64(got.Patients["patient 1"].N), 2}, "patients": {float64(len(got.Patients)), 3},
	} {
		if !near12(v) {
			t.Errorf("%s is %v, want %v", name, v[0], v[1])
		}
	}
	for _, recall := range Recalls() {
		name := fmt.Sprint("precision_at_recall_", recall)
		i := slices.IndexFunc(all.Measures(), func(m Measure) bool { return m.Name == name })
		if i < 0 || all.Measures()[i].Value != a.AtRecall(recall).Precision {
			t.Errorf("%s is measure %d of %v", name, i, all.Measures())
		}
	}
	if c := got.Curves(); len(c.Groups) != 2 || c.All.Dice != all.Dice {
		t.Errorf("the curves are of %+v", c)
	}
}

func near12(v [2]float64) bool { return math.Abs(v[0]-v[1]) < 1e-12*max(1, math.Abs(v[1])) }

func TestStudyIntervals(t *testing.T) {
	images := studyImages()
	s := Settings{Threshold: 0.5, Tolerance: 1, Bootstrap: Bootstrap{Samples: 200, Seed: 1}}
	got := studyOf(t, s, images...)
	if got.All.Patients != 3 || len(got.All.Intervals) != len(intervalMeasures) {
		t.Fatalf("intervals over %d patients: %v", got.All.Patients, got.All.Intervals)
	}
	measures := got.All.measures()
	for i, m := range intervalMeasures {
		if c := got.All.Intervals[m.name]; !(c.Low <= measures[i] && measures[i] <= c.High) {
			t.Errorf("%s of %v is outside of %v", m.name, measures[i], c)
		}
	}
	// By hand: draws of patients, merged.
	one, err := interval(s.Bootstrap, 3, func(draw []int) float64 {
		a := New(0.5)
		for _, k := range draw {
			a.Add(images[2*k].Probability, images[2*k].Truth)
			a.Add(images[2*k+1].Probability, images[2*k+1].Truth)
		}
		return a.Result().Dice
	})
	if err != nil || !near12([2]float64{got.All.Intervals["dice"].Low, one.Low}) || !near12([2]float64{got.All.Intervals["dice"].High, one.High}) {
		t.Errorf("Dice %v, by hand %v, %v", got.All.Intervals["dice"], one, err)
	}
	if got.Groups["y"].Intervals != nil {
		t.Errorf("one patient has intervals %v", got.Groups["y"].Intervals)
	}
	again := studyOf(t, s, images[5], images[4], images[3], images[2], images[1], images[0])
	if again.All.Intervals["dice"] != got.All.Intervals["dice"] {
		t.Errorf("in another order: %v, want %v", again.All.Intervals["dice"], got.All.Intervals["dice"])
	}
	s.Bootstrap.Seed = 2
	if other := studyOf(t, s, images...); other.All.Intervals["dice"] == got.All.Intervals["dice"] {
		t.Error("another seed gives the same interval")
	}
	images[0].Patient = ""
	if unknown := studyOf(t, s, images...); unknown.All.Intervals != nil || len(unknown.Patients) != 3 {
		t.Errorf("with a patient unknown: %v", unknown.All.Intervals)
	}
}

func TestStudyRefuses(t *testing.T) {
	good := Image{Probability: make([]uint8, 6), Truth: make([]uint8, 6), W: 3, H: 2}
	study := NewStudy(Settings{Threshold: 0.3})
	for name, change := range map[string]func(*Image){
		"short map":   func(m *Image) { m.Probability = m.Probability[1:] },
		"other size":  func(m *Image) { m.W = 4 },
		"no size":     func(m *Image) { m.W, m.H = 0, 0 },
		"one spacing": func(m *Image) { m.Spacing[0] = 1 },
	} {
		bad := good
		change(&bad)
		if _, err := study.Add(bad); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if r, err := study.Report(); err != nil || r.All.N != 0 {
		t.Errorf("refused images were counted: %+v, %v", r.All, err)
	}
}

// TestStudyEmpty: slices without any foreground, and none at all.
func TestStudyEmpty(t *testing.T) {
	empty := Image{Probability: make([]uint8, 6), Truth: make([]uint8, 6), W: 3, H: 2, Spacing: [2]float64{1, 1}}
	r := studyOf(t, Settings{Threshold: 0.3}, empty)
	if s := r.All; s.Hausdorff95 != nil || s.SurfaceDice != 1 || s.LesionRecall != 1 || s.Dice != 1 || len(r.Groups) != 0 {
		t.Errorf("of an empty slice: %+v", s)
	}
	none := studyOf(t, Settings{Threshold: 0.3})
	b, err := json.Marshal(none)
	if err != nil || none.All.Surfaces != nil {
		t.Errorf("without images: %s, %v", b, err)
	}
}

func BenchmarkStudyReport(b *testing.B) {
	study := NewStudy(Settings{Threshold: 0.5, Tolerance: 1})
	for i := range 50 {
		m := studyImages()[i%6]
		m.Patient = fmt.Sprint(i)
		study.Add(m)
	}
	for b.Loop() {
		study.Report()
	}
}
