package metrics

import (
	"encoding/json"
	"math"
	"testing"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-12 }

func TestCounts(t *testing.T) {
	for _, c := range []struct {
		name   string
		counts Counts // TP, FP, FN, TN
		want   [6]float64
	}{
		{"mixed", Counts{6, 2, 4, 8}, [6]float64{6.0 / 8, 6.0 / 10, 12.0 / 18, 6.0 / 12, 8.0 / 10, (6.0/12 + 8.0/14) / 2}},
		{"perfect", Counts{5, 0, 0, 7}, [6]float64{1, 1, 1, 1, 1, 1}},
		{"no pixels", Counts{}, [6]float64{1, 1, 1, 1, 1, 1}},
		{"both empty", Counts{0, 0, 0, 9}, [6]float64{1, 1, 1, 1, 1, 1}},
		{"both full", Counts{9, 0, 0, 0}, [6]float64{1, 1, 1, 1, 1, 1}},
		{"nothing predicted", Counts{0, 0, 3, 6}, [6]float64{0, 0, 0, 0, 1, 6.0 / 9 / 2}},
		{"nothing true", Counts{0, 3, 0, 6}, [6]float64{0, 0, 0, 0, 6.0 / 9, 6.0 / 9 / 2}},
		{"all true, half found", Counts{4, 0, 4, 0}, [6]float64{1, 0.5, 8.0 / 12, 0.5, 1, 0.25}},
		{"inverted", Counts{0, 3, 2, 0}, [6]float64{}},
	} {
		n := c.counts
		got := [6]float64{n.Precision(), n.Recall(), n.Dice(), n.IoU(), n.Specificity(), n.MeanIoU()}
		for i := range got {
			if !near(got[i], c.want[i]) {
				t.Errorf("%s: precision, recall, Dice, IoU, specificity, mean IoU = %v, want %v", c.name, got, c.want)
				break
			}
		}
	}
}

func TestLevel(t *testing.T) {
	for threshold, want := range map[float64]uint8{
		0: 1, -1: 1, math.NaN(): 1, 0.001: 1, 0.1: 26, 0.2: 51, 0.3: 77, 0.4: 102, 0.5: 128,
		0.6: 153, 0.7: 179, 0.8: 204, 1: 255, 2: 255,
	} {
		if got := Level(threshold); got != want {
			t.Errorf("Level(%g) = %d, want %d", threshold, got, want)
		}
	}
}

// TestByHand checks a set of two images that is small enough to count on paper.
func TestByHand(t *testing.T) {
	a := New(0.3)
	// At 0.3 (76.5): TP 2, FP 1, FN 1.
	if err := a.Add([]uint8{255, 128, 100, 51, 0}, []uint8{1, 255, 0, 1, 0}); err != nil {
		t.Fatal(err)
	}
	// Both empty: per-image measures 1.
	if err := a.Add([]uint8{0, 76, 10, 0, 0}, make([]uint8, 5)); err != nil {
		t.Fatal(err)
	}
	r := a.Result()
	for name, v := range map[string][2]float64{
		"n":              {float64(r.N), 2},
		"dice":           {r.Dice, 2.0 / 3},
		"precision":      {r.Precision, 2.0 / 3},
		"recall":         {r.Recall, 2.0 / 3},
		"iou":            {r.IoU, 0.5},
		"per image dice": {r.PerImageDice, (2.0/3 + 1) / 2},
		"per image iou":  {r.PerImage.IoU, (0.5 + 1) / 2},
		// Of the first image 1 of 2 background pixels is left alone, of both
		// images 6 of 7. Background IoU: 1/3 and 6/8.
		"specificity":           {r.Specificity, 6.0 / 7},
		"per image specificity": {r.PerImage.Specificity, (0.5 + 1) / 2},
		"mean iou":              {r.MeanIoU, (0.5 + 6.0/8) / 2},
		"per image mean iou":    {r.PerImage.MeanIoU, ((0.5+1.0/3)/2 + 1) / 2},
		// Thresholds 255, 128, 100, 76, 51, 10, 0: recall grows by 1/3 at
		// 255 (precision 1), 128 (1) and 51 (3/5).
		"average precision": {r.AveragePrecision, (1 + 1 + 0.6) / 3},
		// At 0.2 (51) the third true pixel is found; 100 and 76 are wrong.
		"dice at 0.2":      {r.Cutoffs[1].Dice, 6.0 / 8},
		"precision at 0.2": {r.Cutoffs[1].Precision, 3.0 / 5},
		"recall at 0.6":    {r.Cutoffs[5].Recall, 1.0 / 3},
	} {
		if !near(v[0], v[1]) {
			t.Errorf("%s = %v, want %v", name, v[0], v[1])
		}
	}
	if last := r.Curve[len(r.Curve)-1]; last != (Point{0, 0.3, 1}) {
		t.Errorf("the curve ends at %v", last)
	}
}

func TestDifferentLengths(t *testing.T) {
	a := New(0.3)
	if err := a.Add(make([]uint8, 3), make([]uint8, 4)); err == nil || a.Result().N != 0 {
		t.Errorf("images of different sizes: %v, %d counted", err, a.Result().N)
	}
}

// TestJSON holds the names that the command line promises.
func TestJSON(t *testing.T) {
	a := New(0.3)
	a.Add([]uint8{255, 0}, []uint8{1, 0})
	b, err := json.Marshal(StudyReport{Groups: map[string]Scores{"x": {Result: a.Result()}}})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Groups map[string]map[string]any
		All    map[string]any
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	x := got.Groups["x"]
	for _, key := range []string{"n", "dice", "precision", "recall", "iou", "average_precision", "per_image_dice", "cutoffs",
		"specificity", "mean_iou", "threshold", "per_image", "precision_at_recall", "paper_miou", "infnet_mean_dice",
		"infnet_max_dice", "infnet_max_dice_threshold", "infnet_mean_sensitivity", "infnet_mean_specificity",
		"components", "lesions", "lesion_recall"} {
		if _, ok := x[key]; !ok {
			t.Errorf("%q is missing in %s", key, b)
		}
	}
	if len(x) != 22 {
		t.Errorf("%d names in %s, want 22", len(x), b)
	}
	cut, _ := x["cutoffs"].([]any)
	if len(cut) != 8 || len(cut[0].(map[string]any)) != 9 {
		t.Errorf("cutoffs are %v", x["cutoffs"])
	}
	at, _ := x["precision_at_recall"].(map[string]any)
	if len(at) != 3 || at["0.7"] != 1.0 {
		t.Errorf("precision at equal recall is %v", at)
	}
}
