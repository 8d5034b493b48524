package metrics

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
)

// judge is scikit-learn's opinion on pairs of probabilities and truths.
const judge = `
import json, sys
from sklearn.metrics import average_precision_score, precision_recall_fscore_support, jaccard_score
case = json.load(sys.stdin)
truth, prob = case["truth"], case["prob"]
out = {"ap": average_precision_score(truth, prob), "cuts": []}
for level in case["levels"]:
    said = [int(p >= level) for p in prob]
    p, r, f, _ = precision_recall_fscore_support(truth, said, average="binary", zero_division=0)
    out["cuts"].append([p, r, f, jaccard_score(truth, said, zero_division=0)])
print(json.dumps(out))
`

func TestAgainstScikitLearn(t *testing.T) {
	python := "/usr/bin/python3"
	if _, err := os.Stat(python); err != nil {
		t.Skip("skipped: there is no /usr/bin/python3 to judge with")
	}
	if err := exec.Command(python, "-c", "import sklearn").Run(); err != nil {
		t.Skip("skipped: scikit-learn, the judge, is not installed (Debian: python3-sklearn)")
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, share := range []float64{0.02, 0.5, 0.97} {
		const n = 3000
		prob, truth := make([]uint8, n), make([]uint8, n)
		var in struct {
			Truth  []int `json:"truth"`
			Prob   []int `json:"prob"`
			Levels []int `json:"levels"`
		}
		for i := range prob {
			if r.Float64() < share {
				truth[i] = 1
			}
			prob[i] = uint8(min(255, max(0, 90+60*float64(truth[i])+70*r.NormFloat64())))
			in.Truth, in.Prob = append(in.Truth, int(truth[i])), append(in.Prob, int(prob[i]))
		}
		for _, c := range Cutoffs() {
			in.Levels = append(in.Levels, int(Level(c)))
		}
		input, _ := json.Marshal(in)
		cmd := exec.Command(python, "-c", judge)
		cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
		output, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		var want struct {
			AP   float64
			Cuts [][4]float64
		}
		if err := json.Unmarshal(output, &want); err != nil {
			t.Fatal(err)
		}
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
		for i, c := range got.Cutoffs {
			w := want.Cuts[i]
			if !near(c.Precision, w[0]) || !near(c.Recall, w[1]) || !near(c.Dice, w[2]) || !near(c.IoU, w[3]) {
				t.Errorf("at %g: %+v, scikit-learn %v", c.Threshold, c, w)
			}
		}
	}
}
