package quantize

import (
	"bytes"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/fuzzlimit"
	"groundglass/segment/onnx"
)

// TestNearFloat: networks of several shapes give nearly the same in 8 bits, for
// inputs that calibration has not seen and for two of them at once, and keep
// their metadata. No weight is beyond 7 bits, so that nothing saturates anywhere.
func TestNearFloat(t *testing.T) {
	const size = 32
	for _, p := range []plan{{1, 4, 1, 2}, {3, 4, 1, 4}, {2, 6, 3, 3}} {
		model, inputs := p.random(7).Bytes(), p.inputs(12, size)
		small, err := Model(t.Context(), model, size, inputs[:10])
		if err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
		want := infer(t, model, p.in, p.out, size, inputs[10:]...)
		got := infer(t, small, p.in, p.out, size, inputs[10:]...)
		var sum, most, spread, mean float64
		for i := range want {
			mean += float64(want[i]) / float64(len(want))
		}
		for i := range want {
			d := math.Abs(float64(want[i] - got[i]))
			sum, most = sum+d*d, max(most, d)
			spread += (float64(want[i]) - mean) * (float64(want[i]) - mean)
		}
		if sum > 0.005*spread || most > 0.15 {
			t.Errorf("%+v: the error's share of the variance is %.5f, the largest error %.3f", p, sum/spread, most)
		}
		g, err := onnx.Parse(small)
		if err != nil {
			t.Fatal(err)
		}
		if g.Metadata["note"] != "kept" {
			t.Errorf("the metadata are %v", g.Metadata)
		}
	}
}

func TestSameBytes(t *testing.T) {
	p := plan{2, 4, 1, 2}
	model, inputs := p.random(1).Bytes(), p.inputs(3, 16)
	a, err := Model(t.Context(), model, 16, inputs)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Model(t.Context(), model, 16, inputs)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("the same input gives different bytes")
	}
}

func TestModelRefuses(t *testing.T) {
	p := plan{1, 2, 1, 2}
	inputs := p.inputs(1, 16)
	spoilt := func(f func(g *onnx.Graph)) []byte {
		g := p.random(3)
		f(g)
		return g.Bytes()
	}
	node := func(g *onnx.Graph, op string) *onnx.Node {
		return &g.Nodes[slices.IndexFunc(g.Nodes, func(n onnx.Node) bool { return n.Op == op })]
	}
	good := p.random(3).Bytes()
	wide := plan{1, 300, 1, 2}.random(3)
	for _, c := range []struct {
		name, says string
		model      []byte
		size       int
		inputs     [][]float32
	}{
		{"no model", "not an ONNX model", nil, 16, inputs},
		{"cut short", "damaged", good[:len(good)/2], 16, inputs},
		{"an odd size", "even sizes", good, 15, inputs},
		{"no inputs", "calibration", good, 16, nil},
		{"a short input", "255 values", good, 16, [][]float32{inputs[0][1:]}},
		{"an infinite input", "finite", good, 16, [][]float32{append(slices.Clone(inputs[0][1:]), float32(math.Inf(1)))}},
		{"another operator", "Tanh", spoilt(func(g *onnx.Graph) { node(g, "Relu").Op = "Tanh" }), 16, inputs},
		{"no sigmoid", "one Sigmoid", spoilt(func(g *onnx.Graph) { node(g, "Sigmoid").Op = "Relu" }), 16, inputs},
		{"no weights", "weights", spoilt(func(g *onnx.Graph) { g.Tensors = g.Tensors[1:] }), 16, inputs},
		{"weights of another layer", "do not fit", spoilt(func(g *onnx.Graph) { node(g, "Conv").Inputs[1] = "enc0_2_w" }), 16, inputs},
		{"a weight that is no number", "finite", spoilt(func(g *onnx.Graph) { copy(g.Tensors[0].Raw, "\x00\x00\xc0\x7f") }), 16, inputs},
		{"other strides", "not supported", spoilt(func(g *onnx.Graph) {
			n := node(g, "Conv")
			n.Attrs = append(n.Attrs, ints("strides", 2, 2))
		}), 16, inputs},
		{"an input from nowhere", "no operator before", spoilt(func(g *onnx.Graph) { node(g, "Conv").Inputs[0] = "nothing" }), 16, inputs},
		{"too large a network", "elements", wide.Bytes(), 1024, inputs},
		{"a convolution read twice", "only reader", spoilt(func(g *onnx.Graph) { node(g, "MaxPool").Inputs[0] = node(g, "Conv").Outputs[0] }), 16, inputs},
	} {
		if _, err := Model(t.Context(), c.model, c.size, c.inputs); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", c.name, err, c.says)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Model(ctx, good, 16, inputs); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// FuzzBuild: whatever network is accepted, an int8 one can be written of it.
func FuzzBuild(f *testing.F) {
	f.Add(plan{1, 2, 1, 2}.random(3).Bytes())
	f.Add(plan{2, 1, 2, 3}.random(4).Bytes())
	f.Fuzz(func(t *testing.T, model []byte) {
		defer fuzzlimit.Start()()
		n, err := read(model, 16)
		if err != nil {
			return
		}
		spans := map[string]span{n.input: {0, 1}}
		for _, v := range n.rounded() {
			spans[v] = span{-1, 1}
		}
		if _, err := onnx.Parse(n.integers(spans, nil).Bytes()); err != nil {
			t.Error(err)
		}
	})
}
