package quantize

import (
	"errors"
	"fmt"

	"groundglass/segment/onnx"
)

// shape is a value's channels, rows and columns; its batch is open.
type shape struct{ c, h, w int64 }

func (s shape) size() int64 { return s.c * s.h * s.w }

func (s shape) String() string { return fmt.Sprintf("%dx%dx%d", s.c, s.h, s.w) }

// network is a float model whose operators have been checked to be of the kinds
// that segment/train writes.
type network struct {
	graph   *onnx.Graph
	input   string
	output  string
	tensors map[string]*onnx.Tensor
	shapes  map[string]shape // of every value at the network's own size
	layers  map[string]layer // by the convolution's output
	readers map[string][]*onnx.Node
	makers  map[string]*onnx.Node
}

// read checks a model for an input of size x size.
func read(model []byte, size int) (*network, error) {
	g, err := onnx.Parse(model)
	if err != nil {
		return nil, err
	}
	n := &network{graph: g, tensors: map[string]*onnx.Tensor{}, shapes: map[string]shape{}, layers: map[string]layer{},
		readers: map[string][]*onnx.Node{}, makers: map[string]*onnx.Node{}}
	for i := range g.Tensors {
		n.tensors[g.Tensors[i].Name] = &g.Tensors[i]
	}
	if err := n.ends(size); err != nil {
		return nil, err
	}
	for i := range g.Nodes {
		if err := n.add(&g.Nodes[i]); err != nil {
			return nil, fmt.Errorf("operator %s (%s): %w", g.Nodes[i].Op, g.Nodes[i].Name, err)
		}
	}
	return n, n.check()
}

// check sees to it that each Relu alone reads a convolution, and that what ends
// the network is a Sigmoid that alone reads one.
func (n *network) check() error {
	for i := range n.graph.Nodes {
		node := &n.graph.Nodes[i]
		if node.Op != "Relu" && node.Op != "Sigmoid" {
			continue
		}
		maker := n.makers[node.Inputs[0]]
		if maker == nil || maker.Op != "Conv" || len(n.readers[node.Inputs[0]]) != 1 {
			return fmt.Errorf("%s %s is not the only reader of a convolution", node.Op, node.Name)
		}
		if (node.Op == "Sigmoid") != (node.Outputs[0] == n.output) {
			return errors.New("the model must end in its one Sigmoid")
		}
	}
	if n.makers[n.output] == nil || len(n.readers[n.output]) > 0 {
		return errors.New("the model's output is not the last operator's")
	}
	return nil
}

// ends takes the graph's one input and one output.
func (n *network) ends(size int) error {
	g := n.graph
	if len(g.Inputs) != 1 || len(g.Outputs) != 1 || len(g.Inputs[0].Dims) != 4 || len(g.Outputs[0].Dims) != 4 {
		return errors.New("the model needs one input and one output of four dimensions")
	}
	c, ok := g.Inputs[0].Dims[1].(int64)
	if !ok || c < 1 || c > 64 || size < 1 || size > 1024 {
		return fmt.Errorf("an input of %v channels at %dx%d is not supported", g.Inputs[0].Dims[1], size, size)
	}
	n.input, n.output = g.Inputs[0].Name, g.Outputs[0].Name
	n.shapes[n.input] = shape{c, int64(size), int64(size)}
	return nil
}

// add checks a node, whose inputs have been added before, and works out what it
// makes.
func (n *network) add(node *onnx.Node) error {
	values := node.Inputs
	if node.Op == "Conv" || node.Op == "ConvTranspose" {
		values = values[:min(1, len(values))] // the others are constants
	}
	if len(node.Outputs) != 1 || len(values) == 0 || node.Domain != "" {
		return errors.New("it must have inputs, one output, and be of ONNX's own")
	}
	for _, v := range values {
		if _, ok := n.shapes[v]; !ok {
			return fmt.Errorf("no operator before it makes its input %q", v)
		}
		n.readers[v] = append(n.readers[v], node)
	}
	s, err := n.made(node)
	if err != nil {
		return err
	}
	out := node.Outputs[0]
	if _, taken := n.shapes[out]; taken {
		return fmt.Errorf("another one makes its output %q", out)
	}
	n.makers[out], n.shapes[out] = node, s
	return nil
}

// made is the shape that a node gives its output.
func (n *network) made(node *onnx.Node) (shape, error) {
	x := n.shapes[node.Inputs[0]]
	switch node.Op {
	case "Conv", "ConvTranspose":
		l, err := n.layer(node)
		if err != nil {
			return x, err
		}
		n.layers[node.Outputs[0]] = l
		return l.output(x)
	case "MaxPool":
		if !is(node, "kernel_shape", 2, 2) || !is(node, "strides", 2, 2) || len(node.Attrs) != 2 || x.h%2+x.w%2 != 0 {
			return x, fmt.Errorf("only 2x2 maxima with strides 2, of even sizes, are supported, and not of %v", x)
		}
		return shape{x.c, x.h / 2, x.w / 2}, nil
	case "Relu", "Sigmoid":
		return x, nil
	case "Concat":
		return n.joined(node)
	}
	return x, errors.New("it is not supported")
}

// joined is the shape of a Concat's output.
func (n *network) joined(node *onnx.Node) (shape, error) {
	all := n.shapes[node.Inputs[0]]
	for _, v := range node.Inputs[1:] {
		s := n.shapes[v]
		if s.h != all.h || s.w != all.w {
			return all, fmt.Errorf("%v and %v do not fit together", all, s)
		}
		all.c += s.c
	}
	if axis, ok := attr(node, "axis").(int64); !ok || axis != 1 || all.c > 1<<16 {
		return all, errors.New("only channels can be joined")
	}
	return all, nil
}

// rectified is the Relu that alone reads a convolution, or nil.
func (n *network) rectified(value string) *onnx.Node {
	if r := n.readers[value]; len(r) == 1 && r[0].Op == "Relu" {
		return r[0]
	}
	return nil
}

// head tells whether a convolution's output goes to the Sigmoid.
func (n *network) head(value string) bool {
	r := n.readers[value]
	return len(r) == 1 && r[0].Op == "Sigmoid"
}
