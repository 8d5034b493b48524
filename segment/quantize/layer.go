package quantize

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"groundglass/segment/onnx"
)

// layer is a convolution: weights [out, in, k, k] row-major, and biases.
type layer struct {
	up      bool // a transposed one that doubles the size; weights are [in, out, k, k]
	dims    []int64
	weights []float32
	biases  []float32
	attrs   []onnx.Attr
}

// layer reads a convolution and its constants.
func (n *network) layer(node *onnx.Node) (layer, error) {
	if len(node.Inputs) != 3 {
		return layer{}, errors.New("it must have weights and biases")
	}
	w, b := n.tensors[node.Inputs[1]], n.tensors[node.Inputs[2]]
	if w == nil || b == nil || w.Type != onnx.Float || b.Type != onnx.Float || len(w.Dims) != 4 || len(w.Raw) == 0 {
		return layer{}, errors.New("its weights and biases must be constants of floats")
	}
	l := layer{node.Op == "ConvTranspose", w.Dims, floats(w.Raw), floats(b.Raw), node.Attrs}
	for _, v := range slices.Concat(l.weights, l.biases) {
		if math.IsNaN(float64(v)) || math.Abs(float64(v)) > 1e30 {
			return l, errors.New("its weights are not all finite numbers")
		}
	}
	if !l.keeps(node) && !l.doubles(node) {
		return l, fmt.Errorf("its kernel of %v, strides and padding are not supported", l.dims)
	}
	return l, nil
}

// keeps tells whether a layer keeps its input's size: a square odd kernel,
// padded by half of it.
func (l layer) keeps(node *onnx.Node) bool {
	k := l.dims[2]
	half := k / 2
	padded := is(node, "pads", half, half, half, half) && len(node.Attrs) == 2 || half == 0 && len(node.Attrs) == 1
	return !l.up && k%2 == 1 && l.dims[3] == k && is(node, "kernel_shape", k, k) && padded
}

// doubles tells whether a layer doubles its input's size: a transposed 3x3
// kernel with strides 2.
func (l layer) doubles(node *onnx.Node) bool {
	return l.up && l.dims[2] == 3 && l.dims[3] == 3 && len(node.Attrs) == 4 && is(node, "kernel_shape", 3, 3) &&
		is(node, "pads", 1, 1, 1, 1) && is(node, "strides", 2, 2) && is(node, "output_padding", 1, 1)
}

// output is the shape that a layer makes of x.
func (l layer) output(x shape) (shape, error) {
	out, in := l.dims[0], l.dims[1]
	y := shape{out, x.h, x.w}
	if l.up {
		in, out = out, in
		y = shape{out, 2 * x.h, 2 * x.w}
	}
	if in != x.c || int64(len(l.biases)) != out || out > 1<<16 {
		return y, fmt.Errorf("weights of %v and %d biases do not fit an input of %v", l.dims, len(l.biases), x)
	}
	return y, nil
}

// phases is a transposed 3x3 convolution with strides 2, padding 1 and output
// padding 1 as the same sums by a 2x2 convolution of the input, padded by a row
// below and a column on the right: its output channel (2*r+s)*C + c holds
// channel c of the output's pixels (2*i+r, 2*j+s). Such a pixel's kernel row k
// meets input row i + (r+1-k)/2: an even row is row 1 of the kernel on i, an odd
// one row 2 on i and row 0 on i+1. ONNX Runtime has no transposed convolution of
// integers.
func (l layer) phases() layer {
	in, out := int(l.dims[0]), int(l.dims[1])
	rows := [2][2]int{{1, -1}, {2, 0}} // the kernel's, by r and by what is added to i; -1 for none
	p := layer{dims: []int64{4 * l.dims[1], l.dims[0], 2, 2}, weights: make([]float32, 16*in*out), biases: slices.Repeat(l.biases, 4)}
	p.attrs = []onnx.Attr{{Name: "kernel_shape", Value: []int64{2, 2}}, {Name: "pads", Value: []int64{0, 0, 1, 1}}}
	for i := range p.weights {
		tap, channel := i%4, i/4%in
		c, phase := i/4/in%out, i/4/in/out
		y, x := rows[phase/2][tap/2], rows[phase%2][tap%2]
		if y >= 0 && x >= 0 {
			p.weights[i] = l.weights[((channel*out+c)*3+y)*3+x]
		}
	}
	return p
}

// largest is the greatest weight in 8 bits.
const largest = 127

// integers are a layer's weights and biases: weight = q * step[out], bias =
// biases[out] * step[out] * the input's step.
type integers struct {
	q      []byte // int8
	steps  []float32
	biases []int32
}

// integers rounds a layer whose input has a given step. A channel's step is
// that of its greatest weight, or more where its bias would not fit into 30 bits.
func (l layer) integers(input float32) integers {
	out := len(l.biases)
	per := len(l.weights) / out
	n := integers{make([]byte, len(l.weights)), make([]float32, out), make([]int32, out)}
	for c, bias := range l.biases {
		row := l.weights[c*per:][:per]
		greatest := max(slices.Max(row), -slices.Min(row))
		step := max(greatest/largest, float32(math.Abs(float64(bias))/float64(input)/(1<<30)), 1e-30)
		for i, v := range row {
			n.q[c*per+i] = byte(int8(math.Round(float64(v) / float64(step))))
		}
		n.steps[c] = step
		n.biases[c] = int32(math.Round(float64(bias) / (float64(step) * float64(input))))
	}
	return n
}

func floats(raw []byte) []float32 {
	v := make([]float32, len(raw)/4)
	for i := range v {
		v[i] = math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:]))
	}
	return v
}

// attr is the value of a node's attribute, or nil.
func attr(node *onnx.Node, name string) any {
	for _, a := range node.Attrs {
		if a.Name == name {
			return a.Value
		}
	}
	return nil
}

// is tells whether a node's attribute is a list of these numbers.
func is(node *onnx.Node, name string, want ...int64) bool {
	v, ok := attr(node, name).([]int64)
	return ok && slices.Equal(v, want)
}
