package metrics

import (
	"math"
	"testing"
)

// interval is that of one measure.
func interval(b Bootstrap, patients int, statistic func(draw []int) float64) (Interval, error) {
	all, err := b.Intervals(patients, func(draw []int) []float64 { return []float64{statistic(draw)} })
	if err != nil {
		return Interval{}, err
	}
	return all[0], nil
}

// TestIntervalAgainstSciPy has SciPy's bootstrap draw the same patients: its
// source of chance hands out the draws that were seen here.
func TestIntervalAgainstSciPy(t *testing.T) {
	const script = `
import json, sys
import numpy as np
from scipy.stats import bootstrap
case = json.load(sys.stdin)
class Replay(np.random.RandomState):
    def randint(self, low, high=None, size=None, dtype=int):
        draws = np.array(case["draws"])
        assert low == 0 and high == draws.shape[1] and tuple(size) == draws.shape
        return draws
found = bootstrap((case["values"],), np.mean, n_resamples=300, confidence_level=0.9,
                  method="percentile", random_state=Replay())
print(json.dumps(list(found.confidence_interval)))
`
	values := []float64{0.2, 0.9, 0.4, 0.75, 0.31, 0.66, 0.83}
	var draws [][]int
	seen := map[int]bool{}
	got, err := interval(Bootstrap{Samples: 300, Level: 0.9, Seed: 5}, len(values), func(draw []int) float64 {
		draws = append(draws, append([]int(nil), draw...))
		sum := 0.0
		for _, i := range draw {
			seen[i] = true
			sum += values[i]
		}
		return sum / float64(len(draw))
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(draws) != 300 || len(draws[0]) != len(values) || len(seen) != len(values) {
		t.Errorf("%d draws of %d patients, %d of them ever", len(draws), len(draws[0]), len(seen))
	}
	var want [2]float64
	ask(t, script, map[string]any{"values": values, "draws": draws}, &want)
	if math.Abs(got.Low-want[0]) > 1e-12 || math.Abs(got.High-want[1]) > 1e-12 {
		t.Errorf("%v, SciPy %v", got, want)
	}
}

func TestIntervalRefused(t *testing.T) {
	one := func([]int) float64 { return 1 }
	for name, try := range map[string]func() (Interval, error){
		"no patients": func() (Interval, error) { return interval(Bootstrap{}, 0, one) },
		"no samples":  func() (Interval, error) { return interval(Bootstrap{Samples: -1}, 3, one) },
		"level":       func() (Interval, error) { return interval(Bootstrap{Level: 1}, 3, one) },
	} {
		if got, err := try(); err == nil {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got, err := interval(Bootstrap{}, 3, one); err != nil || got != (Interval{1, 1}) {
		t.Errorf("of a constant: %v, %v", got, err)
	}
}

// Several measures share their draws, and one that is no number spoils itself alone.
func TestIntervals(t *testing.T) {
	b := Bootstrap{Samples: 50, Seed: 3}
	first := func(draw []int) float64 { return float64(draw[0]) }
	all, err := b.Intervals(9, func(draw []int) []float64 {
		odd := math.NaN()
		if draw[0] > 0 {
			odd = 1
		}
		return []float64{odd, first(draw)}
	})
	if err != nil || len(all) != 2 || !math.IsNaN(all[0].Low) || !math.IsNaN(all[0].High) {
		t.Fatalf("%v, %v", all, err)
	}
	if one, err := interval(b, 9, first); err != nil || one != all[1] {
		t.Errorf("%v alone is %v, %v", all[1], one, err)
	}
}
