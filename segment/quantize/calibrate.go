package quantize

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// spans runs the network on the inputs and returns the span of each value that
// the integers' network keeps in 8 bits.
func (n *network) spans(ctx context.Context, inputs [][]float32) (map[string]span, error) {
	values := n.rounded()
	counts := make([]histogram, len(values))
	var in span
	err := n.run(ctx, values, inputs, func(x []float32, y []*segment.Tensor) {
		in = in.union(span{slices.Min(x), slices.Max(x)})
		for i := range counts {
			counts[i].add(y[i].Floats())
		}
	})
	if err != nil {
		return nil, fmt.Errorf("calibration: %w", err)
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

// run runs the network on each input and gives each its values.
func (n *network) run(ctx context.Context, values []string, inputs [][]float32, each func(x []float32, y []*segment.Tensor)) error {
	g := *n.graph
	g.Outputs = nil
	var tensors []*segment.Tensor // the input, then the values
	defer func() {
		for _, t := range tensors {
			t.Close()
		}
	}()
	for i, v := range append([]string{n.input}, values...) {
		s := n.shapes[v]
		if i > 0 {
			g.Output(v, onnx.Float, 1, s.c, s.h, s.w)
		}
		t, err := segment.NewFloat([]int64{1, s.c, s.h, s.w}, nil)
		if err != nil {
			return err
		}
		tensors = append(tensors, t)
	}
	session, err := segment.OpenSession(g.Bytes(), []string{n.input}, values, segment.Options{})
	if err != nil {
		return err
	}
	defer session.Close()
	x := tensors[0].Floats()
	for i, in := range inputs {
		if len(in) != len(x) {
			return fmt.Errorf("input %d has %d values, the network takes %d", i+1, len(in), len(x))
		}
		if copy(x, in); slices.ContainsFunc(x, func(v float32) bool { return !(v > -1e30 && v < 1e30) }) {
			return errors.New("an input is not all finite numbers")
		}
		if err := session.Run(ctx, tensors[:1], tensors[1:]); err != nil {
			return err
		}
		each(x, tensors[1:])
	}
	return nil
}
