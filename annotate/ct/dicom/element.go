package dicom

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// element is one data element. Value is nil where it was too long to keep, and
// for sequences, whose content is in items. Offset is where its length bytes are:
// in the file, or in what the data set inflates to.
type element struct {
	tag            tag.Tag
	vr             string
	value          []byte
	items          []*dataset
	offset, length int64
}

// dataset is the content of a file or of a sequence's item.
type dataset struct {
	order    binary.ByteOrder
	elements []element
}

// find returns an element of the data set itself, not of its sequences.
func (d *dataset) find(t tag.Tag) *element {
	for i := range d.elements {
		if d.elements[i].tag == t {
			return &d.elements[i]
		}
	}
	return nil
}

// item returns the first item of a sequence, or nil.
func (d *dataset) item(t tag.Tag) *dataset {
	if e := d.find(t); e != nil && len(e.items) > 0 {
		return e.items[0]
	}
	return nil
}

// maxValues is the most values that anything here asks of one element.
const maxValues = 64

// texts returns the values of a text element without their padding, up to
// maxValues.
func (d *dataset) texts(t tag.Tag) []string {
	e := d.find(t)
	if e == nil || len(e.value) == 0 {
		return nil
	}
	values := strings.SplitN(string(e.value), `\`, maxValues+1)
	values = values[:min(len(values), maxValues)]
	for i := range values {
		values[i] = strings.Trim(values[i], " \x00\t\r\n")
	}
	return values
}

// words returns the first value of a text element as UTF-8, or "". The text is
// decoded before it is split, since in some character sets a backslash is half
// of a character.
func (d *dataset) words(t tag.Tag, decode func(string) string) string {
	e := d.find(t)
	if e == nil {
		return ""
	}
	s, _, _ := strings.Cut(decode(string(e.value)), `\`)
	return strings.Trim(s, " \x00\t\r\n")
}

// text returns the first value of a text element, or "".
func (d *dataset) text(t tag.Tag) string {
	if v := d.texts(t); len(v) > 0 {
		return v[0]
	}
	return ""
}

// numbers returns the values of a numeric element; nil where one of them is
// missing or not a finite number.
func (d *dataset) numbers(t tag.Tag) []float64 {
	e := d.find(t)
	if e == nil || len(e.value) == 0 {
		return nil
	}
	var size int
	var at func(b []byte) float64
	switch e.vr {
	case "US":
		size, at = 2, func(b []byte) float64 { return float64(d.order.Uint16(b)) }
	case "SS":
		size, at = 2, func(b []byte) float64 { return float64(int16(d.order.Uint16(b))) }
	case "UL":
		size, at = 4, func(b []byte) float64 { return float64(d.order.Uint32(b)) }
	case "SL":
		size, at = 4, func(b []byte) float64 { return float64(int32(d.order.Uint32(b))) }
	case "UV":
		size, at = 8, func(b []byte) float64 { return float64(d.order.Uint64(b)) }
	case "SV":
		size, at = 8, func(b []byte) float64 { return float64(int64(d.order.Uint64(b))) }
	case "FL":
		size, at = 4, func(b []byte) float64 { return float64(math.Float32frombits(d.order.Uint32(b))) }
	case "FD":
		size, at = 8, func(b []byte) float64 { return math.Float64frombits(d.order.Uint64(b)) }
	default:
		return decimals(d.texts(t))
	}
	var out []float64
	for b := e.value; len(b) >= size && len(out) < maxValues; b = b[size:] {
		v := at(b)
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// decimals reads decimal and integer strings (VR DS and IS).
func decimals(values []string) []float64 {
	var out []float64
	for _, s := range values {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil
		}
		out = append(out, v)
	}
	return out
}

// number returns the first of an element's numbers.
func (d *dataset) number(t tag.Tag) (float64, bool) {
	if v := d.numbers(t); len(v) > 0 {
		return v[0], true
	}
	return 0, false
}

// label returns an element's first value as text, be it written as a number or
// not.
func (d *dataset) label(t tag.Tag) string {
	if v, ok := d.number(t); ok {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return d.text(t)
}

// integer returns the first of an element's numbers where it is a whole one
// that fits 32 bits, else the default.
func (d *dataset) integer(t tag.Tag, otherwise int) int {
	v, ok := d.number(t)
	if !ok || v != math.Trunc(v) || math.Abs(v) > math.MaxInt32 {
		return otherwise
	}
	return int(v)
}

// vector fills v with an element's numbers; false unless there are as many.
func (d *dataset) vector(t tag.Tag, v []float64) bool {
	n := d.numbers(t)
	if len(n) != len(v) {
		return false
	}
	copy(v, n)
	return true
}
