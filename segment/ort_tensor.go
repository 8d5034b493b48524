package segment

import (
	"errors"
	"fmt"
	"math"
	"runtime"

	ort "github.com/yalue/onnxruntime_go"
)

// Tensor is a dense row-major tensor whose memory Go and ONNX Runtime share: what is written to Floats or Bytes is what
// the next run reads, and what a run writes is there to read after it, without a copy. Close it when done.
type Tensor struct {
	shape  []int64
	floats []float32
	bytes  []byte
	value  ort.Value
	pin    runtime.Pinner // ONNX Runtime keeps the address for as long as value lives
}

// NewFloat makes a float32 tensor over data, which it keeps and does not copy; nil data means zeros of its own.
func NewFloat(shape []int64, data []float32) (*Tensor, error) {
	t := &Tensor{shape: shape, floats: data}
	return t, open(t, &t.floats, func() (ort.Value, error) { return ort.NewTensor(ort.NewShape(shape...), t.floats) })
}

// NewBool makes a boolean tensor over data, one byte of 0 or 1 an element, which it keeps and does not copy; nil data
// means zeros of its own.
func NewBool(shape []int64, data []byte) (*Tensor, error) {
	t := &Tensor{shape: shape, bytes: data}
	return t, open(t, &t.bytes, func() (ort.Value, error) {
		return ort.NewCustomDataTensor(ort.NewShape(shape...), t.bytes, ort.TensorElementDataTypeBool)
	})
}

// open checks t's data against its shape, pins it and makes the native value.
func open[T any](t *Tensor, data *[]T, native func() (ort.Value, error)) error {
	n, err := elements(t.shape)
	if err != nil {
		return err
	}
	if *data == nil {
		*data = make([]T, n)
	}
	if len(*data) != n {
		return fmt.Errorf("a tensor of shape %v has %d elements, not %d", t.shape, n, len(*data))
	}
	if err := Start(); err != nil {
		return err
	}
	t.pin.Pin(&(*data)[0])
	if t.value, err = native(); err != nil {
		t.pin.Unpin()
		return fmt.Errorf("tensor of shape %v: %w", t.shape, err)
	}
	runtime.SetFinalizer(t, (*Tensor).Close) // a forgotten pin would end the whole program
	return nil
}

// elements is the number of elements of a shape, at least one.
func elements(shape []int64) (int, error) {
	n := int64(1)
	for _, d := range shape {
		if d < 1 || n > math.MaxInt32/d {
			return 0, fmt.Errorf("tensor shape %v is empty or too large", shape)
		}
		n *= d
	}
	if len(shape) == 0 {
		return 0, errors.New("a tensor needs at least one dimension")
	}
	return int(n), nil
}

// Shape is the tensor's shape; do not change it.
func (t *Tensor) Shape() []int64 { return t.shape }

// Floats is a float32 tensor's memory, nil of a boolean one.
func (t *Tensor) Floats() []float32 { return t.floats }

// Bytes is a boolean tensor's memory, nil of a float32 one.
func (t *Tensor) Bytes() []byte { return t.bytes }

// Close frees what ONNX Runtime holds; Floats and Bytes stay readable. No run may be using t.
func (t *Tensor) Close() {
	if t.value != nil {
		_ = t.value.Destroy()
		t.value = nil
		t.pin.Unpin()
	}
}
