package metrics

import (
	"encoding/json"
	"strconv"
)

// Recalls are those at which models are compared: 0.7, 0.8 and 0.9.
func Recalls() []float64 { return []float64{0.7, 0.8, 0.9} }

// AtRecalls are points at chosen recalls.
type AtRecalls []Point

// MarshalJSON writes precisions by recall: {"0.7": 0.95, "0.8": 0.91}.
func (a AtRecalls) MarshalJSON() ([]byte, error) {
	precision := make(map[string]float64, len(a))
	for _, p := range a {
		precision[strconv.FormatFloat(p.Recall, 'g', -1, 64)] = p.Precision
	}
	return json.Marshal(precision)
}

// AtRecall is the pooled precision at a recall in (0, 1], by which models are
// compared that find equally much, whatever their thresholds.
//
// Between two neighbouring thresholds the recall is reached by taking the same
// share of the true and of the false pixels between them, so that false
// positives grow linearly with true positives: the interpolation of Davis and
// Goadrich (ICML 2006), a straight line in ROC space. A straight line between
// points of the precision-recall curve would promise more than can be had.
// Where several thresholds have the recall exactly, the most precise counts.
//
// The point's threshold is the highest that has at least the recall. Without
// any foreground, or at another recall, precision and threshold are 0.
func (a *Accumulator) AtRecall(recall float64) Point { return a.pixels.atRecall(recall) }

func (h *histogram) atRecall(recall float64) Point {
	var total int64
	for _, n := range h.foreground {
		total += n
	}
	out := Point{Recall: recall}
	if total == 0 || !(recall > 0 && recall <= 1) {
		return out
	}
	want := recall * float64(total)
	var found, wrong float64
	for p := 255; p >= 0; p-- {
		right, spoiled := float64(h.foreground[p]), float64(h.background[p])
		// The tolerance keeps 0.7 of 10 pixels from being a little more than 7.
		if found+right >= want*(1-1e-12) {
			wrong += spoiled * min((want-found)/right, 1)
			out.Threshold, out.Precision = float64(p)/255, want/(want+wrong)
			return out
		}
		found, wrong = found+right, wrong+spoiled
	}
	return out
}
