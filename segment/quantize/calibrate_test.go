package quantize

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"groundglass/segment/onnx"
)

// TestShift: how much lower another network's logits are is found, here of the
// same network with other biases at its head.
func TestShift(t *testing.T) {
	const size = 16
	p := plan{1, 3, 1, 2}
	n, err := read(p.random(5).Bytes(), size)
	if err != nil {
		t.Fatal(err)
	}
	lower := p.random(5)
	at := slices.IndexFunc(lower.Tensors, func(x onnx.Tensor) bool { return x.Name == "head_b" })
	want := []float32{0.5, -0.25}
	for i, v := range floats(lower.Tensors[at].Raw) {
		binary.LittleEndian.PutUint32(lower.Tensors[at].Raw[4*i:], math.Float32bits(v-want[i]))
	}
	got, err := n.shift(t.Context(), lower, p.inputs(2, size))
	if err != nil {
		t.Fatal(err)
	}
	for i := range want {
		if math.Abs(float64(got[i]-want[i])) > 1e-3 {
			t.Errorf("channel %d is found %g lower, it is %g", i, got[i], want[i])
		}
	}
}
