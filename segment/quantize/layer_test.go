package quantize

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// TestSteps: each output channel has its own step, by hand.
func TestSteps(t *testing.T) {
	l := layer{dims: []int64{3, 2, 1, 1}, weights: []float32{127, -63.4, 0.25, 1, 0, 0}, biases: []float32{10, -3, 7}}
	n := l.integers(0.5)
	if got := n.steps[:2]; got[0] != 1 || math.Abs(float64(got[1])-1./127) > 1e-8 {
		t.Errorf("steps %v, want 1 and 1/127", got)
	}
	if got, want := n.q[:4], []byte{127, 256 - 63, 32, 127}; !slices.Equal(got, want) {
		t.Errorf("weights %v, want %v", got, want)
	}
	if got, want := n.biases[:2], []int32{20, -762}; !slices.Equal(got, want) {
		t.Errorf("biases %v, want %v", got, want)
	}
	if got := float64(n.biases[2]) * float64(n.steps[2]) * 0.5; math.Abs(got-7) > 1e-6 || n.q[4] != 0 || n.q[5] != 0 {
		t.Errorf("a channel without weights has the bias %g, want 7", got)
	}
}

// TestPhases: a transposed convolution and what stands for it are the same sums,
// as ONNX Runtime computes both.
func TestPhases(t *testing.T) {
	const size, in, out = 5, 3, 2
	w := writer{onnx.New("phases", 17), rand.New(rand.NewPCG(1, 2))}
	x := w.Input(segment.ModelInput, onnx.Float, 1, in, size, size)
	up := w.layer("ConvTranspose", x, "up", in, out, 3, ints("pads", 1, 1, 1, 1), ints("strides", 2, 2), ints("output_padding", 1, 1))
	l := layer{up: true, dims: w.Tensors[0].Dims, weights: floats(w.Tensors[0].Raw), biases: floats(w.Tensors[1].Raw)}.phases()
	conv := w.Op("Conv", []string{x, w.Weights("p_w", l.dims, l.weights), w.Weights("p_b", l.dims[:1], l.biases)}, l.attrs...)
	same := (&builder{Graph: w.Graph}).spread(conv, shape{out, 2 * size, 2 * size})
	w.OpTo(segment.ModelOutput, "Concat", []string{up, same}, onnx.Attr{Name: "axis", Value: int64(1)})
	w.Output(segment.ModelOutput, onnx.Float, 1, 2*out, 2*size, 2*size)
	input, err := segment.NewFloat([]int64{1, in, size, size}, w.normal(in*size*size, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer input.Close()
	both, err := segment.NewFloat([]int64{1, 2 * out, 2 * size, 2 * size}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer both.Close()
	s, err := segment.OpenSession(w.Bytes(), []string{x}, []string{segment.ModelOutput}, segment.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Run(t.Context(), []*segment.Tensor{input}, []*segment.Tensor{both}); err != nil {
		t.Fatal(err)
	}
	v := both.Floats()
	for i, want := range v[:len(v)/2] {
		if got := v[len(v)/2+i]; math.Abs(float64(got-want)) > 1e-5 {
			t.Fatalf("element %d is %g, want %g", i, got, want)
		}
	}
}

// TestSpan: the span of a histogram leaves out what is so rare that the finer
// steps of all others outweigh it, and keeps all of what is even.
func TestSpan(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var even, outlier histogram
	for range 20000 {
		x := float32(r.Float64())
		even.add([]float32{3 * x, 0, -x})
		outlier.add([]float32{x})
	}
	for i := range outlier.counts {
		outlier.counts[i] *= 100
	}
	outlier.add([]float32{3})
	if s := even.span(); math.Abs(float64(s.high)-3) > 0.02 || math.Abs(float64(s.low)+1) > 0.01 {
		t.Errorf("span of even values -1..3 is %v", s)
	}
	if s := outlier.span(); s.low != 0 || s.high < 1 || s.high > 1.5 {
		t.Errorf("span of many values 0..1 and one of 3 is %v", s)
	}
	step, zero := span{-1, 1.55}.steps()
	if math.Abs(float64(step)-0.01) > 1e-7 || zero != 100 {
		t.Errorf("step %g and zero %d, want 0.01 and 100", step, zero)
	}
	if step, zero := (span{}).steps(); step != 1 || zero != 0 {
		t.Errorf("of nothing but zeros: step %g and zero %d", step, zero)
	}
}
