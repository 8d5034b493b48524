package annotate

import (
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math"
)

// errCut is what a coded piece that ends too early, or holds impossible counts, gives.
var errCut = errors.New("it ends too early or is damaged")

// encoder appends coded values to b: numbers as uvarint, texts and bytes behind
// their length, floats as 8 bytes, the lowest first.
type encoder struct{ b []byte }

func (e *encoder) byte(v uint8)    { e.b = append(e.b, v) }
func (e *encoder) num(v uint64)    { e.b = binary.AppendUvarint(e.b, v) }
func (e *encoder) count(v int)     { e.num(uint64(v)) }
func (e *encoder) float(v float64) { e.b = binary.LittleEndian.AppendUint64(e.b, math.Float64bits(v)) }
func (e *encoder) bool(v bool)     { e.byte(uint8(m2i(v))) }

func (e *encoder) bytes(v []byte) {
	e.count(len(v))
	e.b = append(e.b, v...)
}

func (e *encoder) text(v string) { e.bytes([]byte(v)) }

func (e *encoder) rect(r image.Rectangle) {
	for _, v := range [4]int{r.Min.X, r.Min.Y, r.Dx(), r.Dy()} {
		e.count(v)
	}
}

// decoder reads what an encoder wrote, from bytes that may be damaged or hostile:
// after the first fault all values are zero, and it never takes more memory than
// there are bytes.
type decoder struct {
	b      []byte
	err    error
	layout Layout
}

func (d *decoder) fail(format string, a ...any) {
	if d.err == nil {
		d.err = fmt.Errorf(format, a...)
	}
	d.b = nil
}

func (d *decoder) cut() {
	if d.err == nil {
		d.err = errCut
	}
	d.b = nil
}

func (d *decoder) byte() uint8 {
	if len(d.b) == 0 {
		d.cut()
		return 0
	}
	v := d.b[0]
	d.b = d.b[1:]
	return v
}

func (d *decoder) bool() bool { return d.byte() != 0 }

func (d *decoder) num() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.cut()
		return 0
	}
	d.b = d.b[n:]
	return v
}

// below is a number less than n.
func (d *decoder) below(n int) int {
	v := d.num()
	if v >= uint64(max(n, 0)) {
		d.fail("%d is not below %d", v, n)
		return 0
	}
	return int(v)
}

// count is a number of pieces of at least one byte each.
func (d *decoder) count() int {
	v := d.num()
	if v > uint64(len(d.b)) {
		d.cut()
		return 0
	}
	return int(v)
}

// float is a finite number.
func (d *decoder) float() float64 {
	if len(d.b) < 8 {
		d.cut()
		return 0
	}
	v := math.Float64frombits(binary.LittleEndian.Uint64(d.b))
	d.b = d.b[8:]
	if math.IsNaN(v) || math.IsInf(v, 0) {
		d.fail("a number is none")
		return 0
	}
	return v
}

// bytes is a part of the decoder's own; not to be kept.
func (d *decoder) bytes() []byte {
	n := d.count()
	v := d.b[:n]
	d.b = d.b[n:]
	return v
}

func (d *decoder) text() string { return string(d.bytes()) }

// rect is a rectangle within bounds that start at (0, 0).
func (d *decoder) rect(bounds image.Rectangle) image.Rectangle {
	x, y := d.below(bounds.Max.X+1), d.below(bounds.Max.Y+1)
	w, h := d.below(bounds.Max.X-x+1), d.below(bounds.Max.Y-y+1)
	return image.Rect(x, y, x+w, y+h)
}
