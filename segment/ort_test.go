package segment

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"groundglass/segment/onnx"
)

// sumModel adds its two 1x4 inputs where the third, boolean, says so, and leaves 0 elsewhere.
func sumModel() []byte {
	g := onnx.New("sum", 17)
	a, b := g.Input("a", onnx.Float, 1, 4), g.Input("b", onnx.Float, 1, 4)
	keep := g.Input("keep", onnx.Bool, 1, 4)
	g.OpTo("sum", "Where", []string{keep, g.Op("Add", []string{a, b}), g.Floats(0)})
	g.Output("sum", onnx.Float, 1, 4)
	g.Metadata["groundglass.card"] = `{"name":"sum"}`
	return g.Bytes()
}

func TestSessionRun(t *testing.T) {
	s, err := OpenSession(sumModel(), []string{"b", "a", "keep"}, []string{"sum"}, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var wg sync.WaitGroup
	for i := range 8 { // at the same time, with tensors of their own
		wg.Go(func() {
			in, out := sumTensors(t, float32(i))
			for range 20 {
				if err := s.Run(t.Context(), in, out); err != nil {
					t.Error(err)
				}
			}
			want := [4]float32{float32(i) + 10, 0, float32(i) + 30, 0}
			if got := [4]float32(out[0].Floats()); got != want {
				t.Errorf("sum is %v, want %v", got, want)
			}
		})
	}
	wg.Wait()
}

func sumTensors(t *testing.T, a float32) (in, out []*Tensor) {
	shape := []int64{1, 4}
	left, err1 := NewFloat(shape, []float32{10, 20, 30, 40})
	right, err2 := NewFloat(shape, []float32{a, a, a, a})
	keep, err3 := NewBool(shape, []byte{1, 0, 1, 0})
	sum, err4 := NewFloat(shape, nil)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Error(err)
	}
	return []*Tensor{left, right, keep}, []*Tensor{sum}
}

// A cancelled run ends long before it would by itself, and the session runs on.
func TestSessionCancel(t *testing.T) {
	const side, layers = 700, 200 // seconds of multiplication
	g := onnx.New("slow", 17)
	x := g.Input("x", onnx.Float, side, side)
	scale := g.Floats(1. / side)
	y := x
	for range layers {
		y = g.Op("Mul", []string{g.Op("MatMul", []string{y, x}), scale})
	}
	g.OpTo("y", "Identity", []string{y})
	g.Output("y", onnx.Float, side, side)
	s, err := OpenSession(g.Bytes(), []string{"x"}, []string{"y"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	in, _ := NewFloat([]int64{side, side}, nil)
	out, err := NewFloat([]int64{side, side}, nil)
	if err != nil {
		t.Fatal(err)
	}
	sentinel := errors.New("cancelled by the user")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(30*time.Millisecond, func() { cancel(sentinel) })
	if err := s.Run(ctx, []*Tensor{in}, []*Tensor{out}); !errors.Is(err, sentinel) {
		t.Fatalf("a cancelled run returns %v, want its cause", err)
	}
	if err := s.Run(ctx, []*Tensor{in}, []*Tensor{out}); !errors.Is(err, sentinel) {
		t.Fatalf("a run with an ended context returns %v, want its cause", err)
	}
	if err := s.Run(t.Context(), []*Tensor{in}, []*Tensor{out}); err != nil {
		t.Fatalf("the session does not run after a cancelled one: %v", err)
	}
}

func TestSessionMisuse(t *testing.T) {
	s, err := OpenSession(sumModel(), []string{"a", "b", "keep"}, []string{"sum"}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	in, out := sumTensors(t, 1)
	wrong, err := NewFloat([]int64{2, 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	closed, err := NewFloat([]int64{1, 4}, nil)
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	closed.Close()
	for _, c := range []struct {
		name    string
		in, out []*Tensor
		says    string
	}{
		{"too few inputs", in[:2], out, "3 input tensors, not 2"},
		{"no output", in, nil, "1 output tensors, not 0"},
		{"nil tensor", []*Tensor{in[0], nil, in[2]}, out, `input "b" has no tensor`},
		{"closed tensor", in, []*Tensor{closed}, `output "sum" has no tensor, or a closed one`},
		{"wrong shape", []*Tensor{wrong, in[1], in[2]}, out, "running the model"},
		{"wrong type", []*Tensor{in[0], in[1], in[1]}, out, "running the model"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := s.Run(t.Context(), c.in, c.out); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v, want one with %q", err, c.says)
			}
		})
	}
	s.Close()
	s.Close()
	if err := s.Run(t.Context(), in, out); err == nil {
		t.Error("a closed session runs")
	}
}

func TestOpenSessionRefuses(t *testing.T) {
	unknown := onnx.New("unknown", 17)
	unknown.OpTo("y", "NoSuchOperator", []string{unknown.Input("x", onnx.Float, 1)})
	unknown.Output("y", onnx.Float, 1)
	for name, model := range map[string][]byte{
		"nothing": nil, "text": []byte("not a model"), "cut short": sumModel()[:40], "unknown operator": unknown.Bytes(),
	} {
		if _, err := OpenSession(model, []string{"x"}, []string{"y"}, Options{}); err == nil {
			t.Errorf("%s opens as a model", name)
		}
	}
	if _, err := OpenSession(sumModel(), nil, nil, Options{}); err == nil {
		t.Error("a session without inputs opens")
	}
}

func TestTensorShapes(t *testing.T) {
	for _, shape := range [][]int64{nil, {0}, {2, -1}, {1 << 40}, {1 << 20, 1 << 20}} {
		if _, err := NewFloat(shape, nil); err == nil {
			t.Errorf("shape %v makes a tensor", shape)
		}
	}
	if _, err := NewBool([]int64{3}, make([]byte, 2)); err == nil {
		t.Error("2 bytes make a tensor of 3")
	}
}
