package quantize

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// plan is a network as segment/train writes it, with random weights.
type plan struct{ levels, filters, in, out int }

// random builds a plan's network.
func (p plan) random(seed uint64) *onnx.Graph {
	w := writer{onnx.New("random", 17), rand.New(rand.NewPCG(seed, 1))}
	w.Metadata["note"] = "kept"
	w.Inputs = []onnx.Value{{Name: segment.ModelInput, Type: onnx.Float, Dims: []any{"N", int64(p.in), "H", "W"}}}
	w.Outputs = []onnx.Value{{Name: segment.ModelOutput, Type: onnx.Float, Dims: []any{"N", int64(p.out), "H", "W"}}}
	x, c := segment.ModelInput, p.in
	var skips []string
	for level := range p.levels {
		x, c = w.block(x, fmt.Sprint("enc", level), c, p.filters<<level), p.filters<<level
		skips = append(skips, x)
		x = w.Op("MaxPool", []string{x}, ints("kernel_shape", 2, 2), ints("strides", 2, 2))
	}
	x, c = w.block(x, "mid", c, 2*c), 2*c
	for level := p.levels - 1; level >= 0; level-- {
		up := w.layer("ConvTranspose", x, fmt.Sprint("up", level), c, c/2, 3, ints("pads", 1, 1, 1, 1), ints("strides", 2, 2), ints("output_padding", 1, 1))
		x = w.Op("Concat", []string{up, skips[level]}, onnx.Attr{Name: "axis", Value: int64(1)})
		x, c = w.block(x, fmt.Sprint("dec", level), c, c/2), c/2
	}
	w.OpTo(segment.ModelOutput, "Sigmoid", []string{w.layer("Conv", x, "head", c, p.out, 1)})
	return w.Graph
}

type writer struct {
	*onnx.Graph
	r *rand.Rand
}

func (w writer) block(x, name string, in, out int) string {
	for i, c := range []int{in, out} {
		x = w.Op("Relu", []string{w.layer("Conv", x, fmt.Sprintf("%s_%d", name, i+1), c, out, 3, ints("pads", 1, 1, 1, 1))})
	}
	return x
}

func (w writer) layer(op, x, name string, in, out, k int, attrs ...onnx.Attr) string {
	dims := []int64{int64(out), int64(in), int64(k), int64(k)}
	fan := in * k * k
	if op == "ConvTranspose" {
		dims[0], dims[1], fan = dims[1], dims[0], fan/4
	}
	v := w.normal(out*in*k*k, math.Sqrt(2/float64(fan)))
	weights, biases := w.Weights(name+"_w", dims, v), w.Weights(name+"_b", []int64{int64(out)}, w.normal(out, 0.1))
	return w.Op(op, []string{x, weights, biases}, append([]onnx.Attr{ints("kernel_shape", int64(k), int64(k))}, attrs...)...)
}

func (w writer) normal(n int, spread float64) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(w.r.NormFloat64() * spread)
	}
	return v
}

func ints(name string, v ...int64) onnx.Attr { return onnx.Attr{Name: name, Value: v} }

// inputs are smooth random pictures of 0..1.
func (p plan) inputs(n, size int) [][]float32 {
	r := rand.New(rand.NewPCG(5, 6))
	list := make([][]float32, n)
	for i := range list {
		for range p.in {
			a, b, c := 3+9*r.Float64(), 3+9*r.Float64(), 6*r.Float64()
			for k := range size * size {
				v := 0.5 + 0.4*math.Sin(float64(k%size)/a+c)*math.Cos(float64(k/size)/b) + 0.03*r.NormFloat64()
				list[i] = append(list[i], float32(max(0, min(1, v))))
			}
		}
	}
	return list
}

// infer runs a model on a batch of inputs; its output has the channels out.
func infer(t testing.TB, model []byte, in, out, size int, inputs ...[]float32) []float32 {
	t.Helper()
	var all []float32
	for _, x := range inputs {
		all = append(all, x...)
	}
	shape := func(c int) []int64 { return []int64{int64(len(inputs)), int64(c), int64(size), int64(size)} }
	x, err := segment.NewFloat(shape(in), all)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	y, err := segment.NewFloat(shape(out), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	s, err := segment.OpenSession(model, []string{segment.ModelInput}, []string{segment.ModelOutput}, segment.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.Run(t.Context(), []*segment.Tensor{x}, []*segment.Tensor{y}); err != nil {
		t.Fatal(err)
	}
	return y.Floats()
}
