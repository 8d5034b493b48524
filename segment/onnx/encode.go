package onnx

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers are onnx.proto3's.
const (
	irVersion = 9
	producer  = "groundglass"

	attrFloat, attrInt, attrString, attrInts = 1, 2, 3, 7
)

// Bytes serialises the model. Equal graphs give equal bytes.
func (g *Graph) Bytes() []byte {
	b := appendInt(nil, 1, irVersion)
	b = appendString(b, 2, producer)
	b = appendMessage(b, 7, g.encode())
	b = appendMessage(b, 8, appendInt(nil, 2, g.Opset))
	if g.microsoft {
		b = appendMessage(b, 8, appendInt(appendString(nil, 1, Microsoft), 2, 1))
	}
	for _, key := range slices.Sorted(maps.Keys(g.Metadata)) {
		b = appendMessage(b, 14, appendString(appendString(nil, 1, key), 2, g.Metadata[key]))
	}
	return b
}

func (g *Graph) encode() []byte {
	var b []byte
	for i := range g.Nodes {
		b = appendMessage(b, 1, g.Nodes[i].encode())
	}
	b = appendString(b, 2, g.Name)
	for i := range g.Tensors {
		b = appendMessage(b, 5, g.Tensors[i].encode())
	}
	for i := range g.Inputs {
		b = appendMessage(b, 11, g.Inputs[i].encode())
	}
	for i := range g.Outputs {
		b = appendMessage(b, 12, g.Outputs[i].encode())
	}
	return b
}

func (n *Node) encode() []byte {
	var b []byte
	for _, s := range n.Inputs {
		b = appendString(b, 1, s)
	}
	for _, s := range n.Outputs {
		b = appendString(b, 2, s)
	}
	b = appendString(b, 3, n.Name)
	b = appendString(b, 4, n.Op)
	for i := range n.Attrs {
		b = appendMessage(b, 5, n.Attrs[i].encode())
	}
	if n.Domain != "" {
		b = appendString(b, 7, n.Domain)
	}
	return b
}

func (a *Attr) encode() []byte {
	b := appendString(nil, 1, a.Name)
	switch v := a.Value.(type) {
	case float32:
		b = protowire.AppendTag(b, 2, protowire.Fixed32Type)
		b = protowire.AppendFixed32(b, math.Float32bits(v))
		return appendInt(b, 20, attrFloat)
	case int64:
		return appendInt(appendInt(b, 3, v), 20, attrInt)
	case string:
		return appendInt(appendString(b, 4, v), 20, attrString)
	case []int64:
		for _, x := range v {
			b = appendInt(b, 8, x)
		}
		return appendInt(b, 20, attrInts)
	}
	panic(fmt.Sprintf("onnx: attribute %s has the unsupported type %T", a.Name, a.Value))
}

func (t *Tensor) encode() []byte {
	var b []byte
	for _, d := range t.Dims {
		b = appendInt(b, 1, d)
	}
	b = appendInt(b, 2, int64(t.Type))
	b = appendString(b, 8, t.Name)
	return appendMessage(b, 9, t.Raw)
}

func (v *Value) encode() []byte {
	var shape []byte
	for _, d := range v.Dims {
		switch x := d.(type) {
		case int64:
			shape = appendMessage(shape, 1, appendInt(nil, 1, x))
		case string:
			shape = appendMessage(shape, 1, appendString(nil, 2, x))
		default:
			panic(fmt.Sprintf("onnx: dimension of %s has the unsupported type %T", v.Name, d))
		}
	}
	tensor := appendMessage(appendInt(nil, 1, int64(v.Type)), 2, shape)
	return appendMessage(appendString(nil, 1, v.Name), 2, appendMessage(nil, 1, tensor))
}

func appendMessage(b []byte, field protowire.Number, m []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(b, field, protowire.BytesType), m)
}

func appendString(b []byte, field protowire.Number, s string) []byte {
	return protowire.AppendString(protowire.AppendTag(b, field, protowire.BytesType), s)
}

func appendInt(b []byte, field protowire.Number, v int64) []byte {
	return protowire.AppendVarint(protowire.AppendTag(b, field, protowire.VarintType), uint64(v))
}
