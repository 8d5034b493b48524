package metrics

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
)

// python has the judges; README.md lists who judges what.
const python = "/usr/bin/python3"

// noJudge says why nobody can be asked, or "".
var noJudge = sync.OnceValue(func() string {
	if _, err := os.Stat(python); err != nil {
		return "there is no " + python + " to judge with"
	}
	if err := exec.Command(python, "-c", "import sklearn, scipy, numpy").Run(); err != nil {
		return "the judges scikit-learn and SciPy are not installed (Debian: python3-sklearn)"
	}
	return ""
})

// ask runs a Python script that reads the case from standard input as JSON and
// prints its opinion as JSON. It skips the test where there is no judge.
func ask(t *testing.T, script string, question, answer any) {
	t.Helper()
	if why := noJudge(); why != "" {
		t.Skip("skipped: " + why)
	}
	input, err := json.Marshal(question)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", script)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("the judge failed: %v", err)
	}
	if err := json.Unmarshal(output, answer); err != nil {
		t.Fatalf("the judge's answer: %v", err)
	}
}

// sample is a set of pixels of which share is true, and the numbers as JSON
// writes them (bytes would become text).
func sample(r *rand.Rand, n int, share float64) (prob, truth []uint8, ps, ts []int) {
	prob, truth = make([]uint8, n), make([]uint8, n)
	for i := range prob {
		if r.Float64() < share {
			truth[i] = 1
		}
		prob[i] = uint8(min(255, max(0, 90+60*float64(truth[i])+70*r.NormFloat64())))
		ps, ts = append(ps, int(prob[i])), append(ts, int(truth[i]))
	}
	return prob, truth, ps, ts
}

// pixelJudge is scikit-learn's opinion on pairs of probabilities and truths,
// which come in three images.
const pixelJudge = `
import json, sys
import numpy as np
from sklearn.metrics import (average_precision_score, confusion_matrix, jaccard_score, precision_recall_curve,
                             precision_recall_fscore_support)
case = json.load(sys.stdin)
truth, prob = np.array(case["truth"]), np.array(case["prob"])
def cut(truth, said):
    p, r, f, _ = precision_recall_fscore_support(truth, said, average="binary", zero_division=0)
    tn, fp, _, _ = confusion_matrix(truth, said, labels=[0, 1]).ravel()
    return [p, r, f, jaccard_score(truth, said), tn / (tn + fp),
            jaccard_score(truth, said, average="macro")]
precision, recall, thresholds = precision_recall_curve(truth, prob)
out = {"ap": average_precision_score(truth, prob), "cuts": [], "images": [],
       "curve": np.stack([thresholds, precision[:-1], recall[:-1]], 1)[::-1].tolist()}
for level in case["levels"]:
    said = (prob >= level).astype(int)
    out["cuts"].append(cut(truth, said))
    out["images"].append(np.mean([cut(t, s) for t, s in zip(truth.reshape(3, -1), said.reshape(3, -1))], 0).tolist())
print(json.dumps(out))
`

func TestPixelsAgainstScikitLearn(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, share := range []float64{0.02, 0.5, 0.97} {
		const n = 3000
		prob, truth, ps, ts := sample(r, n, share)
		var levels []int
		for _, c := range Cutoffs() {
			levels = append(levels, int(Level(c)))
		}
		var want struct {
			AP           float64
			Cuts, Images [][6]float64
			Curve        [][3]float64
		}
		ask(t, pixelJudge, map[string]any{"truth": ts, "prob": ps, "levels": levels}, &want)
		a := New(0.3)
		// In three parts, since pooling must not depend on the cut into images.
		for i := 0; i < n; i += n / 3 {
			if err := a.Add(prob[i:i+n/3], truth[i:i+n/3]); err != nil {
				t.Fatal(err)
			}
		}
		got := a.Result()
		if !near(got.AveragePrecision, want.AP) {
			t.Errorf("average precision %v, scikit-learn %v", got.AveragePrecision, want.AP)
		}
		sameCurve(t, got.Curve, want.Curve)
		for i, c := range got.Cutoffs {
			m := c.PerImage
			pooled := [6]float64{c.Precision, c.Recall, c.Dice, c.IoU, c.Specificity, c.MeanIoU}
			images := [6]float64{m.Precision, m.Recall, m.Dice, m.IoU, m.Specificity, m.MeanIoU}
			for k := range pooled {
				if !near(pooled[k], want.Cuts[i][k]) || !near(images[k], want.Images[i][k]) {
					t.Errorf("measure %d at %g: pooled %v, per image %v, scikit-learn %v and %v",
						k, c.Threshold, pooled[k], images[k], want.Cuts[i][k], want.Images[i][k])
				}
			}
		}
	}
}

// sameCurve compares with scikit-learn's thresholds (0..255), precisions and
// recalls, which end at the first threshold that finds everything.
func sameCurve(t *testing.T, got []Point, want [][3]float64) {
	t.Helper()
	if len(got) < len(want) {
		t.Fatalf("the curve has %d points, scikit-learn's %d", len(got), len(want))
	}
	for i, w := range want {
		if p := got[i]; !near(p.Threshold*255, w[0]) || !near(p.Precision, w[1]) || !near(p.Recall, w[2]) {
			t.Errorf("point %d of the curve is %v, scikit-learn %v", i, p, w)
		}
	}
}

// TestMeasuresListed holds that README.md says what every measure is.
func TestMeasuresListed(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range intervalMeasures {
		name, _, _ := strings.Cut(m.name, "_0.") // of a recall
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("README.md does not list %s", name)
		}
	}
}
