package assets

import _ "embed"

// ONNXRuntime is this platform's ONNX Runtime library, compressed with zstd; ortpin.Current says what is inside.
//
//go:embed ort_windows_amd64.zst
var ONNXRuntime []byte
