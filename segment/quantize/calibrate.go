package quantize

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// spans runs the network on the inputs and returns the span of each value that
// the integers' network keeps in 8 bits.
func (n *network) spans(ctx context.Context, inputs [][]float32) (map[string]span, error) {
	values := n.rounded()
	r, err := n.open(n.graph, values)
	if err != nil {
		return nil, err
	}
	defer r.close()
	counts := make([]histogram, len(values))
	var in span
	for _, x := range inputs {
		y, err := r.run(ctx, x)
		if err != nil {
			return nil, err
		}
		in = in.union(span{slices.Min(x), slices.Max(x)})
		for i := range counts {
			counts[i].add(y[i].Floats())
		}
	}
	spans := map[string]span{n.input: in}
	for i, v := range values {
		spans[v] = counts[i].span()
	}
	return spans, nil
}

// rounded lists what convolutions make, after the Relu where there is one, but
// for the head's logits, which stay floats.
func (n *network) rounded() []string {
	var list []string
	for i := range n.graph.Nodes {
		node := &n.graph.Nodes[i]
		if node.Op != "Conv" && node.Op != "ConvTranspose" {
			continue
		}
		out := node.Outputs[0]
		if relu := n.rectified(out); relu != nil {
			out = relu.Outputs[0]
		}
		if !n.head(out) {
			list = append(list, out)
		}
	}
	return list
}

// shift is how much lower the logits of an int8 version of the network are on
// average, a channel of the output. Pixels count by p*(1-p), as much as a small
// shift moves them.
func (n *network) shift(ctx context.Context, int8 *onnx.Graph, inputs [][]float32) ([]float32, error) {
	exact, err := n.open(n.graph, []string{n.output})
	if err != nil {
		return nil, err
	}
	defer exact.close()
	rounded, err := n.open(int8, []string{n.output})
	if err != nil {
		return nil, err
	}
	defer rounded.close()
	c := n.shapes[n.output].c
	sums, weights := make([]float64, c), make([]float64, c)
	for _, x := range inputs {
		y, err := exact.run(ctx, x)
		if err != nil {
			return nil, err
		}
		z, err := rounded.run(ctx, x)
		if err != nil {
			return nil, err
		}
		want, got := y[0].Floats(), z[0].Floats()
		for i, p := range want {
			k, w := i*int(c)/len(want), float64(p*(1-p))
			sums[k] += w * (logit(p) - logit(got[i]))
			weights[k] += w
		}
	}
	by := make([]float32, c)
	for k := range by {
		by[k] = float32(sums[k] / max(weights[k], 1e-9))
	}
	return by, nil
}

// logit is the inverse of the sigmoid, bounded.
func logit(p float32) float64 {
	q := max(1e-6, min(1-1e-6, float64(p)))
	return math.Log(q / (1 - q))
}

// runner runs a network, one input at a time, for some of its values.
type runner struct {
	session *segment.Session
	in, out []*segment.Tensor
}

// maxElements bounds what a runner keeps, at 1 GB; a network of 64 filters at
// 512x512 needs two thirds of it.
const maxElements = 1 << 28

// open loads a graph that has these of n's values.
func (n *network) open(g *onnx.Graph, values []string) (*runner, error) {
	var elements int64
	for _, v := range values {
		elements += n.shapes[v].size()
	}
	if elements > maxElements {
		return nil, fmt.Errorf("the network's values have %d elements, more than %d", elements, maxElements)
	}
	r, copied := &runner{}, *g
	copied.Outputs = nil
	tensor := func(name string) (*segment.Tensor, error) {
		s := n.shapes[name]
		return segment.NewFloat([]int64{1, s.c, s.h, s.w}, nil)
	}
	x, err := tensor(n.input)
	if err != nil {
		return nil, err
	}
	r.in = append(r.in, x)
	for _, v := range values {
		s := n.shapes[v]
		copied.Output(v, onnx.Float, 1, s.c, s.h, s.w)
		y, err := tensor(v)
		if err != nil {
			r.close()
			return nil, err
		}
		r.out = append(r.out, y)
	}
	if r.session, err = segment.OpenSession(copied.Bytes(), []string{n.input}, values, segment.Options{}); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

// run runs the network; what it returns is overwritten by the next run.
func (r *runner) run(ctx context.Context, input []float32) ([]*segment.Tensor, error) {
	x := r.in[0].Floats()
	if len(input) != len(x) {
		return nil, fmt.Errorf("an input has %d values, the network takes %d", len(input), len(x))
	}
	if slices.ContainsFunc(input, func(v float32) bool { return !(v > -1e30 && v < 1e30) }) {
		return nil, errors.New("an input is not all finite numbers")
	}
	copy(x, input)
	return r.out, r.session.Run(ctx, r.in, r.out)
}

func (r *runner) close() {
	for _, t := range slices.Concat(r.in, r.out) {
		t.Close()
	}
	if r.session != nil {
		r.session.Close()
	}
}
