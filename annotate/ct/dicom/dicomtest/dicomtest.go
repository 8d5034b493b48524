// Package dicomtest writes small DICOM files for tests, right ones and wrong
// ones: nothing that it is given is checked.
package dicomtest

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"sort"
	"strings"
)

// Transfer syntaxes that Write knows how to encode; any other is written as
// explicit VR little endian.
const (
	ImplicitLittle = "1.2.840.10008.1.2"
	ExplicitLittle = "1.2.840.10008.1.2.1"
	ExplicitBig    = "1.2.840.10008.1.2.2"
	Deflated       = "1.2.840.10008.1.2.1.99"
)

// Element is a data element. Tag is the group and the element number in one, as
// in 0x00280010. Value is a string, an int or []int for US and SS, a []uint16
// for OW, a []byte, or for SQ a []Dataset or [Undefined].
type Element struct {
	Tag   uint32
	VR    string
	Value any
}

// Undefined is the items of a sequence without lengths: all ends are marked by
// delimiters. Where its VR is UN, the items are in implicit VR.
type Undefined []Dataset

// Dataset is a data set by tag.
type Dataset map[uint32]Element

// Set adds or replaces an element.
func (d Dataset) Set(tag uint32, vr string, value any) { d[tag] = Element{tag, vr, value} }

// Clone returns a copy whose elements can be replaced.
func (d Dataset) Clone() Dataset {
	c := Dataset{}
	for k, v := range d {
		c[k] = v
	}
	return c
}

// CT returns a CT image of w*h 16-bit signed pixels at height z mm.
func CT(w, h int, z float64, pixels []uint16) Dataset {
	d := Dataset{}
	d.Set(0x00080008, "CS", `ORIGINAL\PRIMARY\AXIAL`)
	d.Set(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2")
	d.Set(0x00080018, "UI", fmt.Sprintf("1.2.3.%d", int(z*1000)))
	d.Set(0x00080060, "CS", "CT")
	d.Set(0x0020000d, "UI", "1.2.3")
	d.Set(0x0020000e, "UI", "1.2.3.4")
	d.Set(0x00200032, "DS", fmt.Sprintf(`-100\-120\%g`, z))
	d.Set(0x00200037, "DS", `1\0\0\0\1\0`)
	d.Set(0x00200052, "UI", "1.2.3.5")
	d.Set(0x00280002, "US", 1)
	d.Set(0x00280004, "CS", "MONOCHROME2")
	d.Set(0x00280010, "US", h)
	d.Set(0x00280011, "US", w)
	d.Set(0x00280030, "DS", `0.8\0.7`)
	d.Set(0x00280100, "US", 16)
	d.Set(0x00280101, "US", 16)
	d.Set(0x00280102, "US", 15)
	d.Set(0x00280103, "US", 1)
	d.Set(0x00281052, "DS", "-1024")
	d.Set(0x00281053, "DS", "1")
	d.Set(0x7fe00010, "OW", pixels)
	return d
}

// Write returns a file with preamble and meta group.
func Write(syntax string, d Dataset) []byte {
	meta := Dataset{}
	meta.Set(0x00020001, "OB", []byte{0, 1})
	meta.Set(0x00020010, "UI", syntax)
	var b bytes.Buffer
	b.Write(make([]byte, 128))
	b.WriteString("DICM")
	b.Write(Bare(ExplicitLittle, meta))
	b.Write(Bare(syntax, d))
	return b.Bytes()
}

// Encapsulated returns a file whose compressed pixels have the given basic offset
// table and fragments. Those of odd length are padded.
func Encapsulated(syntax string, d Dataset, table []byte, fragments ...[]byte) []byte {
	d = d.Clone()
	delete(d, 0x7fe00010)
	file := append(Write(syntax, d), "\xe0\x7f\x10\x00OB\x00\x00\xff\xff\xff\xff"...)
	for _, f := range append([][]byte{table}, fragments...) {
		file = append(file, 0xfe, 0xff, 0x00, 0xe0)
		file = binary.LittleEndian.AppendUint32(file, uint32(len(f)+len(f)%2))
		file = append(append(file, f...), make([]byte, len(f)%2)...)
	}
	return append(file, "\xfe\xff\xdd\xe0\x00\x00\x00\x00"...)
}

// Bare returns the data set alone.
func Bare(syntax string, d Dataset) []byte {
	e := encoder{order: binary.LittleEndian, implicit: syntax == ImplicitLittle}
	if syntax == ExplicitBig {
		e.order = binary.BigEndian
	}
	out := e.dataset(d)
	if syntax == Deflated {
		return Deflate(out)
	}
	return out
}

// Deflate compresses bytes as the deflated transfer syntax does.
func Deflate(data []byte) []byte {
	var b bytes.Buffer
	z, err := flate.NewWriter(&b, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	z.Write(data)
	z.Close()
	return b.Bytes()
}

type encoder struct {
	order    binary.AppendByteOrder
	implicit bool
}

func (e encoder) dataset(d Dataset) (out []byte) {
	tags := make([]uint32, 0, len(d))
	for t := range d {
		tags = append(tags, t)
	}
	sort.Slice(tags, func(i, j int) bool { return tags[i] < tags[j] })
	for _, t := range tags {
		out = append(out, e.element(d[t])...)
	}
	return out
}

func (e encoder) element(el Element) (out []byte) {
	value := e.value(el)
	length := len(value) + len(value)%2
	if _, ok := el.Value.(Undefined); ok {
		length = 0xffffffff
	}
	if len(value)%2 == 1 {
		pad := byte(' ')
		if el.VR == "UI" || el.VR == "OB" {
			pad = 0
		}
		value = append(value, pad)
	}
	out = e.tag(el.Tag)
	switch {
	case e.implicit:
		out = e.uint32(out, length)
	case strings.Contains("OB OD OF OL OV OW SQ SV UC UN UR UT UV", el.VR):
		out = append(out, el.VR...)
		out = e.uint32(append(out, 0, 0), length)
	default:
		out = append(out, el.VR...)
		out = e.order.AppendUint16(out, uint16(length))
	}
	return append(out, value...)
}

func (e encoder) tag(t uint32) []byte {
	return e.order.AppendUint16(e.order.AppendUint16(nil, uint16(t>>16)), uint16(t))
}

func (e encoder) uint32(out []byte, n int) []byte { return e.order.AppendUint32(out, uint32(n)) }

func (e encoder) value(el Element) (out []byte) {
	switch v := el.Value.(type) {
	case string:
		return []byte(v)
	case []byte:
		return bytes.Clone(v)
	case int:
		return e.order.AppendUint16(nil, uint16(v))
	case []int:
		for _, n := range v {
			out = e.order.AppendUint16(out, uint16(n))
		}
	case []uint16:
		for _, n := range v {
			out = e.order.AppendUint16(out, n)
		}
	case Undefined:
		inner := e
		inner.implicit = e.implicit || el.VR == "UN"
		for _, d := range v {
			out = append(e.uint32(append(out, e.tag(0xfffee000)...), 0xffffffff), inner.dataset(d)...)
			out = e.uint32(append(out, e.tag(0xfffee00d)...), 0)
		}
		out = e.uint32(append(out, e.tag(0xfffee0dd)...), 0)
	case []Dataset:
		for _, d := range v {
			item := e.dataset(d)
			out = append(out, e.tag(0xfffee000)...)
			out = append(e.uint32(out, len(item)), item...)
		}
	}
	return out
}
