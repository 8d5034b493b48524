// Package assets holds the bytes that every Groundglass binary carries, and nothing else: ONNX Runtime for the platform
// (ONNXRuntime), the model (Model) and the icon. Package segment unpacks and loads them.
package assets

import "embed"

//go:generate go run ./ortpin/fetch

// Icon is the program's icon, a 512x512 PNG drawn from icon.svg.
//
//go:embed icon.png
var Icon []byte

//go:embed model
var model embed.FS

// Model returns the bundled model, model/model.onnx, or nil where the binary was built without one. The caller must not
// change the bytes.
func Model() []byte { return bundled("model/model.onnx") }

// Int8Model returns what groundglass quantize made of Model, model/model.int8.onnx, or nil.
func Int8Model() []byte { return bundled("model/model.int8.onnx") }

func bundled(name string) []byte {
	data, err := model.ReadFile(name)
	if err != nil {
		return nil
	}
	return data
}
