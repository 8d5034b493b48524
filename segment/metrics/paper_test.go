package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPaperMIoUSaysLittle holds the figures that show why it is for comparison
// only.
func TestPaperMIoUSaysLittle(t *testing.T) {
	const n = 1000
	truth, inverted, empty, full := make([]uint8, n), make([]uint8, n), make([]uint8, n), make([]uint8, n)
	for i := range truth {
		inverted[i], full[i] = 255, 255
		if i < 36 { // as in the paper's data, about 3.6 % are foreground
			truth[i], inverted[i] = 255, 0
		}
	}
	for _, c := range []struct {
		name                   string
		background, foreground []uint8
		want                   float64
	}{
		{"perfect", inverted, truth, 1},
		{"inverted", truth, inverted, 100.0 / 102},
		{"all background", full, empty, 1 - 0.036*2/102},
		{"nothing in either channel", empty, empty, 100.0 / 101},
		{"both channels everywhere", full, full, 101.0 / 102},
	} {
		m := NewPaperMIoU(0.3)
		if err := m.Add(c.background, c.foreground, truth); err != nil {
			t.Fatal(err)
		}
		if !near(m.Value(), c.want) {
			t.Errorf("%s: %v, want %v", c.name, m.Value(), c.want)
		}
	}
	m := NewPaperMIoU(0.3)
	if err := m.Add(empty[:3], empty, truth); err == nil || m.Value() != 0 {
		t.Errorf("maps of different sizes: error %v, value %v", err, m.Value())
	}
}

// paperJudge computes with arrays of whole images, as the published code does.
const paperJudge = `
import json, sys
import numpy as np
case = json.load(sys.stdin)
truth = np.array(case["truth"])
labels = np.stack([truth == 0, truth == 1], -1).astype(int)
maps = np.stack([case["background"], case["foreground"]], -1) / 255
out = []
for cut in case["cuts"]:
    said = (maps > cut).astype(int)
    shared = (labels * said).sum(-1)
    out.append(np.mean((shared + 100) / (labels.sum(-1) + said.sum(-1) - shared + 100)))
print(json.dumps(out))
`

func TestPaperMIoUAgainstNumPy(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	prob, truth, ps, ts := sample(r, 3000, 0.1)
	for _, c := range []struct {
		name     string
		leftover bool // the background has the rest of the foreground's probability
	}{{"two channels", false}, {"one channel", true}} {
		background, bs := make([]uint8, len(prob)), make([]int, len(prob))
		for i := range prob {
			background[i] = uint8(r.IntN(256))
			if c.leftover {
				background[i] = 255 - prob[i]
			}
			bs[i] = int(background[i])
		}
		var want []float64
		ask(t, paperJudge, map[string]any{"truth": ts, "foreground": ps, "background": bs, "cuts": Cutoffs()}, &want)
		a := New(0.3)
		a.Add(prob, truth)
		for i, cut := range a.Result().Cutoffs {
			m := NewPaperMIoU(cut.Threshold)
			m.Add(background, prob, truth)
			if math.Abs(m.Value()-want[i]) > 1e-10 {
				t.Errorf("%s at %g: %v, NumPy %v", c.name, cut.Threshold, m.Value(), want[i])
			}
			if c.leftover && math.Abs(cut.PaperMIoU-want[i]) > 1e-10 {
				t.Errorf("pooled at %g: %v, NumPy %v", cut.Threshold, cut.PaperMIoU, want[i])
			}
		}
	}
}
