package segment

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// ModelInfo is what an ONNX file says of itself.
type ModelInfo struct {
	Metadata map[string]string // metadata_props; "groundglass.card" holds the card
	Inputs   []ModelValue      // those without a value in the model
	Outputs  []ModelValue
}

// ModelValue is an input or an output of a model.
type ModelValue struct {
	Name  string
	Type  int     // onnx.TensorProto.DataType: 1 float32, 9 bool; 0 when it is not a tensor
	Shape []int64 // -1 where the model leaves a dimension open; nil when it says nothing
}

// ModelMetadata returns the metadata_props of an ONNX model.
func ModelMetadata(model []byte) (map[string]string, error) {
	info, err := ReadModelInfo(model)
	return info.Metadata, err
}

// ReadModelInfo reads an ONNX model's metadata, inputs and outputs without ONNX Runtime, from protobuf's wire format
// (onnx.proto3). It is an error if the bytes are not a model, if graphs are nested more than 16 deep, or if any tensor
// keeps its data in another file.
func ReadModelInfo(model []byte) (ModelInfo, error) {
	r, err := readModel(model)
	if err != nil {
		return ModelInfo{}, err
	}
	return r.info, nil
}

// readModel is ReadModelInfo with all that the reader has seen.
func readModel(model []byte) (*modelReader, error) {
	r := &modelReader{info: ModelInfo{Metadata: map[string]string{}}, operators: map[operator]bool{}, initial: map[string]bool{}}
	if err := r.model(model); err != nil {
		return nil, fmt.Errorf("not a usable ONNX model: %w", err)
	}
	if !r.graphSeen || len(r.info.Outputs) == 0 {
		return nil, errors.New("not a usable ONNX model: it has no graph with an output")
	}
	r.info.Inputs = slices.DeleteFunc(r.info.Inputs, func(v ModelValue) bool { return r.initial[v.Name] })
	return r, nil
}

// maxGraphDepth bounds the recursion over graphs within graphs (If, Loop, Scan).
const maxGraphDepth = 16

// modelReader walks a ModelProto; its methods are named after the messages that they read.
type modelReader struct {
	info      ModelInfo
	graphSeen bool

	initial   map[string]bool // names of the model's own graph that have a value
	nodes     int
	operators map[operator]bool
	functions bool // the model defines some
	sparse    bool // it has sparse tensors
	text      bool // it has strings
}

func (r *modelReader) model(b []byte) error {
	return fields(b, func(n int, _ uint64, v []byte) error {
		switch n {
		case 7: // graph
			r.graphSeen = true
			return r.graph(v, 0)
		case 14: // metadata_props
			key, value, err := entry(v)
			r.info.Metadata[key] = value
			return err
		case 20: // training_info: initialization, algorithm
			return fields(v, func(n int, _ uint64, v []byte) error {
				if n == 1 || n == 2 {
					return r.graph(v, 1)
				}
				return nil
			})
		case 25: // functions: node
			r.functions = true
			return fields(v, func(n int, _ uint64, v []byte) error {
				if n == 7 {
					return r.node(v, 1)
				}
				return nil
			})
		}
		return nil
	})
}

// graph reads a GraphProto; depth 0 is the model's own.
func (r *modelReader) graph(b []byte, depth int) error {
	if depth > maxGraphDepth {
		return errors.New("graphs are nested too deep")
	}
	return fields(b, func(n int, _ uint64, v []byte) (err error) {
		switch n {
		case 1: // node
			return r.node(v, depth)
		case 5: // initializer
			name, err := r.tensor(v)
			if depth == 0 {
				r.initial[name] = true
			}
			return err
		case 15: // sparse_initializer
			return r.sparseTensor(v)
		case 11: // input
			if depth == 0 {
				r.info.Inputs, err = appendValue(r.info.Inputs, v)
			}
		case 12: // output
			if depth == 0 {
				r.info.Outputs, err = appendValue(r.info.Outputs, v)
			}
		}
		return err
	})
}

// node reads a NodeProto.
func (r *modelReader) node(b []byte, depth int) error {
	r.nodes++
	var op operator
	err := fields(b, func(n int, _ uint64, v []byte) error {
		switch n {
		case 4: // op_type
			op.name = string(v)
		case 5: // attribute
			return r.attribute(v, depth)
		case 7: // domain
			op.domain = string(v)
		}
		return nil
	})
	if op.domain == "ai.onnx" { // the default domain's other name
		op.domain = ""
	}
	r.operators[op] = true
	return err
}

// attribute reads an AttributeProto.
func (r *modelReader) attribute(b []byte, depth int) error {
	var name string
	var number uint64
	err := fields(b, func(n int, u uint64, v []byte) error {
		switch n {
		case 1: // name
			name = string(v)
		case 3: // i
			number = u
		case 5, 10: // t, tensors
			_, err := r.tensor(v)
			return err
		case 22, 23: // sparse_tensor, sparse_tensors
			return r.sparseTensor(v)
		case 6, 11: // g, graphs
			return r.graph(v, depth+1)
		}
		return nil
	})
	constant := name == "value_string" || name == "value_strings"
	r.text = r.text || constant || name == "to" && number == textType // Cast's
	return err
}

// tensor reads a TensorProto's name, and refuses one whose data lies in another
// file.
func (r *modelReader) tensor(b []byte) (name string, err error) {
	err = fields(b, func(n int, u uint64, v []byte) error {
		switch {
		case n == 2: // data_type
			r.text = r.text || u == textType
		case n == 8:
			name = string(v)
		case n == 13 || n == 14 && u != 0: // external_data, data_location
			return errors.New("a tensor keeps its data in another file, and models are read from one file only")
		}
		return nil
	})
	return name, err
}

// sparseTensor reads a SparseTensorProto: values, indices.
func (r *modelReader) sparseTensor(b []byte) error {
	r.sparse = true
	return fields(b, func(n int, _ uint64, v []byte) error {
		if n == 1 || n == 2 {
			_, err := r.tensor(v)
			return err
		}
		return nil
	})
}

// entry reads a StringStringEntryProto.
func entry(b []byte) (key, value string, err error) {
	err = fields(b, func(n int, _ uint64, v []byte) error {
		switch n {
		case 1:
			key = string(v)
		case 2:
			value = string(v)
		}
		return nil
	})
	return key, value, err
}

// appendValue reads a ValueInfoProto.
func appendValue(list []ModelValue, b []byte) ([]ModelValue, error) {
	var value ModelValue
	err := fields(b, func(n int, _ uint64, v []byte) error {
		switch n {
		case 1: // name
			value.Name = string(v)
		case 2: // type
			return fields(v, func(n int, _ uint64, v []byte) error {
				if n == 1 { // tensor_type
					return value.tensorType(v)
				}
				return nil
			})
		}
		return nil
	})
	return append(list, value), err
}

// tensorType reads a TypeProto.Tensor.
func (value *ModelValue) tensorType(b []byte) error {
	return fields(b, func(n int, u uint64, v []byte) error {
		switch n {
		case 1: // elem_type
			value.Type = int(int32(u))
		case 2: // shape
			value.Shape = []int64{}
			return fields(v, func(n int, _ uint64, v []byte) error {
				if n != 1 { // dim
					return nil
				}
				size := int64(-1)
				err := fields(v, func(n int, u uint64, _ []byte) error {
					if n == 1 { // dim_value
						size = int64(u)
					}
					return nil
				})
				value.Shape = append(value.Shape, size)
				return err
			})
		}
		return nil
	})
}

var errWire = errors.New("the file is damaged, or is no ONNX file")

// fields calls f with every field of a protobuf message: its number, its value if it is a number, its bytes if it has a
// length.
func fields(b []byte, f func(number int, value uint64, bytes []byte) error) error {
	for len(b) > 0 {
		key, n := binary.Uvarint(b)
		if n <= 0 || key>>3 == 0 || key>>3 > 1<<29-1 {
			return errWire
		}
		b = b[n:]
		var value uint64
		var bytes []byte
		switch key & 7 {
		case 0: // varint
			value, n = binary.Uvarint(b)
		case 1: // 64 bit
			n = 8
		case 2: // length
			value, n = binary.Uvarint(b)
			if n <= 0 || value > uint64(len(b)-n) {
				return errWire
			}
			bytes, n = b[n:n+int(value)], n+int(value)
		case 5: // 32 bit
			n = 4
		default:
			return errWire
		}
		if n <= 0 || n > len(b) {
			return errWire
		}
		b = b[n:]
		if err := f(int(key>>3), value, bytes); err != nil {
			return err
		}
	}
	return nil
}
