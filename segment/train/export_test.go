package train

import (
	"math"
	"testing"

	"groundglass/segment/metrics"
)

// TestCalibration: after the shift, the best cut-off is the threshold asked for.
func TestCalibration(t *testing.T) {
	// Dice is best where a logit of 0.5 parts foreground from background
	truth := make([]uint8, 256)
	prob := make([]uint8, 256)
	sigmoid := func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }
	for i := range prob {
		x := float64(i)/32 - 4
		if x >= 0.5 {
			truth[i] = 1
		}
		prob[i] = uint8(math.Round(sigmoid(x) * 255))
	}
	one := metrics.New(0.3)
	if err := one.Add(prob, truth); err != nil {
		t.Fatal(err)
	}
	shift := calibration([]metrics.Result{one.Result()}, 0.3)
	if cut := sigmoid(0.5 + shift); math.Abs(cut-0.3) > 0.02 {
		t.Errorf("after the shift the best cut-off is %.3f, want 0.3", cut)
	}
}
