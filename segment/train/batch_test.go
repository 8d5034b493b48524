package train

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestFillDropout: the share of zeros is the rate, and no value but 0 and 1 comes up.
func TestFillDropout(t *testing.T) {
	for _, rate := range []float64{0, 0.1, 0.2, 0.5} {
		keep := make([]byte, 1_000_003)
		fillDropout(rand.New(rand.NewPCG(1, 2)), keep, rate)
		var kept int
		for _, k := range keep {
			if k > 1 {
				t.Fatalf("rate %g: value %d", rate, k)
			}
			kept += int(k)
		}
		got := 1 - float64(kept)/float64(len(keep))
		if want := math.Round(rate*128) / 128; math.Abs(got-want) > 2e-3 {
			t.Errorf("rate %g: %.4f dropped, want %.4f", rate, got, want)
		}
	}
}

// TestSampler: examples come up in proportion to their weights, and those of
// weight 0 never.
func TestSampler(t *testing.T) {
	examples := []*example{{weight: 1}, {weight: 0}, {weight: 3}}
	s, r := newSampler(examples), rand.New(rand.NewPCG(5, 6))
	counts := map[*example]int{}
	for range 40_000 {
		counts[s.draw(r)]++
	}
	if counts[examples[1]] != 0 || math.Abs(float64(counts[examples[2]])/30_000-1) > 0.03 {
		t.Errorf("drawn %d, %d and %d times for weights 1, 0 and 3", counts[examples[0]], counts[examples[1]], counts[examples[2]])
	}
}
