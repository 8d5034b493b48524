package train

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"groundglass/segment"
)

// TestFold compares the exported network with the float64 reference. The
// running statistics are set to the batch's own, for which both must agree.
func TestFold(t *testing.T) {
	const size = 16
	net := Network{Filters: 2, Levels: 2, Dropout: 0}
	g := newStepGraph(net, method{}, 1, size, true)
	r := rand.New(rand.NewPCG(8, 9))
	theta := g.layout.initial(2)
	for i := range theta {
		theta[i] += float32(0.1 * r.NormFloat64())
	}
	images, targets := blobs(r, 1, size)
	zeros := make([]float32, g.layout.size)
	out := runOnce(t, g, map[string][]float32{
		inImage: images, inTarget: targets, inWeight: ones(len(targets)), inLambda: {0}, inVariation: {1}, inRate: {0}, stTheta: theta,
		stMoment1: zeros, stMoment2: zeros, stStats: make([]float32, g.layout.stats),
	}, nil)
	stats := out[stStats+next] // (1-momentum) times the batch's statistics
	for i := range stats {
		stats[i] /= 1 - statsMomentum
	}
	prob := infer(t, fold(net, g.layout, theta, stats), images, size)
	var bce float64
	for i, p := range prob {
		bce += crossEntropyOf(float64(p), float64(targets[i])) / float64(len(prob))
	}
	if want := float64(out[outFit][0]); math.Abs(bce-want) > 1e-4 {
		t.Errorf("cross-entropy of the exported network is %g, of the training graph %g", bce, want)
	}
}

func infer(t *testing.T, f *folded, images []float32, size int) []float32 {
	t.Helper()
	s, err := segment.OpenSession(f.graph().Bytes(), []string{segment.ModelInput}, []string{segment.ModelOutput}, segment.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	side := int64(size)
	in, err := segment.NewFloat([]int64{1, 1, side, side}, images)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	prob := make([]float32, len(f.biases["head"])*size*size)
	out, err := segment.NewFloat([]int64{1, int64(len(f.biases["head"])), side, side}, prob)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := s.Run(context.Background(), []*segment.Tensor{in}, []*segment.Tensor{out}); err != nil {
		t.Fatal(err)
	}
	return prob
}
