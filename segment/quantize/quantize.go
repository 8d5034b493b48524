package quantize

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"slices"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// Model returns the int8 version of a float model that segment/train wrote, for
// inputs of size x size, with the model's metadata. inputs are what its network
// will see, channels*size*size values each; a hundred from all kinds of pictures
// do. The same arguments give the same bytes.
func Model(ctx context.Context, model []byte, size int, inputs [][]float32) ([]byte, error) {
	if len(inputs) == 0 {
		return nil, errors.New("quantizing needs inputs for calibration")
	}
	n, err := read(model, size)
	if err != nil {
		return nil, fmt.Errorf("the model cannot be quantized: %w", err)
	}
	spans, err := n.spans(ctx, inputs)
	if err != nil {
		return nil, fmt.Errorf("calibration: %w", err)
	}
	by, err := n.shift(ctx, n.integers(spans, nil), inputs)
	if err != nil {
		return nil, fmt.Errorf("calibration: %w", err)
	}
	return n.integers(spans, by).Bytes(), nil
}

// integers is the int8 model whose values have these spans, and to whose logits
// shift is added, a channel; nil adds nothing.
func (n *network) integers(spans map[string]span, shift []float32) *onnx.Graph {
	b := &builder{Graph: onnx.New(n.graph.Name+"_int8", n.graph.Opset), net: n, spans: maps.Clone(spans), shift: shift, values: map[string]value{}}
	b.build()
	return b.Graph
}

// value is a tensor of 8 bits: real = (tensor - zero) * step.
type value struct {
	tensor string
	step   float32
	steps  string // names of the constants
	zero   string
}

// builder writes the integers' network.
type builder struct {
	*onnx.Graph
	net    *network
	spans  map[string]span
	shift  []float32        // of the logits
	values map[string]value // by their names in the float network
	logits string           // the head's output
}

func (b *builder) build() {
	old := b.net.graph
	b.Metadata = maps.Clone(old.Metadata)
	b.Inputs, b.Outputs = b.fixed(old.Inputs), b.fixed(old.Outputs)
	b.values[b.net.input] = b.round(b.net.input, b.net.input, b.spans[b.net.input])
	for i := range old.Nodes {
		node := &old.Nodes[i]
		switch out := node.Outputs[0]; node.Op {
		case "Conv", "ConvTranspose":
			b.layer(node, out)
		case "MaxPool":
			x := b.values[node.Inputs[0]]
			x.tensor = b.Op("MaxPool", []string{x.tensor}, node.Attrs...)
			b.values[out], b.spans[out] = x, b.spans[node.Inputs[0]]
		case "Concat":
			b.concat(node, out)
		case "Sigmoid":
			b.OpTo(out, "Sigmoid", []string{b.logits})
		}
	}
}

// fixed is a value with the rows and columns that it has in this network.
func (b *builder) fixed(list []onnx.Value) []onnx.Value {
	v := list[0]
	s := b.net.shapes[v.Name]
	return []onnx.Value{{Name: v.Name, Type: v.Type, Dims: []any{"N", s.c, s.h, s.w}}}
}

// layer writes a convolution. The head stays one of floats: it costs little, and
// its logits would lose most. A Relu is left out, since 8 bits that begin at 0
// hold nothing below it.
func (b *builder) layer(node *onnx.Node, out string) {
	l, x := b.net.layers[out], b.values[node.Inputs[0]]
	weights, biases := node.Inputs[1], node.Inputs[2]
	if b.net.head(out) {
		b.Weights(weights, l.dims, l.weights)
		shifted := slices.Clone(l.biases)
		for i, by := range b.shift {
			shifted[i] += by
		}
		b.Weights(biases, []int64{l.dims[0]}, shifted)
		b.logits = b.Op("Conv", []string{b.real(x), weights, biases}, l.attrs...)
		return
	}
	name := out
	if relu := b.net.rectified(out); relu != nil {
		name = relu.Outputs[0]
	}
	if l.up {
		l = l.phases()
	}
	q := l.integers(x.step)
	c := int64(len(q.steps))
	products := make([]float32, c)
	raw := make([]byte, 0, 4*c)
	for i, v := range q.biases {
		products[i] = q.steps[i] * x.step
		raw = binary.LittleEndian.AppendUint32(raw, uint32(v))
	}
	w := b.constant(onnx.Tensor{Name: weights, Type: onnx.Int8, Dims: l.dims, Raw: q.q}, q.steps)
	bias := b.constant(onnx.Tensor{Name: biases, Type: onnx.Int32, Dims: []int64{c}, Raw: raw}, products)
	v := b.round(b.Op("Conv", []string{b.real(x), w, bias}, l.attrs...), name, b.joint(name))
	if b.net.layers[out].up {
		v.tensor = b.spread(v.tensor, b.net.shapes[out])
	}
	b.values[name] = v
}

// constant adds integers with a step for each of the first dimension, and
// returns the floats that they stand for.
func (b *builder) constant(t onnx.Tensor, steps []float32) string {
	zeros := onnx.Tensor{Name: t.Name + "_zero", Type: t.Type, Dims: t.Dims[:1], Raw: make([]byte, len(t.Raw)/count(t.Dims[1:]))}
	b.Tensors = append(b.Tensors, t, zeros)
	s := b.Weights(t.Name+"_step", t.Dims[:1], steps)
	return b.Op("DequantizeLinear", []string{t.Name, s, zeros.Name}, onnx.Attr{Name: "axis", Value: int64(0)})
}

func count(dims []int64) int {
	n := 1
	for _, d := range dims {
		n *= int(d)
	}
	return n
}

// spread puts the four phases of channels (see layer.phases) in their places,
// making x of shape s. Channels go last meanwhile, where ONNX Runtime has them
// anyway.
func (b *builder) spread(x string, s shape) string {
	perm := func(x string, order ...int64) string {
		return b.Op("Transpose", []string{x}, onnx.Attr{Name: "perm", Value: order})
	}
	x = perm(x, 0, 2, 3, 1)
	x = b.Op("Reshape", []string{x, b.Ints(-1, s.w/2, 2, 2*s.c)}) // batch and rows, columns, r, s and channels
	x = b.Op("Reshape", []string{perm(x, 0, 2, 1, 3), b.Ints(-1, s.h, s.w, s.c)})
	return perm(x, 0, 3, 1, 2)
}

// joint is the span of a convolution's output: its own or, where it begins below
// 0 and a Concat alone reads it, the Concat's, so that it need not be rounded
// once more.
func (b *builder) joint(name string) span {
	s, readers := b.spans[name], b.net.readers[name]
	if s.low < 0 && len(readers) == 1 && readers[0].Op == "Concat" {
		return b.all(readers[0])
	}
	return s
}

// all is the span of all that a Concat joins.
func (b *builder) all(concat *onnx.Node) span {
	var s span
	for _, x := range concat.Inputs {
		s = s.union(b.spans[x])
	}
	return s
}

func (b *builder) concat(node *onnx.Node, out string) {
	var parts []string
	for _, x := range node.Inputs {
		parts = append(parts, b.real(b.values[x]))
	}
	b.spans[out] = b.all(node)
	b.values[out] = b.round(b.Op("Concat", parts, node.Attrs...), out, b.spans[out])
}

// round makes 8 bits of the floats called real, whose name in the float network
// is name.
func (b *builder) round(real, name string, s span) value {
	step, zero := s.steps()
	v := value{step: step, steps: b.Scalar(step), zero: name + "_zero"}
	b.Tensors = append(b.Tensors, onnx.Tensor{Name: v.zero, Type: onnx.Uint8, Raw: []byte{zero}})
	v.tensor = b.OpTo(name+"_q", "QuantizeLinear", []string{real, v.steps, v.zero})
	return v
}

// real is a value as floats.
func (b *builder) real(v value) string {
	return b.Op("DequantizeLinear", []string{v.tensor, v.steps, v.zero})
}

// WithCard is a model with another card in its metadata.
func WithCard(model []byte, card segment.Card) ([]byte, error) {
	g, err := onnx.Parse(model)
	if err != nil {
		return nil, err
	}
	text, err := card.Encode()
	if err != nil {
		return nil, err
	}
	g.Metadata[segment.CardKey] = text
	return g.Bytes(), nil
}
