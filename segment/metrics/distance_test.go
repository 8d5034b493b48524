package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
)

// blob is a random mask of one or more boxes, and as JSON writes it.
func blob(r *rand.Rand, g Grid, boxes int) ([]bool, []int) {
	mask, numbers := make([]bool, g.Pixels()), make([]int, g.Pixels())
	for range boxes {
		var low, high [3]int
		for axis, n := range g.Size {
			low[axis] = r.IntN(n)
			high[axis] = low[axis] + 1 + r.IntN(max(1, n/3))
		}
		for i := range mask {
			inside := true
			for axis, stride := range g.strides() {
				at := i / stride % g.Size[axis]
				inside = inside && at >= low[axis] && at < high[axis]
			}
			if inside {
				mask[i], numbers[i] = true, 1
			}
		}
	}
	return mask, numbers
}

func TestDistancesByHand(t *testing.T) {
	g := Grid{Size: [3]int{3, 2, 2}, Spacing: [3]float64{2, 3, 6}}
	mask := make([]bool, 12)
	mask[0] = true // column 0, row 0, slice 0
	got, err := Distances(mask, g)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{0, 2, 4, 3, math.Sqrt(13), 5, 6, math.Sqrt(40), math.Sqrt(52), math.Sqrt(45), 7, math.Sqrt(61)} {
		if !near(got[i], want) {
			t.Errorf("pixel %d: %v mm, want %v", i, got[i], want)
		}
	}
	got, _ = Distances(make([]bool, 12), g)
	for i, d := range got {
		if !math.IsInf(d, 1) {
			t.Errorf("pixel %d of an empty mask: %v", i, d)
		}
	}
}

func TestGridsRefused(t *testing.T) {
	one := [3]float64{1, 1, 1}
	for name, g := range map[string]Grid{
		"no slice":       {[3]int{2, 2, 0}, one},
		"other size":     {[3]int{2, 2, 2}, one},
		"too large":      {[3]int{1 << 30, 1 << 30, 1 << 30}, one},
		"no spacing":     {[3]int{2, 2, 1}, [3]float64{1, 1, 0}},
		"not a number":   {[3]int{2, 2, 1}, [3]float64{1, math.NaN(), 1}},
		"infinite steps": {[3]int{2, 2, 1}, [3]float64{math.Inf(1), 1, 1}},
	} {
		if _, err := Distances(make([]bool, 4), g); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// distanceJudge is SciPy's exact Euclidean distance transform.
const distanceJudge = `
import json, sys
import numpy as np
from scipy.ndimage import distance_transform_edt
case = json.load(sys.stdin)
mask = np.array(case["mask"]).reshape(case["size"][::-1])
print(json.dumps(distance_transform_edt(mask == 0, sampling=case["spacing"][::-1]).ravel().tolist()))
`

func TestDistancesAgainstSciPy(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for _, g := range []Grid{
		{[3]int{41, 33, 1}, [3]float64{1, 1, 1}},
		{[3]int{40, 31, 1}, [3]float64{0.7, 0.71, 5}},
		{[3]int{19, 23, 11}, [3]float64{0.68359375, 0.68359375, 8}},
		{[3]int{17, 1, 9}, [3]float64{3, 1, 0.1}},
	} {
		mask, numbers := blob(r, g, 3)
		var want []float64
		ask(t, distanceJudge, map[string]any{"mask": numbers, "size": g.Size, "spacing": g.Spacing}, &want)
		got, err := Distances(mask, g)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-9 {
				t.Errorf("%v, pixel %d: %v mm, SciPy %v", g, i, got[i], want[i])
				break
			}
		}
	}
}

func BenchmarkDistancesSlice(b *testing.B) {
	g := Grid{[3]int{512, 512, 1}, [3]float64{0.7, 0.7, 1}}
	mask, _ := blob(rand.New(rand.NewPCG(1, 1)), g, 5)
	for b.Loop() {
		Distances(mask, g)
	}
}
