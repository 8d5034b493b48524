package metrics

import (
	"fmt"
	"math"
	"slices"
)

// Surface compares the surface of a predicted mask with the true one by the
// definition of MONAI (monai.metrics, compute_hausdorff_distance and
// compute_surface_dice with use_subvoxels false). The surface is the set of
// those pixels that a neighbour of which is not set, or is missing beyond the
// grid's edge; neighbours are the 4 of a slice or the 6 of a volume. Distances
// run between pixel centres, in mm, and every pixel counts the same.
//
// DeepMind's surface-distance differs: there, surface elements lie between
// pixels and are weighted by their length or area, and the percentile is the
// element at which the weight is reached, without interpolation. MedPy's hd95
// takes one percentile of both directions together. So figures from different
// tools must not be put into one table.
type Surface struct {
	// ToTruth are the distances from the pixels of the predicted surface to
	// the nearest of the true one, ascending; ToPrediction the other way
	// round. They are infinite where the other mask is empty.
	ToTruth, ToPrediction []float64
}

// NewSurface measures two masks on one grid: a slice where the grid has one
// slice, otherwise a volume. It fails where they don't fit. Memory is about 10
// bytes a pixel of the box around both masks.
func NewSurface(prediction, truth []bool, g Grid) (Surface, error) {
	if err := g.check(prediction, truth); err != nil {
		return Surface{}, fmt.Errorf("measure surfaces: %w", err)
	}
	low, high := g.box(prediction, truth)
	if high[0] == 0 {
		return Surface{}, nil
	}
	deep := [3]bool{!g.flat(0), !g.flat(1), !g.flat(2)}
	prediction, part := g.cut(prediction, low, high)
	truth, _ = g.cut(truth, low, high)
	prediction, truth = part.edges(prediction, deep), part.edges(truth, deep)
	d := make([]float64, len(truth))
	distances(d, truth, part)
	s := Surface{ToTruth: pick(d, prediction)}
	distances(d, prediction, part)
	s.ToPrediction = pick(d, truth)
	return s, nil
}

// edges are the mask's pixels that lack a neighbour along an axis that is deep.
func (g Grid) edges(mask []bool, deep [3]bool) []bool {
	out := make([]bool, len(mask))
	strides := g.strides()
	for i, set := range mask {
		if !set {
			continue
		}
		for axis, stride := range strides {
			at := i / stride % g.Size[axis]
			if deep[axis] && (at == 0 || at == g.Size[axis]-1 || !mask[i-stride] || !mask[i+stride]) {
				out[i] = true
				break
			}
		}
	}
	return out
}

// pick returns the values where the mask is set, ascending.
func pick(values []float64, mask []bool) []float64 {
	var out []float64
	for i, set := range mask {
		if set {
			out = append(out, values[i])
		}
	}
	slices.Sort(out)
	return out
}

// Hausdorff95 is the Hausdorff distance in mm with the 95th percentile in place
// of the maximum: the larger of the percentiles of the two directions,
// interpolated linearly. It is 0 where both masks are empty, where MONAI says
// not a number, and infinite where one is.
func (s Surface) Hausdorff95() float64 {
	switch a, b := len(s.ToTruth), len(s.ToPrediction); {
	case a == 0 && b == 0:
		return 0
	case a == 0 || b == 0:
		return math.Inf(1)
	}
	return max(percentile(s.ToTruth, 95), percentile(s.ToPrediction, 95))
}

// Dice is the surface Dice at a tolerance in mm: the share of the pixels of
// both surfaces that lie within the tolerance of the other one (Nikolov et al.,
// arXiv 1809.04430). It is 1 where both masks are empty, where MONAI says not a
// number, and 0 where one is.
func (s Surface) Dice(tolerance float64) float64 {
	near, whole := s.within(tolerance)
	if whole == 0 {
		return 1
	}
	return float64(near) / float64(whole)
}

// within counts the pixels of both surfaces, and those of them that lie within
// the tolerance of the other one.
func (s Surface) within(tolerance float64) (near, whole int) {
	whole = len(s.ToTruth) + len(s.ToPrediction)
	if len(s.ToTruth) == 0 || len(s.ToPrediction) == 0 {
		return 0, whole
	}
	return upTo(s.ToTruth, tolerance) + upTo(s.ToPrediction, tolerance), whole
}

// upTo is how many of the ascending values are at most limit.
func upTo(ascending []float64, limit float64) int {
	n, _ := slices.BinarySearchFunc(ascending, limit, func(v, limit float64) int {
		if v <= limit {
			return -1
		}
		return 1
	})
	return n
}
