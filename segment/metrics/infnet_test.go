package metrics

import (
	"math"
	"math/rand/v2"
	"os"
	"testing"
)

func TestInfNetByHand(t *testing.T) {
	for _, c := range []struct {
		name        string
		prob, truth []uint8
		want        InfNet
	}{
		// Scaled: 0, 0, 1, 1. At 0 all four pixels are marked (Dice 2/3,
		// specificity 0), above it the two right ones.
		{"scaled", []uint8{10, 10, 20, 20}, []uint8{0, 0, 1, 1}, InfNet{
			MeanDice: (255 + 4.0/6) / 256, MaxDice: 1, MaxDiceThreshold: 1.0 / 255,
			MeanSensitivity: 1, MeanSpecificity: 255.0 / 256}},
		// One value stays 102/255: all is marked at 103 of 256 thresholds.
		{"one value", []uint8{102, 102, 102, 102}, []uint8{0, 0, 1, 1}, InfNet{
			MeanDice: 103.0 / 256 * 4 / 6, MaxDice: 4.0 / 6,
			MeanSensitivity: 103.0 / 256}},
		{"nothing true", []uint8{0, 255}, []uint8{0, 0}, InfNet{}},
		{"nothing found above 0", []uint8{255, 0}, []uint8{0, 1}, InfNet{
			MeanDice: 2.0 / 3 / 256, MaxDice: 2.0 / 3, MeanSensitivity: 1.0 / 256}},
	} {
		a := New(0.3)
		a.Add(c.prob, c.truth)
		got := a.Result().InfNet
		if !nearInfNet(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

func nearInfNet(a, b InfNet) bool {
	return math.Abs(a.MeanDice-b.MeanDice)+math.Abs(a.MaxDice-b.MaxDice)+
		math.Abs(a.MaxDiceThreshold-b.MaxDiceThreshold)+math.Abs(a.MeanSensitivity-b.MeanSensitivity)+
		math.Abs(a.MeanSpecificity-b.MeanSpecificity) < 1e-9
}

// TestInfNetAgainstNumPy asks testdata/infnet.py. Where thresholds and maps are
// compared as rounded binary fractions, as in the publication, pixels that lie
// on a threshold may fall to its other side: one step of 256.
func TestInfNetAgainstNumPy(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	a := New(0.3)
	var probs, truths [][]int
	for _, share := range []float64{0.05, 0.4, 0, 0.8} {
		prob, truth, ps, ts := sample(r, 400, share)
		for i := range prob { // maps of different ranges
			prob[i] = prob[i]/uint8(1+len(probs)) + uint8(5*len(probs))
			ps[i] = int(prob[i])
		}
		a.Add(prob, truth)
		probs, truths = append(probs, ps), append(truths, ts)
	}
	script, err := os.ReadFile("testdata/infnet.py")
	if err != nil {
		t.Fatal(err)
	}
	got := a.Result().InfNet
	var exact, rounded InfNet
	ask(t, string(script), map[string]any{"prob": probs, "truth": truths, "slack": 1e-9}, &exact)
	ask(t, string(script), map[string]any{"prob": probs, "truth": truths, "slack": 0}, &rounded)
	if !nearInfNet(got, exact) {
		t.Errorf("%+v, NumPy %+v", got, exact)
	}
	t.Logf("rounded: mean Dice %+.1e, max Dice %+.1e", rounded.MeanDice-got.MeanDice, rounded.MaxDice-got.MaxDice)
	if math.Abs(rounded.MeanDice-got.MeanDice) > 1.0/256 {
		t.Errorf("mean Dice %v, rounded %v", got.MeanDice, rounded.MeanDice)
	}
}
