package train

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestOptimizers follows each optimizer over three steps, with the graph's own
// gradients, by the formulas of their papers in float64.
func TestOptimizers(t *testing.T) {
	momentum := 0.7
	for _, o := range []Optimizer{{}, {Kind: sgd}, {Kind: sgd, Momentum: &momentum}, {Kind: adagrad}, {Kind: adadelta}} {
		t.Run(o.Kind, func(t *testing.T) { followOptimizer(t, o) })
	}
}

func followOptimizer(t *testing.T, o Optimizer) {
	const batch, size, rate = 1, 8, 0.05
	g := newStepGraph(Network{Filters: 2, Levels: 1}, method{optimizer: o}, batch, size, true)
	images, targets := blobs(rand.New(rand.NewPCG(1, 2)), batch, size)
	state := map[string][]float32{
		stTheta: g.layout.initial(3), stMoment1: make([]float32, g.layout.size),
		stMoment2: make([]float32, g.layout.size), stStats: g.layout.initialStats(),
	}
	theta, first, second := widen(state[stTheta]), make([]float64, g.layout.size), make([]float64, g.layout.size)
	for step := range 3 {
		inputs := map[string][]float32{
			inImage: images, inTarget: targets, inWeight: ones(len(targets)), inLambda: {0.1}, inVariation: {1}, inRate: {float32(o.corrected(rate, step))},
		}
		for name, v := range state {
			inputs[name] = v
		}
		out := runOnce(t, g, inputs, nil)
		for i, g := range widen(out[outGradient]) {
			theta[i] -= rate * expectedStep(o, g, &first[i], &second[i], step)
			if d := math.Abs(theta[i] - float64(out[stTheta+next][i])); d > 1e-4*rate+1e-6 {
				t.Fatalf("step %d, parameter %d: %g, want %g", step, i, out[stTheta+next][i], theta[i])
			}
		}
		for name := range state {
			state[name] = out[name+next]
		}
		theta = widen(state[stTheta])
	}
}

// expectedStep is what a rate of 1 takes off a parameter of gradient g.
func expectedStep(o Optimizer, g float64, first, second *float64, step int) float64 {
	const e = 1e-7
	switch o.Kind {
	case sgd:
		*first = o.momentum()**first + g
		return *first
	case adagrad:
		*first += g * g
		return g / math.Sqrt(*first+e)
	case adadelta:
		*first = 0.95**first + 0.05*g*g
		d := math.Sqrt(*second+e) / math.Sqrt(*first+e) * g
		*second = 0.95**second + 0.05*d*d
		return d
	}
	*first = 0.9**first + 0.1*g
	*second = 0.999**second + 0.001*g*g
	k := float64(step + 1)
	bias1, bias2 := 1-math.Pow(0.9, k), 1-math.Pow(0.999, k)
	return *first / bias1 / (math.Sqrt(*second/bias2) + e/math.Sqrt(bias2))
}
