package metrics

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
)

func TestSurfaceByHand(t *testing.T) {
	g := Grid{Size: [3]int{8, 5, 1}, Spacing: [3]float64{2, 1, 5}}
	square := func(x0, y0, x1, y1 int) []bool {
		m := make([]bool, g.Pixels())
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				m[y*g.Size[0]+x] = true
			}
		}
		return m
	}
	inf, none := math.Inf(1), square(0, 0, 0, 0)
	for _, c := range []struct {
		name              string
		prediction, truth []bool
		hausdorff         float64
		tolerance, dice   float64
	}{
		{"both empty", none, none, 0, 1, 1},
		{"nothing predicted", none, square(1, 1, 3, 3), inf, 1e9, 0},
		{"nothing true", square(1, 1, 3, 3), none, inf, inf, 0},
		{"the same", square(1, 0, 5, 5), square(1, 0, 5, 5), 0, 0, 1},
		{"one pixel each, 3 columns apart", square(1, 1, 2, 2), square(4, 1, 5, 2), 6, 5.9, 0},
		{"at the tolerance", square(1, 1, 2, 2), square(4, 1, 5, 2), 6, 6, 1},
		// The 3x3 square has its 8 edge pixels: those of the missing column
		// are 2 mm off, the other 5 are on the 2x3 rectangle's edge, which is
		// all of it, and of which the middle right pixel is 1 mm from a row's.
		{"a column less", square(1, 1, 3, 4), square(1, 1, 4, 4), 2, 0, (5.0 + 5) / 14},
		{"a column less, 1 mm", square(1, 1, 3, 4), square(1, 1, 4, 4), 2, 1, (6.0 + 5) / 14},
	} {
		s, err := NewSurface(c.prediction, c.truth, g)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Hausdorff95(); got != c.hausdorff && !near(got, c.hausdorff) {
			t.Errorf("%s: Hausdorff 95 %v mm, want %v", c.name, got, c.hausdorff)
		}
		if got := s.Dice(c.tolerance); !near(got, c.dice) {
			t.Errorf("%s: surface Dice at %v mm %v, want %v", c.name, c.tolerance, got, c.dice)
		}
	}
	if _, err := NewSurface(none, none[1:], g); err == nil {
		t.Error("masks of different sizes were compared")
	}
}

// surfaceJudge is MONAI's definition with SciPy's erosion, its nearest-point
// search over all surface pixels, and NumPy's percentile.
const surfaceJudge = `
import json, sys
import numpy as np
from scipy.ndimage import binary_erosion
from scipy.spatial import cKDTree
case = json.load(sys.stdin)
size, spacing = case["size"][::-1], case["spacing"][::-1]
if size[0] == 1:
    size, spacing = size[1:], spacing[1:]
points = []
for name in ["prediction", "truth"]:
    mask = np.array(case[name]).reshape(size) == 1
    points.append(np.argwhere(mask ^ binary_erosion(mask)) * spacing)
a = cKDTree(points[1]).query(points[0])[0]
b = cKDTree(points[0]).query(points[1])[0]
print(json.dumps({"Hausdorff": max(np.percentile(a, 95), np.percentile(b, 95)),
    "Dice": [((a <= t).sum() + (b <= t).sum()) / (len(a) + len(b)) for t in case["tolerances"]]}))
`

func TestSurfaceAgainstSciPy(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	tolerances := []float64{0.1, 1.05, 2.03, 3.07, 5.3}
	for _, g := range []Grid{
		{[3]int{41, 33, 1}, [3]float64{0.7, 0.7, 1}},
		{[3]int{40, 31, 1}, [3]float64{0.7, 0.9, 5}},
		{[3]int{19, 23, 11}, [3]float64{0.68359375, 0.68359375, 8}},
		{[3]int{15, 12, 9}, [3]float64{1.5, 0.7, 1}},
	} {
		prediction, ps := blob(r, g, 4)
		truth, ts := blob(r, g, 3)
		var want struct {
			Hausdorff float64
			Dice      []float64
		}
		ask(t, surfaceJudge, map[string]any{"prediction": ps, "truth": ts, "size": g.Size,
			"spacing": g.Spacing, "tolerances": tolerances}, &want)
		s, err := NewSurface(prediction, truth, g)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Hausdorff95(); math.Abs(got-want.Hausdorff) > 1e-9 {
			t.Errorf("%v: Hausdorff 95 %v mm, SciPy %v", g, got, want.Hausdorff)
		}
		for i, tolerance := range tolerances {
			if got := s.Dice(tolerance); !near(got, want.Dice[i]) {
				t.Errorf("%v: surface Dice at %v mm %v, SciPy %v", g, tolerance, got, want.Dice[i])
			}
		}
	}
}

// surfaceCase is a case of testdata/surface.json, whose masks are rows of text.
type surfaceCase struct {
	Size             [3]int
	Spacing          [3]float64
	Prediction       []string
	Truth            []string
	MonaiHausdorff95 float64    `json:"monai_hausdorff95"`
	MonaiSurfaceDice []float64  `json:"monai_surface_dice"`
	MedPyHD95        float64    `json:"medpy_hd95"`
	MedPyASD         [2]float64 `json:"medpy_asd"`
}

// TestSurfaceAgainstMONAI holds what MONAI 1.3.2 and MedPy 0.5.2 said of four
// pairs of masks: testdata/surface.py asked them. MONAI computes in 32 bits.
// MedPy's Hausdorff 95 is one percentile of both directions, and its average
// distances are the means of each: they judge the distances themselves.
func TestSurfaceAgainstMONAI(t *testing.T) {
	data, err := os.ReadFile("testdata/surface.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Judges     string
		Tolerances []float64
		Cases      []surfaceCase
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	for i, c := range file.Cases {
		same := func(what string, got, want float64) {
			t.Helper()
			if math.Abs(got-want) > 1e-6*max(1, want) {
				t.Errorf("case %d: %s %v, %s %v", i, what, got, file.Judges, want)
			}
		}
		prediction, _ := drawn(c.Prediction...)
		truth, _ := drawn(c.Truth...)
		s, err := NewSurface(prediction, truth, Grid{c.Size, c.Spacing})
		if err != nil {
			t.Fatal(err)
		}
		same("Hausdorff 95", s.Hausdorff95(), c.MonaiHausdorff95)
		for k, tolerance := range file.Tolerances {
			same("surface Dice", s.Dice(tolerance), c.MonaiSurfaceDice[k])
		}
		both := slices.Sorted(slices.Values(append(slices.Clone(s.ToTruth), s.ToPrediction...)))
		same("percentile of both directions", percentile(both, 95), c.MedPyHD95)
		same("mean distance to the truth", mean(s.ToTruth), c.MedPyASD[0])
		same("mean distance to the prediction", mean(s.ToPrediction), c.MedPyASD[1])
	}
	if len(file.Cases) != 4 {
		t.Errorf("%d cases, want 4", len(file.Cases))
	}
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}
