package segment

import (
	"strings"
	"testing"

	"groundglass/segment/onnx"
)

// A model that ends the program does so in a process of its own.
func TestProbeOutlivesBreakingModels(t *testing.T) {
	zero := func(op, attr string, value any) []byte {
		return foreign(t, func(g *onnx.Graph, x string) string {
			in := []string{x}
			if op == "Conv" {
				in = append(in, g.Weights("w", []int64{1, 1, 1, 1}, []float32{1}))
			}
			attrs := []onnx.Attr{{Name: attr, Value: value}}
			if op == "MaxPool" {
				attrs = append(attrs, onnx.Attr{Name: "kernel_shape", Value: []int64{1, 1}})
			}
			return g.Op(op, in, attrs...)
		})
	}
	for name, data := range map[string][]byte{
		"stride of zero": zero("MaxPool", "strides", []int64{0, 0}),
		"no groups":      zero("Conv", "group", int64(0)),
	} {
		_, err := LoadWith(data, LoadOptions{Probe: true, Device: "cpu"})
		t.Logf("%s: %v", name, err)
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestProbe(t *testing.T) {
	text, err := testCard().Encode()
	if err != nil {
		t.Fatal(err)
	}
	m, err := LoadWith(identity(64, text), LoadOptions{Probe: true})
	if err != nil {
		t.Fatal(err)
	}
	m.Close()
	if _, err := LoadWith(bombs(t)["Expand"], LoadOptions{Probe: true}); err == nil || !strings.Contains(err.Error(), "more memory") {
		t.Errorf("a model that wants more memory than it may have: %v", err)
	}
	if err := probe(nil, testCard()); err == nil || !strings.Contains(err.Error(), "not a usable ONNX model") {
		t.Errorf("no model: %v", err)
	}
}
