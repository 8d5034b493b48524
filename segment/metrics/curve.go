package metrics

// Point is a point of a precision-recall curve: pixels whose probability is at
// least Threshold count as foreground.
type Point struct{ Threshold, Precision, Recall float64 }

// curve returns one point for every probability that occurs, the highest
// first: scikit-learn's precision_recall_curve, which leaves out the points after
// the first of recall 1, and adds one of recall 0. Unlike Level it also counts probability 0 as foreground at threshold
// 0, which is where the curve ends at recall 1.
func (h *histogram) curve() []Point {
	var total int64
	for _, n := range h.foreground {
		total += n
	}
	var out []Point
	var found, marked int64
	for p := 255; p >= 0; p-- {
		here := h.foreground[p] + h.background[p]
		if here == 0 {
			continue
		}
		found += h.foreground[p]
		marked += here
		point := Point{Threshold: float64(p) / 255, Precision: float64(found) / float64(marked)}
		if total > 0 {
			point.Recall = float64(found) / float64(total)
		}
		out = append(out, point)
	}
	return out
}

// averagePrecision is the sum over distinct thresholds of (R_n - R_(n-1)) P_n,
// the highest threshold first, without interpolation: scikit-learn's
// average_precision_score. Without any foreground it is 0.
func (h *histogram) averagePrecision() float64 {
	var sum, before float64
	for _, p := range h.curve() {
		sum += (p.Recall - before) * p.Precision
		before = p.Recall
	}
	return sum
}
