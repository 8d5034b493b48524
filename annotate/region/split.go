package region

import "math"

// The histogram of a disc: bins of binHU from stickLow on.
const (
	binHU = 18
	bins  = (stickHigh-stickLow)/binHU + 1
)

type histogram [bins]float64

func bin(v float64) int { return min(max(int((v-stickLow)/binHU), 0), bins-1) }

func (h *histogram) add(v float64) { h[bin(v)]++ }

// class is the range [low, high) of HU that is one class with a tissue, where classes
// that differ by less than step HU, or than the tissue's own spread allows, are
// one.
func (h *histogram) class(t Tissue, step float64) (low, high float64) {
	cuts, means := h.split()
	step = max(step, stickSteps*t.Spread)
	low, high = math.Inf(-1), math.Inf(1)
	for i, c := range cuts {
		if means[i+1]-means[i] < step {
			continue
		}
		if at := stickLow + float64(c)*binHU; at <= t.HU {
			low = at
		} else {
			high = min(high, at)
		}
	}
	return low, high
}

// split finds the two bins at which the second and the third class begin, so
// that the variance between the classes is greatest, and the classes' means in
// HU. An empty class has its neighbour's mean.
func (h *histogram) split() (cuts [2]int, means [3]float64) {
	var n, sum [bins + 1]float64
	for i, c := range h {
		n[i+1], sum[i+1] = n[i]+c, sum[i]+c*(stickLow+(float64(i)+0.5)*binHU)
	}
	between := func(a, b int) float64 {
		if n[b] == n[a] {
			return 0
		}
		return (sum[b] - sum[a]) * (sum[b] - sum[a]) / (n[b] - n[a])
	}
	best := math.Inf(-1)
	for i := 1; i < bins-1; i++ {
		for j := i + 1; j < bins; j++ {
			if v := between(0, i) + between(i, j) + between(j, bins); v > best {
				best, cuts = v, [2]int{i, j}
			}
		}
	}
	ends := [4]int{0, cuts[0], cuts[1], bins}
	for i := range means {
		if c := n[ends[i+1]] - n[ends[i]]; c > 0 {
			means[i] = (sum[ends[i+1]] - sum[ends[i]]) / c
		} else if i > 0 {
			means[i] = means[i-1]
		}
	}
	return cuts, means
}
