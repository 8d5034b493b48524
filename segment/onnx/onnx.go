// Package onnx builds ONNX models in memory: a small typed builder over the
// protocol buffer wire format, enough for the networks and training graphs of
// this project. Start with New, add nodes with Graph.Op and constants with
// Graph.Floats and Graph.Ints, and serialise with Graph.Bytes. Parse is the way
// back.
//
// Source: the ONNX specification, onnx.proto3, IR version 9.
package onnx

import (
	"encoding/binary"
	"fmt"
	"math"
)

// DataType is a TensorProto.DataType.
type DataType int

// The element types used here.
const (
	Float DataType = 1
	Int64 DataType = 7
	Bool  DataType = 9

	// Of quantized networks.
	Uint8 DataType = 2
	Int8  DataType = 3
	Int32 DataType = 6
)

// Value is an input or output of the graph. A dimension is a size, or a name
// where the size is left open.
type Value struct {
	Name string
	Type DataType
	Dims []any // int64 or string
}

// Tensor is an initializer: little-endian elements in row-major order.
type Tensor struct {
	Name string
	Type DataType
	Dims []int64
	Raw  []byte
}

// Attr is a node attribute. Value is an int64, float32, string or []int64.
type Attr struct {
	Name  string
	Value any
}

// Node is one operator; an empty Domain is ONNX's own.
type Node struct {
	Op, Domain, Name string
	Inputs, Outputs  []string
	Attrs            []Attr
}

// Microsoft is the domain of ONNX Runtime's own operators.
const Microsoft = "com.microsoft"

// Graph collects nodes in topological order. It is not safe for concurrent use.
type Graph struct {
	Name     string
	Opset    int64
	Nodes    []Node
	Tensors  []Tensor
	Inputs   []Value
	Outputs  []Value
	Metadata map[string]string // metadata_props

	fresh     int
	constants map[string]string
	microsoft bool
}

// New starts an empty graph for an operator set of the default domain.
func New(name string, opset int64) *Graph {
	return &Graph{Name: name, Opset: opset, Metadata: map[string]string{}, constants: map[string]string{}}
}

// Fresh makes a value name that no other call returns.
func (g *Graph) Fresh(prefix string) string {
	g.fresh++
	return fmt.Sprintf("%s_%d", prefix, g.fresh)
}

// Input declares a graph input and returns its name.
func (g *Graph) Input(name string, t DataType, dims ...int64) string {
	g.Inputs = append(g.Inputs, Value{Name: name, Type: t, Dims: anyDims(dims)})
	return name
}

// Output declares a graph output.
func (g *Graph) Output(name string, t DataType, dims ...int64) {
	g.Outputs = append(g.Outputs, Value{Name: name, Type: t, Dims: anyDims(dims)})
}

func anyDims(dims []int64) []any {
	out := make([]any, len(dims))
	for i, d := range dims {
		out[i] = d
	}
	return out
}

// Op appends a node with one output and returns the output's name.
func (g *Graph) Op(op string, inputs []string, attrs ...Attr) string {
	return g.OpTo(g.Fresh(op), op, inputs, attrs...)
}

// OpTo appends a node whose one output has the given name.
func (g *Graph) OpTo(output, op string, inputs []string, attrs ...Attr) string {
	g.add(Node{Op: op, Name: output, Inputs: inputs, Outputs: []string{output}, Attrs: attrs})
	return output
}

// OpN appends a node with n outputs.
func (g *Graph) OpN(n int, op string, inputs []string, attrs ...Attr) []string {
	base := g.Fresh(op)
	outputs := make([]string, n)
	for i := range outputs {
		outputs[i] = fmt.Sprintf("%s_o%d", base, i)
	}
	g.add(Node{Op: op, Name: base, Inputs: inputs, Outputs: outputs, Attrs: attrs})
	return outputs
}

// OpMicrosoft appends a node of ONNX Runtime's own domain.
func (g *Graph) OpMicrosoft(op string, inputs []string, attrs ...Attr) string {
	out := g.Fresh(op)
	g.microsoft = true
	g.add(Node{Op: op, Domain: Microsoft, Name: out, Inputs: inputs, Outputs: []string{out}, Attrs: attrs})
	return out
}

func (g *Graph) add(n Node) { g.Nodes = append(g.Nodes, n) }

// Prepend puts nodes before all others, for nodes that split packed inputs.
func (g *Graph) Prepend(nodes ...Node) { g.Nodes = append(nodes, g.Nodes...) }

// Weights adds a float initializer of the given shape and returns its name.
func (g *Graph) Weights(name string, dims []int64, v []float32) string {
	raw := make([]byte, 4*len(v))
	for i, x := range v {
		binary.LittleEndian.PutUint32(raw[4*i:], math.Float32bits(x))
	}
	g.Tensors = append(g.Tensors, Tensor{name, Float, dims, raw})
	return name
}

// Ints adds an int64 vector constant, or finds the equal one.
func (g *Graph) Ints(v ...int64) string {
	return g.constant(fmt.Sprint("ints", v), func(name string) {
		raw := make([]byte, 8*len(v))
		for i, x := range v {
			binary.LittleEndian.PutUint64(raw[8*i:], uint64(x))
		}
		g.Tensors = append(g.Tensors, Tensor{name, Int64, []int64{int64(len(v))}, raw})
	})
}

// Floats adds a float vector constant, or finds the equal one.
func (g *Graph) Floats(v ...float32) string {
	return g.constant(fmt.Sprint("floats", v), func(name string) {
		g.Weights(name, []int64{int64(len(v))}, v)
	})
}

// Scalar adds a float constant without dimensions, or finds the equal one.
func (g *Graph) Scalar(v float32) string {
	return g.constant(fmt.Sprint("scalar", v), func(name string) { g.Weights(name, nil, []float32{v}) })
}

func (g *Graph) constant(key string, add func(name string)) string {
	if name, ok := g.constants[key]; ok {
		return name
	}
	name := g.Fresh("const")
	add(name)
	g.constants[key] = name
	return name
}
