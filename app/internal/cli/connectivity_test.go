package cli

import (
	"flag"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/assets"
	"groundglass/segment"
	"groundglass/segment/connect"
	"groundglass/segment/metrics"
)

// validationSlice is a slice of a patient that the program's own model was not trained on.
type validationSlice struct {
	prob, truth []uint8
	w, h        int
}

// validation proposes the slices of the validation patients.
func validation(t *testing.T) []validationSlice {
	t.Helper()
	if assets.Model() == nil {
		t.Skip("skipped: this build carries no model")
	}
	m, err := segment.Load(assets.Model())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var out []validationSlice
	for _, patient := range []string{"corona/coronacases_006", "corona/coronacases_010", "radiopaedia/radiopaedia_40_86625_0"} {
		images, err := filepath.Glob(filepath.Join(shared(t, patient), "*_ct.png"))
		if err != nil || len(images) < 40 {
			t.Fatalf("%s: %d slices, %v", patient, len(images), err)
		}
		for _, image := range images {
			slice, _, err := readSlice(t.Context(), image)
			if err != nil {
				t.Fatal(err)
			}
			s := validationSlice{w: slice.W, h: slice.H}
			if s.truth, _, _, err = readMask(strings.TrimSuffix(image, "_ct.png")+"_infection.png", nil); err != nil {
				t.Fatal(err)
			}
			if s.prob, err = m.Propose(t.Context(), slice); err != nil {
				t.Fatal(err)
			}
			out = append(out, s)
		}
	}
	return out
}

// effect is what connectivity makes of slices.
type effect struct {
	dice, precision, recall float64
	parts, truth            float64 // connected parts a slice
}

func measureEffect(t *testing.T, all []validationSlice, c annotate.Connectivity) effect {
	t.Helper()
	cut := cutting{defaultThreshold, c}
	sum := metrics.New(defaultThreshold)
	var e effect
	for _, s := range all {
		prob := cut.connected(s.prob, s.w, s.h, 1)
		if err := sum.Add(prob, s.truth); err != nil {
			t.Fatal(err)
		}
		for mask, n := range map[*float64][]uint8{&e.parts: connect.Mask(prob, cut.level()), &e.truth: s.truth} {
			parts, _ := connect.Components(n, s.w, s.h, connect.Eight)
			*mask += float64(len(parts)) / float64(len(all))
		}
	}
	r := sum.Result()
	e.dice, e.precision, e.recall = r.Dice, r.Precision, r.Recall
	return e
}

// table asks for the whole table of segment/connect/README.md, which takes some minutes.
var table = flag.Bool("table", false, "print what every connectivity makes of the validation patients")

// The program's connectivity improves on the threshold alone, on patients that the model was not trained on.
func TestConnectivityOnPatients(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: proposes 190 slices")
	}
	all := validation(t)
	row := func(c annotate.Connectivity) effect {
		e := measureEffect(t, all, c)
		t.Logf("| %g | %g | %t | %.4f | %.4f | %.4f | %.2f |", c.TV, c.LeastArea, c.FillHoles, e.dice, e.precision, e.recall, e.parts)
		return e
	}
	none, chosen := row(annotate.Connectivity{}), row(annotate.DefaultConnectivity())
	t.Logf("%d slices, in which the expert marked %.2f parts a slice", len(all), none.truth)
	if chosen.dice < none.dice || math.Abs(chosen.parts-chosen.truth) > math.Abs(none.parts-none.truth)/2 {
		t.Errorf("the program's connectivity leads from %+v to %+v", none, chosen)
	}
	if !*table {
		return
	}
	for _, fill := range []bool{false, true} {
		for _, tv := range []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2} {
			for _, area := range []float64{0, 10, 25, 50, 100} {
				if !fill || area == 0 {
					row(annotate.Connectivity{TV: tv, LeastArea: area, FillHoles: fill})
				}
			}
		}
	}
}
