package onnx

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// maxItems bounds how many nodes, tensors, attributes, dimensions and names
// Parse makes, and with them the memory that a small file may ask for.
const maxItems = 1 << 20

var errDamaged = errors.New("the file is damaged, or is no ONNX file")

// Parse reads a model that Graph.Bytes wrote. Whatever Bytes does not write
// (other fields, types of tensors, operator domains, data in other files) is an
// error, so that Parse(b).Bytes() loses nothing. The tensors' Raw are parts of
// model: do not change one while the other is in use.
func Parse(model []byte) (*Graph, error) {
	d := &decoder{g: New("", 0), items: maxItems}
	if err := d.model(model); err != nil {
		return nil, fmt.Errorf("not an ONNX model that this program wrote: %w", err)
	}
	return d.g, nil
}

// decoder reads protocol buffer messages into g; its methods are the
// counterparts of those in encode.go.
type decoder struct {
	g     *Graph
	items int // that may still be made
	last  int // highest number that a name ends in, for Fresh
}

// known is a message's fields and how each lies in the file.
type known map[protowire.Number]protowire.Type

const (
	number  = protowire.VarintType
	float   = protowire.Fixed32Type
	message = protowire.BytesType
)

// fields calls f with each field of a message: its number, and its value as an
// integer or as bytes. Fields that are not known are an error.
func (d *decoder) fields(b []byte, what string, k known, f func(n protowire.Number, u uint64, v []byte) error) error {
	for len(b) > 0 {
		n, kind, size := protowire.ConsumeTag(b)
		if size < 0 {
			return errDamaged
		}
		b = b[size:]
		if want, ok := k[n]; !ok || kind != want {
			return fmt.Errorf("%s has the unknown field %d", what, n)
		}
		var u uint64
		var v []byte
		switch kind {
		case number:
			u, size = protowire.ConsumeVarint(b)
		case float:
			var bits uint32
			bits, size = protowire.ConsumeFixed32(b)
			u = uint64(bits)
		case message:
			v, size = protowire.ConsumeBytes(b)
		}
		if size < 0 {
			return errDamaged
		}
		b = b[size:]
		if d.items--; d.items < 0 {
			return errors.New("it has too many parts")
		}
		if err := f(n, u, v); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) model(b []byte) error {
	graphs, imports := 0, 0
	var version uint64
	err := d.fields(b, "the model", known{1: number, 2: message, 7: message, 8: message, 14: message}, func(n protowire.Number, u uint64, v []byte) error {
		switch n {
		case 1:
			version = u
		case 7:
			graphs++
			return d.graph(v)
		case 8:
			imports++
			return d.operators(v)
		case 14:
			return d.metadata(v)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case version != irVersion || graphs != 1 || imports == 0 || d.g.Opset < 1:
		return fmt.Errorf("it has %d graphs, %d operator sets and version %d", graphs, imports, version)
	}
	d.g.fresh = d.last
	return nil
}

// operators reads which operator set the model uses.
func (d *decoder) operators(b []byte) error {
	var domain string
	var version int64
	err := d.fields(b, "an operator set", known{1: message, 2: number}, func(n protowire.Number, u uint64, v []byte) error {
		if n == 1 {
			domain = string(v)
		} else {
			version = int64(u)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case domain == "":
		d.g.Opset = version
	case domain == Microsoft && version == 1:
		d.g.microsoft = true
	default:
		return fmt.Errorf("the operator set %q %d is unknown", domain, version)
	}
	return nil
}

func (d *decoder) metadata(b []byte) error {
	var key, value string
	err := d.fields(b, "an entry of the metadata", known{1: message, 2: message}, func(n protowire.Number, _ uint64, v []byte) error {
		if n == 1 {
			key = string(v)
		} else {
			value = string(v)
		}
		return nil
	})
	d.g.Metadata[key] = value
	return err
}

func (d *decoder) graph(b []byte) error {
	g := d.g
	return d.fields(b, "the graph", known{1: message, 2: message, 5: message, 11: message, 12: message}, func(n protowire.Number, _ uint64, v []byte) (err error) {
		switch n {
		case 1:
			var node Node
			node, err = d.node(v)
			g.Nodes = append(g.Nodes, node)
		case 2:
			g.Name = string(v)
		case 5:
			var t Tensor
			t, err = d.tensor(v)
			g.Tensors = append(g.Tensors, t)
		case 11:
			g.Inputs, err = d.value(g.Inputs, v)
		case 12:
			g.Outputs, err = d.value(g.Outputs, v)
		}
		return err
	})
}

func (d *decoder) node(b []byte) (Node, error) {
	var node Node
	err := d.fields(b, "a node", known{1: message, 2: message, 3: message, 4: message, 5: message, 7: message}, func(n protowire.Number, _ uint64, v []byte) error {
		switch n {
		case 1:
			node.Inputs = append(node.Inputs, string(v))
		case 2:
			node.Outputs = append(node.Outputs, d.name(v))
		case 3:
			node.Name = d.name(v)
		case 4:
			node.Op = string(v)
		case 5:
			a, err := d.attr(v)
			node.Attrs = append(node.Attrs, a)
			return err
		case 7:
			node.Domain = string(v)
		}
		return nil
	})
	if err == nil && node.Domain != "" && node.Domain != Microsoft {
		err = fmt.Errorf("the operator %s is of the unknown domain %q", node.Op, node.Domain)
	}
	return node, err
}

// name reads the name of a value, and sees to it that Fresh will not give it
// again.
func (d *decoder) name(v []byte) string {
	s := string(v)
	if n, err := strconv.Atoi(s[strings.LastIndexByte(s, '_')+1:]); err == nil && n < math.MaxInt32 {
		d.last = max(d.last, n)
	}
	return s
}

func (d *decoder) attr(b []byte) (Attr, error) {
	var a Attr
	var kind, u uint64
	var text string
	var f float32
	var list []int64
	err := d.fields(b, "an attribute", known{1: message, 2: float, 3: number, 4: message, 8: number, 20: number}, func(n protowire.Number, x uint64, v []byte) error {
		switch n {
		case 1:
			a.Name = string(v)
		case 2:
			f = math.Float32frombits(uint32(x))
		case 3:
			u = x
		case 4:
			text = string(v)
		case 8:
			list = append(list, int64(x))
		case 20:
			kind = x
		}
		return nil
	})
	switch kind {
	case attrFloat:
		a.Value = f
	case attrInt:
		a.Value = int64(u)
	case attrString:
		a.Value = text
	case attrInts:
		a.Value = list
	default:
		err = errors.Join(err, fmt.Errorf("the attribute %s has the unknown type %d", a.Name, kind))
	}
	return a, err
}

func (d *decoder) tensor(b []byte) (Tensor, error) {
	var t Tensor
	err := d.fields(b, "a tensor", known{1: number, 2: number, 8: message, 9: message}, func(n protowire.Number, u uint64, v []byte) error {
		switch n {
		case 1:
			t.Dims = append(t.Dims, int64(u))
		case 2:
			t.Type = DataType(u)
		case 8:
			t.Name = d.name(v)
		case 9:
			t.Raw = v
		}
		return nil
	})
	if err != nil {
		return t, err
	}
	size, ok := map[DataType]int64{Float: 4, Int64: 8, Bool: 1, Uint8: 1, Int8: 1, Int32: 4}[t.Type]
	for _, n := range t.Dims {
		if n < 0 || n > 0 && size > math.MaxInt64/n {
			ok = false
			break
		}
		size *= n
	}
	if !ok || size != int64(len(t.Raw)) {
		return t, fmt.Errorf("the tensor %s of type %d and shape %v has %d bytes", t.Name, t.Type, t.Dims, len(t.Raw))
	}
	return t, nil
}

// value appends an input or output of the graph.
func (d *decoder) value(list []Value, b []byte) ([]Value, error) {
	var value Value
	tensor := func(_ protowire.Number, _ uint64, v []byte) error {
		return d.fields(v, "a tensor's type", known{1: number, 2: message}, func(n protowire.Number, u uint64, v []byte) (err error) {
			if n == 1 {
				value.Type = DataType(u)
				return nil
			}
			value.Dims, err = d.shape(v)
			return err
		})
	}
	err := d.fields(b, "a value", known{1: message, 2: message}, func(n protowire.Number, _ uint64, v []byte) error {
		if n == 1 {
			value.Name = d.name(v)
			return nil
		}
		return d.fields(v, "a type", known{1: message}, tensor)
	})
	return append(list, value), err
}

func (d *decoder) shape(b []byte) ([]any, error) {
	dims := []any{}
	err := d.fields(b, "a shape", known{1: message}, func(_ protowire.Number, _ uint64, v []byte) error {
		var dim any
		err := d.fields(v, "a dimension", known{1: number, 2: message}, func(n protowire.Number, u uint64, v []byte) error {
			if dim = int64(u); n == 2 {
				dim = string(v)
			}
			return nil
		})
		if dim == nil {
			err = errors.Join(err, errors.New("a dimension has neither size nor name"))
		}
		dims = append(dims, dim)
		return err
	})
	return dims, err
}
