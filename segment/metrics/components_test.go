package metrics

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// drawn is a slice as a mask: one row after the other, # is set.
func drawn(rows ...string) ([]bool, Grid) {
	var m []bool
	for _, row := range rows {
		for _, c := range row {
			m = append(m, c == '#')
		}
	}
	return m, Grid{[3]int{len(rows[0]), len(rows), 1}, [3]float64{1, 1, 1}}
}

func TestLesionsByHand(t *testing.T) {
	truth, g := drawn(
		"##..#...",
		"##...#..",
		".......#",
		"####....")
	prediction, _ := drawn(
		"#.#.....",
		".....#..",
		"........",
		"...#.#.#")
	for _, c := range []struct {
		overlap float64
		found   int
	}{{0, 3}, {0.25, 3}, {0.5, 1}, {0.51, 0}} {
		// Lesions: the square (1 of 4), the diagonal (1 of 2), the dot (0 of
		// 1) and the line (1 of 4).
		l := Lesions{Overlap: c.overlap}
		for range 2 {
			if err := l.Add(prediction, truth, g); err != nil {
				t.Fatal(err)
			}
		}
		if l.True != 8 || l.Found != 2*c.found || l.Recall() != float64(c.found)/4 {
			t.Errorf("overlap %g: %+v, recall %v, want %d of 4", c.overlap, l, l.Recall(), c.found)
		}
		// Dots at (0,0), (2,0), (5,1), (3,3), (5,3), (7,3).
		if p, n := l.PerImage(); p != 6 || n != 4 {
			t.Errorf("%v predicted and %v true components an image, want 6 and 4", p, n)
		}
		if f := l.Fragmentation(); f != 2 {
			t.Errorf("the numbers of components differ by %v, want 2", f)
		}
	}
	l := Lesions{}
	if l.Recall() != 1 {
		t.Errorf("recall without lesions is %v", l.Recall())
	}
	if err := l.Add(prediction[1:], truth, g); err == nil || l.Images != 0 {
		t.Errorf("masks of different sizes: error %v, %+v", err, l)
	}
}

const componentJudge = `
import json, sys
import numpy as np
from scipy.ndimage import label
case = json.load(sys.stdin)
mask = np.array(case["mask"]).reshape(case["size"][::-1])
number, n = label(mask, np.ones((3, 3, 3)))
print(json.dumps({"Number": number.ravel().tolist(), "N": n}))
`

func TestComponentsAgainstSciPy(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for _, size := range [][3]int{{40, 30, 1}, {17, 13, 11}} {
		g := Grid{size, [3]float64{1, 1, 1}}
		mask, numbers := make([]bool, g.Pixels()), make([]int, g.Pixels())
		for i := range mask {
			if r.Float64() < 0.16/float64(1+min(size[2]-1, 1)) {
				mask[i], numbers[i] = true, 1
			}
		}
		var want struct {
			Number []int32
			N      int
		}
		ask(t, componentJudge, map[string]any{"mask": numbers, "size": size}, &want)
		got, n, err := Components(mask, g)
		if err != nil || n != want.N || !slices.Equal(got, want.Number) {
			t.Errorf("%v: %d components, SciPy %d, the same numbers: %v, error %v",
				size, n, want.N, slices.Equal(got, want.Number), err)
		}
	}
}

// lesionJudge counts lesions with SciPy, slice by slice.
const lesionJudge = `
import json, sys
import numpy as np
from scipy.ndimage import label
case = json.load(sys.stdin)
out = {"True": 0, "Found": 0, "Predicted": 0, "Difference": 0}
for prediction, truth in zip(np.array(case["prediction"]), np.array(case["truth"])):
    shape = case["size"][1::-1]
    prediction = prediction.reshape(shape)
    lesions, n = label(truth.reshape(shape), np.ones((3, 3)))
    _, predicted = label(prediction, np.ones((3, 3)))
    shares = [prediction[lesions == i].mean() for i in range(1, n + 1)]
    out["Found"] += sum(s > 0 and s >= case["overlap"] for s in shares)
    out["True"] += n
    out["Predicted"] += predicted
    out["Difference"] += abs(predicted - n)
print(json.dumps({k: int(v) for k, v in out.items()}))
`

func TestLesionsAgainstSciPy(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	g := Grid{[3]int{40, 30, 1}, [3]float64{1, 1, 1}}
	for _, overlap := range []float64{0, 0.3, 0.75} {
		got := Lesions{Overlap: overlap}
		var predictions, truths [][]int
		for i := range 6 {
			prediction, ps := blob(r, g, 1+i)
			truth, ts := blob(r, g, 6-i)
			if err := got.Add(prediction, truth, g); err != nil {
				t.Fatal(err)
			}
			predictions, truths = append(predictions, ps), append(truths, ts)
		}
		want := Lesions{Overlap: overlap, Images: 6}
		ask(t, lesionJudge, map[string]any{"prediction": predictions, "truth": truths, "size": g.Size, "overlap": overlap}, &want)
		if got != want {
			t.Errorf("%+v, SciPy %+v", got, want)
		}
	}
}
