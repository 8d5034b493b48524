package cli

import (
	"flag"
	"math"
	"slices"
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
	shared(t, "corona/coronacases_010") // skips where the data are missing
	t.Chdir("../../..")
	pairs, err := new(Program).configPairs("segment/train/configs/tvunet16.json", "", reading{})
	if err != nil {
		t.Fatal(err)
	}
	pairs = slices.DeleteFunc(pairs, func(p pair) bool { return p.group == "medseg" }) // of which no patient is known
	out := make([]validationSlice, len(pairs))
	of, err := channelOf(m.Card(), "")
	if err != nil {
		t.Fatal(err)
	}
	err = measurement{m, of, cutting{at: defaultThreshold}}.measure(t.Context(), pairs, func(i int, m metrics.Image) error {
		out[i] = validationSlice{m.Probability, m.Truth, m.W, m.H}
		return nil
	})
	if err != nil || len(out) != 190 {
		t.Fatalf("%d slices, %v", len(out), err)
	}
	return out
}

// effect is what connectivity makes of slices.
type effect struct {
	dice, precision, recall float64
	parts, truth, off       float64 // connected parts a slice, and by how many they differ
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
		number := func(mask []uint8) float64 {
			parts, _ := connect.Components(mask, s.w, s.h, connect.Eight)
			return float64(len(parts)) / float64(len(all))
		}
		parts, truth := number(connect.Mask(prob, cut.level())), number(s.truth)
		e.parts, e.truth, e.off = e.parts+parts, e.truth+truth, e.off+math.Abs(parts-truth)
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
		t.Logf("| %g | %g | %t | %.4f | %.4f | %.4f | %.2f | %.2f |", c.TV, c.LeastArea, c.FillHoles, e.dice, e.precision, e.recall, e.parts, e.off)
		return e
	}
	none, chosen := row(annotate.Connectivity{}), row(annotate.DefaultConnectivity())
	t.Logf("%d slices, in which the expert marked %.2f parts a slice", len(all), none.truth)
	if chosen.dice < none.dice || chosen.off > none.off {
		t.Errorf("the program's connectivity leads from %+v to %+v", none, chosen)
	}
	if !*table {
		return
	}
	for _, fill := range []bool{false, true} {
		for _, tv := range []float64{0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 1, 2} {
			for _, area := range []float64{0, 10, 25, 50, 100} {
				if !fill || area == 0 {
					row(annotate.Connectivity{TV: tv, LeastArea: area, FillHoles: fill})
				}
			}
		}
	}
}
