package train

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/segment"
)

// TestGradients compares the gradient of every parameter, as the graph gives
// it, with central differences of the float64 reference: dropout, several
// classes, weights of pixels, and each loss with total variation included.
func TestGradients(t *testing.T) {
	for kind, net := range map[string]Network{
		lossBCE:  {Filters: 2, Levels: 3, Dropout: 0.25, Outputs: 2},
		lossDice: {Filters: 2, Levels: 1, Dropout: 0.25, Outputs: 4},
		lossBoth: {Filters: 2, Levels: 1, Dropout: 0.125, Outputs: 4},
	} {
		t.Run(kind, func(t *testing.T) { checkGradients(t, kind, net) })
	}
}

func checkGradients(t *testing.T, kind string, net Network) {
	const batch, size, lambda, eps = 2, 16, 0.7, 1e-6
	g := newStepGraph(net, method{loss: Loss{Kind: kind}}, batch, size, true)
	r := rand.New(rand.NewPCG(3, 4))
	theta := g.layout.initial(5)
	for i := range theta {
		theta[i] += float32(0.05 * r.NormFloat64()) // off the zeros and ones of the start
	}
	images, targets := blobs(r, batch, size)
	weights := ones(len(targets))
	if net.Outputs > 2 {
		targets, weights = moreClasses(r, targets, batch, net.Outputs)
	}
	keep := make([][]byte, len(g.dropout))
	for i, d := range g.dropout {
		keep[i] = make([]byte, product(d.dims))
		fillDropout(r, keep[i], net.Dropout)
	}
	got := runOnce(t, g, map[string][]float32{
		inImage: images, inTarget: targets, inWeight: weights, inLambda: {lambda}, inVariation: {1, 2}, inRate: {0}, stTheta: theta,
		stMoment1: make([]float32, g.layout.size), stMoment2: make([]float32, g.layout.size), stStats: g.layout.initialStats(),
	}, keep)

	ref := &reference{net: net, kind: kind, layout: g.layout, batch: batch, keep: keep, theta: widen(theta), weights: widen(weights), variation: []float64{1, 2}}
	x, y := widen(images), widen(targets)
	loss, fit, tv := ref.loss(x, y, size, lambda)
	for name, want := range map[string]float64{outLoss: loss, outFit: fit, outTV: tv} {
		if d := math.Abs(float64(got[name][0]) - want); d > 1e-5 {
			t.Errorf("%s is %g, reference %g", name, got[name][0], want)
		}
	}
	if want := ref.counts; !slices.Equal(widen(got[outCounts]), want[:]) {
		t.Errorf("counts are %v, reference %v", got[outCounts], want)
	}
	for _, p := range g.layout.params {
		var diff, norm float64
		for k := p.off; k < p.off+p.len; k++ {
			old := ref.theta[k]
			ref.theta[k] = old + eps
			above, _, _ := ref.loss(x, y, size, lambda)
			ref.theta[k] = old - eps
			below, _, _ := ref.loss(x, y, size, lambda)
			ref.theta[k] = old
			got, want := float64(got[outGradient][k]), (above-below)/(2*eps)
			// at a kink of ReLU, pooling or |.| any slope between the sides' is right
			left, right := (loss-below)/eps, (above-loss)/eps
			near := min(max(got, min(left, right)), max(left, right))
			diff += math.Pow(min(math.Abs(got-near), math.Abs(got-want)), 2)
			norm += want * want
		}
		if rel := math.Sqrt(diff / norm); !(rel < 1e-4) {
			t.Errorf("gradient of %s %v: relative error %.2g", p.name, p.dims, rel)
		}
	}
}

// moreClasses gives targets of two channels random further classes, and every
// element a random weight, one in four of them 0.
func moreClasses(r *rand.Rand, targets []float32, batch, outputs int) (more, weights []float32) {
	area := len(targets) / (2 * batch)
	for n := range batch {
		more = append(more, targets[2*n*area:][:2*area]...)
		for range (outputs - 2) * area {
			more = append(more, float32(r.IntN(2)))
		}
	}
	weights = make([]float32, len(more))
	for i := range weights {
		weights[i] = max(0, 2*r.Float32()-0.5)
	}
	return more, weights
}

func ones(n int) []float32 {
	v := make([]float32, n)
	fill(v, 1)
	return v
}

// blobs makes noisy pictures with a bright ellipse, and its mask.
func blobs(r *rand.Rand, batch, size int) (images, targets []float32) {
	area := size * size
	images, targets = make([]float32, batch*area), make([]float32, batch*2*area)
	for n := range batch {
		cx, cy := r.Float64()*float64(size), r.Float64()*float64(size)
		a, b := float64(size)*(0.15+0.25*r.Float64()), float64(size)*(0.15+0.25*r.Float64())
		for i := range area {
			d := math.Hypot((float64(i%size)-cx)/a, (float64(i/size)-cy)/b)
			images[n*area+i] = float32(0.3 + 0.1*r.NormFloat64() + 0.4/(1+math.Exp(6*(d-1))))
			class := 0
			if d < 1 {
				class = Foreground
			}
			targets[(2*n+class)*area+i] = 1
		}
	}
	return images, targets
}

func widen(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

// runOnce runs a step graph on the given inputs and returns its outputs.
func runOnce(t *testing.T, g *stepGraph, floats map[string][]float32, keep [][]byte) map[string][]float32 {
	t.Helper()
	must := func(tensor *segment.Tensor, err error) *segment.Tensor {
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { tensor.Close() })
		return tensor
	}
	masks := map[string][]byte{}
	for i, d := range g.dropout {
		masks[d.name] = keep[i]
	}
	var inputs, outputs []string
	var in, out []*segment.Tensor
	for _, v := range g.Inputs {
		inputs = append(inputs, v.Name)
		if m, ok := masks[v.Name]; ok {
			in = append(in, must(segment.NewBool(shape(v.Dims), m)))
			continue
		}
		in = append(in, must(segment.NewFloat(shape(v.Dims), floats[v.Name])))
	}
	results := map[string][]float32{}
	for _, v := range g.Outputs {
		outputs = append(outputs, v.Name)
		results[v.Name] = make([]float32, product(shape(v.Dims)))
		out = append(out, must(segment.NewFloat(shape(v.Dims), results[v.Name])))
	}
	s, err := segment.OpenSession(g.Bytes(), inputs, outputs, segment.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Run(context.Background(), in, out); err != nil {
		t.Fatal(err)
	}
	return results
}
