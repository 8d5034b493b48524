package segment

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"groundglass/annotate/fuzzlimit"
	"groundglass/segment/onnx"

	"google.golang.org/protobuf/encoding/protowire"
)

func TestReadModelInfo(t *testing.T) {
	info, err := ReadModelInfo(sumModel())
	if err != nil {
		t.Fatal(err)
	}
	want := ModelInfo{
		Metadata: map[string]string{"groundglass.card": `{"name":"sum"}`},
		Inputs:   []ModelValue{{"a", 1, []int64{1, 4}}, {"b", 1, []int64{1, 4}}, {"keep", 9, []int64{1, 4}}},
		Outputs:  []ModelValue{{"sum", 1, []int64{1, 4}}},
	}
	if !reflect.DeepEqual(info, want) {
		t.Errorf("info is %+v, want %+v", info, want)
	}
}

func message(field protowire.Number, body []byte) []byte {
	return protowire.AppendBytes(protowire.AppendTag(nil, field, protowire.BytesType), body)
}

// external is a TensorProto "w" of four floats that lie in another file.
func external(file string) []byte {
	b := message(1, []byte{4})                // dims
	b = append(b, 0x10, 1)                    // data_type: float32
	b = append(b, message(8, []byte("w"))...) // name
	pair := append(message(1, []byte("location")), message(2, []byte(file))...)
	b = append(b, message(13, pair)...) // external_data
	return append(b, 0x70, 1)           // data_location: external
}

// A model may keep its weights in files that it names: none of the places where ONNX allows that gets through.
func TestModelCannotReadFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("secret", make([]byte, 16), 0o600); err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs("secret")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"secret", abs} {
		w := external(file)
		attr := func(field protowire.Number, body []byte) []byte { return message(1, message(5, message(field, body))) }
		for name, model := range map[string][]byte{
			"initializer":        message(7, message(5, w)),
			"sparse initializer": message(7, message(15, message(1, w))),
			"sparse indices":     message(7, message(15, message(2, w))),
			"constant":           message(7, attr(5, w)),
			"constants":          message(7, attr(10, w)),
			"sparse constant":    message(7, attr(22, message(1, w))),
			"branch":             message(7, attr(6, message(5, w))),
			"branches":           message(7, attr(11, attr(6, message(5, w)))),
			"function":           message(25, message(7, message(5, message(5, w)))),
			"training":           message(20, message(1, message(5, w))),
		} {
			t.Run(name, func(t *testing.T) {
				model := append(sumModel(), model...)
				_, err := OpenSession(model, []string{"a", "b", "keep"}, []string{"sum"}, Options{})
				if err == nil || !strings.Contains(err.Error(), "another file") {
					t.Errorf("a model that reads %s opens: %v", file, err)
				}
			})
		}
	}
}

func TestModelNesting(t *testing.T) {
	graph := []byte{}
	for range 1000 {
		graph = message(1, message(5, message(6, graph)))
	}
	if _, err := ReadModelInfo(append(sumModel(), message(7, graph)...)); err == nil || !strings.Contains(err.Error(), "nested") {
		t.Errorf("1,000 graphs within each other give %v", err)
	}
}

func FuzzReadModelInfo(f *testing.F) {
	f.Add(sumModel())
	f.Add(sumModel()[:50])
	f.Add(message(7, message(5, external("w"))))
	f.Add([]byte{0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01})
	f.Add(onnx.New("empty", 17).Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		info, err := ReadModelInfo(data)
		if err == nil && len(info.Outputs) == 0 {
			t.Error("a model without outputs is accepted")
		}
	})
}
