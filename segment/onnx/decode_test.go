package onnx_test

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"groundglass/annotate/fuzzlimit"
	"groundglass/assets"
	"groundglass/segment/onnx"
)

// every is a graph of every type of tensor, and of open and fixed dimensions.
func every() *onnx.Graph {
	g := build()
	g.Tensors = append(g.Tensors,
		onnx.Tensor{Name: "bytes", Type: onnx.Uint8, Dims: []int64{3}, Raw: []byte{0, 128, 255}},
		onnx.Tensor{Name: "signed", Type: onnx.Int8, Dims: []int64{1, 2}, Raw: []byte{128, 127}},
		onnx.Tensor{Name: "words", Type: onnx.Int32, Raw: []byte{1, 2, 3, 4}},
		onnx.Tensor{Name: "bits", Type: onnx.Bool, Dims: []int64{0}, Raw: []byte{}})
	g.Op("DepthToSpace", []string{"y"}, onnx.Attr{Name: "mode", Value: "CRD"}, onnx.Attr{Name: "blocksize", Value: int64(-2)})
	g.Output("y2", onnx.Uint8, 1, 2)
	return g
}

// TestParseRoundTrip: what Bytes wrote comes back in every part, and is written
// again as the same bytes.
func TestParseRoundTrip(t *testing.T) {
	for name, model := range map[string][]byte{"every kind": every().Bytes(), "no node": onnx.New("", 17).Bytes(), "bundled": assets.Model()} {
		g, err := onnx.Parse(model)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !bytes.Equal(g.Bytes(), model) {
			t.Errorf("%s: the parsed model is written as other bytes", name)
		}
	}
	g, err := onnx.Parse(every().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	want := every()
	for part, pair := range map[string][2]any{
		"nodes": {g.Nodes, want.Nodes}, "tensors": {g.Tensors, want.Tensors}, "metadata": {g.Metadata, want.Metadata},
		"inputs": {g.Inputs, want.Inputs}, "outputs": {g.Outputs, want.Outputs}, "name": {g.Name, want.Name}, "opset": {g.Opset, want.Opset},
	} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("%s: %v, want %v", part, pair[0], pair[1])
		}
	}
}

// TestParsedGraphGrows: names that Fresh makes for a parsed graph are new in it.
func TestParsedGraphGrows(t *testing.T) {
	g, err := onnx.Parse(every().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	taken := map[string]bool{}
	for _, n := range g.Nodes {
		taken[n.Name] = true
	}
	for _, n := range g.Tensors {
		taken[n.Name] = true
	}
	if name := g.Op("Conv", []string{"x", "w"}); taken[name] {
		t.Errorf("the new node takes the name %s of another", name)
	}
}

func TestParseRefuses(t *testing.T) {
	good := every().Bytes()
	long := onnx.New("many", 17)
	for range 1 << 18 {
		long.Nodes = append(long.Nodes, onnx.Node{Op: "x", Name: "y", Outputs: []string{"z"}})
	}
	short := every()
	short.Tensors[0].Raw = short.Tensors[0].Raw[1:]
	huge := every()
	huge.Tensors[0].Dims = []int64{1 << 32, 1 << 32, 1 << 32}
	negative := every()
	negative.Tensors[0].Dims = []int64{-1, -4}
	domain := every()
	domain.Nodes[0].Domain = "elsewhere"
	for name, c := range map[string]struct {
		model []byte
		says  string
	}{
		"nothing":         {nil, "0 graphs"},
		"text":            {[]byte("a text file, and a long one at that"), "unknown field"},
		"cut short":       {good[:len(good)-3], "damaged"},
		"two graphs":      {append(bytes.Clone(good), good...), "2 graphs"},
		"unknown field":   {append(bytes.Clone(good), 0x28, 1), "unknown field 5"},
		"many parts":      {long.Bytes(), "too many parts"},
		"short tensor":    {short.Bytes(), "has 15 bytes"},
		"huge tensor":     {huge.Bytes(), "has 16 bytes"},
		"negative tensor": {negative.Bytes(), "has 16 bytes"},
		"domain":          {domain.Bytes(), "elsewhere"},
		"no operators":    {onnx.New("", 0).Bytes(), "1 operator sets"},
	} {
		if _, err := onnx.Parse(c.model); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// FuzzParse: what is accepted comes back the same from what is written of it.
func FuzzParse(f *testing.F) {
	f.Add(every().Bytes())
	f.Add(every().Bytes()[:60])
	f.Add(onnx.New("empty", 17).Bytes())
	f.Fuzz(func(t *testing.T, model []byte) {
		defer fuzzlimit.Start()()
		g, err := onnx.Parse(model)
		if err != nil {
			return
		}
		written := g.Bytes()
		again, err := onnx.Parse(written)
		if err != nil {
			t.Fatalf("what was written is refused: %v", err)
		}
		if !bytes.Equal(again.Bytes(), written) {
			t.Error("a second round trip changes the model")
		}
	})
}
