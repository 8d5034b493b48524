package metrics

import (
	"math/rand/v2"
	"testing"
)

func TestAtRecall(t *testing.T) {
	a := New(0.3)
	// The highest probability first: 200 has 2 true and 0 false, 150 has 0 and
	// 1, 100 has 6 and 3, 50 has 2 and 90.
	add := func(p uint8, right, wrong int) {
		for range right {
			a.Add([]uint8{p}, []uint8{1})
		}
		for range wrong {
			a.Add([]uint8{p}, []uint8{0})
		}
	}
	add(200, 2, 0)
	add(150, 0, 1)
	add(100, 6, 3)
	add(50, 2, 90)
	for _, c := range []struct{ recall, precision, threshold float64 }{
		{0.1, 1, 200.0 / 255},
		{0.2, 1, 200.0 / 255},                   // the more precise of 200 and 150
		{0.5, 5.0 / (5 + 1 + 1.5), 100.0 / 255}, // half way between 2 and 8 found
		{0.8, 8.0 / (8 + 4), 100.0 / 255},
		{0.9, 9.0 / (9 + 4 + 45), 50.0 / 255},
		{1, 10.0 / 104, 50.0 / 255},
		{0, 0, 0}, {1.1, 0, 0},
	} {
		if got := a.AtRecall(c.recall); got.Recall != c.recall || !near(got.Precision, c.precision) || got.Threshold != c.threshold {
			t.Errorf("at recall %g: %+v, want precision %g at threshold %g", c.recall, got, c.precision, c.threshold)
		}
	}
	if got := a.Result().AtRecall[2]; !near(got.Precision, 9.0/58) {
		t.Errorf("the result has %+v at recall 0.9", got)
	}
	if got := New(0.3).AtRecall(0.5); got != (Point{Recall: 0.5}) {
		t.Errorf("without foreground: %+v", got)
	}
}

// equalJudge reads precision off scikit-learn's ROC curve, where the
// interpolation is a straight line.
const equalJudge = `
import json, sys
import numpy as np
from sklearn.metrics import roc_curve
case = json.load(sys.stdin)
truth = np.array(case["truth"])
fpr, tpr, _ = roc_curve(truth, case["prob"], drop_intermediate=False)
out = []
for r in case["recalls"]:
    same = np.isclose(tpr, r, rtol=0, atol=1e-12)
    share = fpr[same].min() if same.any() else np.interp(r, tpr, fpr)
    tp, fp = r * truth.sum(), share * (1 - truth).sum()
    out.append(tp / (tp + fp))
print(json.dumps(out))
`

func TestAtRecallAgainstScikitLearn(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, share := range []float64{0.02, 0.5, 0.97} {
		prob, truth, ps, ts := sample(r, 3000, share)
		recalls := append(Recalls(), 0.123, 0.4567, 0.951)
		var want []float64
		ask(t, equalJudge, map[string]any{"truth": ts, "prob": ps, "recalls": recalls}, &want)
		a := New(0.3)
		a.Add(prob, truth)
		for i, recall := range recalls {
			if got := a.AtRecall(recall).Precision; !near(got, want[i]) {
				t.Errorf("%g true, recall %g: precision %v, scikit-learn %v", share, recall, got, want[i])
			}
		}
	}
}
