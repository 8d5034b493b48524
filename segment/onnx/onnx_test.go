package onnx_test

import (
	"bytes"
	"context"
	"math"
	"testing"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// build makes a graph with every kind of attribute and constant:
// y = relu(conv(x, w) * 2 + [1]), of an x with an open batch.
func build() *onnx.Graph {
	g := onnx.New("test", 17)
	g.Inputs = []onnx.Value{{Name: "x", Type: onnx.Float, Dims: []any{"N", int64(1), int64(3), int64(3)}}}
	w := g.Weights("w", []int64{1, 1, 2, 2}, []float32{1, 2, 3, 4})
	conv := g.Op("Conv", []string{"x", w}, onnx.Attr{Name: "kernel_shape", Value: []int64{2, 2}}, onnx.Attr{Name: "group", Value: int64(1)})
	leaky := g.Op("LeakyRelu", []string{conv}, onnx.Attr{Name: "alpha", Value: float32(0.5)})
	flat := g.Op("Reshape", []string{leaky, g.Ints(-1, 4)})
	square := g.OpMicrosoft("FusedMatMul", []string{flat, flat}, onnx.Attr{Name: "transB", Value: int64(1)})
	g.OpTo("y", "Add", []string{g.Op("Mul", []string{square, g.Scalar(2)}), g.Floats(1)})
	g.Outputs = []onnx.Value{{Name: "y", Type: onnx.Float, Dims: []any{"N", "N"}}}
	g.Metadata["b"], g.Metadata["a"] = "second", "first"
	return g
}

// TestRuntimeReads: ONNX Runtime reads what Bytes writes, and computes from it
// what the graph says; the metadata come back.
func TestRuntimeReads(t *testing.T) {
	model := build().Bytes()
	if !bytes.Equal(model, build().Bytes()) {
		t.Error("equal graphs give different bytes")
	}
	info, err := segment.ReadModelInfo(model)
	if err != nil {
		t.Fatal(err)
	}
	if info.Metadata["a"] != "first" || info.Metadata["b"] != "second" {
		t.Errorf("metadata %v", info.Metadata)
	}
	s, err := segment.OpenSession(model, []string{"x"}, []string{"y"}, segment.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	x, err := segment.NewFloat([]int64{1, 1, 3, 3}, []float32{1, 0, 0, 0, -1, 0, 0, 0, 2})
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	y, err := segment.NewFloat([]int64{1, 1}, make([]float32, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer y.Close()
	if err := s.Run(context.Background(), []*segment.Tensor{x}, []*segment.Tensor{y}); err != nil {
		t.Fatal(err)
	}
	// conv gives -3, -3, -2 and 7; the negative ones are halved
	if want := 2*(1.5*1.5+1.5*1.5+1+49) + 1; math.Abs(float64(y.Floats()[0])-want) > 1e-5 {
		t.Errorf("y is %g, want %g", y.Floats()[0], want)
	}
}

// TestConstantsAreShared: an equal constant is stored once.
func TestConstantsAreShared(t *testing.T) {
	g := onnx.New("test", 17)
	if g.Scalar(2) != g.Scalar(2) || g.Ints(1, 2) != g.Ints(1, 2) || g.Floats(1) != g.Floats(1) {
		t.Error("equal constants have several names")
	}
	if g.Scalar(1) == g.Floats(1) || len(g.Tensors) != 4 {
		t.Errorf("%d constants, want 4", len(g.Tensors))
	}
}
