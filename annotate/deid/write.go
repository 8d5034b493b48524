package deid

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"slices"

	"groundglass/annotate/ct/dicom"
)

// element is a data element to write: with a value, or, as a sequence, with items.
type element struct {
	tag   uint32
	vr    string
	value []byte // in the file's byte order
	items []dataset
}

// dataset is what is written of a data set.
type dataset []element

// sorted puts the elements in the order of their tags, which is the standard's, and
// drops all but the first of several with the same.
func (d dataset) sorted() dataset {
	slices.SortStableFunc(d, func(a, b element) int { return cmp.Compare(a.tag, b.tag) })
	return slices.CompactFunc(d, func(a, b element) bool { return a.tag == b.tag })
}

// Transfer syntaxes.
const (
	explicitLittle = "1.2.840.10008.1.2.1"
	implementation = "2.25.237973269905707709757290966383663824909" // made once, of a random UUID
)

// encoder writes elements.
type encoder struct {
	bytes.Buffer
	order    binary.ByteOrder
	implicit bool
}

func (e *encoder) number(size int, v uint32) {
	var b [4]byte
	if size == 2 {
		e.order.PutUint16(b[:], uint16(v))
	} else {
		e.order.PutUint32(b[:], v)
	}
	e.Write(b[:size])
}

// header writes the beginning of an element (PS3.5 7.1.2, 7.1.3).
func (e *encoder) header(tag uint32, vr string, length uint32) error {
	e.number(2, tag>>16)
	e.number(2, tag&0xffff)
	if e.implicit || tag>>16 == 0xfffe {
		e.number(4, length)
		return nil
	}
	e.WriteString(vr)
	if longForm(vr) {
		e.number(2, 0)
		e.number(4, length)
		return nil
	}
	if length > 0xffff {
		return fmt.Errorf("a value of %d bytes is too long for %s in explicit VR (at element %08X)", length, vr, tag)
	}
	e.number(2, length)
	return nil
}

// longForm tells the value representations with a length of 32 bits.
func longForm(vr string) bool {
	switch vr {
	case "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV":
		return true
	}
	return false
}

// undefined is a length that a delimiter stands for.
const undefined = 0xffffffff

// set writes a data set.
func (e *encoder) set(d dataset) error {
	for _, el := range d {
		if el.vr == "SQ" {
			if err := e.sequence(el); err != nil {
				return err
			}
			continue
		}
		length := (len(el.value) + 1) / 2 * 2
		if err := e.header(el.tag, el.vr, uint32(length)); err != nil {
			return err
		}
		e.Write(el.value)
		if length > len(el.value) {
			e.WriteByte(padding(el.vr))
		}
	}
	return nil
}

// padding is what makes the length of a value even.
func padding(vr string) byte {
	if isString(vr) && vr != "UI" {
		return ' '
	}
	return 0
}

// sequence writes a sequence whose items end with delimiters; one without items has
// a length of 0.
func (e *encoder) sequence(el element) error {
	if len(el.items) == 0 {
		return e.header(el.tag, "SQ", 0)
	}
	e.header(el.tag, "SQ", undefined)
	for _, item := range el.items {
		e.header(0xfffee000, "", undefined)
		if err := e.set(item); err != nil {
			return err
		}
		e.header(0xfffee00d, "", 0)
	}
	return e.header(0xfffee0dd, "", 0)
}

// meta writes the preamble and the file's meta group, which is made anew (PS3.10 7.1).
func meta(class, instance, syntax string) []byte {
	e := encoder{order: binary.LittleEndian}
	set := dataset{{tag: 0x00020001, vr: "OB", value: []byte{0, 1}}}
	if class != "" && instance != "" {
		set = append(set, element{tag: 0x00020002, vr: "UI", value: []byte(class)}, element{tag: 0x00020003, vr: "UI", value: []byte(instance)})
	}
	set = append(set, element{tag: 0x00020010, vr: "UI", value: []byte(syntax)}, element{tag: 0x00020012, vr: "UI", value: []byte(implementation)},
		element{tag: 0x00020013, vr: "SH", value: []byte("GROUNDGLASS")})
	e.set(set)
	out := append(make([]byte, 128), "DICM"...)
	out = append(out, 2, 0, 0, 0, 'U', 'L', 4, 0)
	out = binary.LittleEndian.AppendUint32(out, uint32(e.Len()))
	return append(out, e.Bytes()...)
}

// write writes the file.
func (c *cleaner) write(w io.Writer, set dataset) error {
	form := c.object.Encoding()
	if form.Deflated {
		form = dicom.Encoding{Syntax: explicitLittle}
	}
	e := encoder{order: binary.LittleEndian, implicit: form.Implicit}
	if form.BigEndian {
		e.order = binary.BigEndian
	}
	if err := e.set(set); err != nil {
		return err
	}
	if _, err := w.Write(meta(c.report.Class, c.report.Instance, form.Syntax)); err != nil {
		return err
	}
	px, ok := c.object.PixelData()
	if !ok {
		_, err := w.Write(e.Bytes())
		return err
	}
	length := uint32(undefined)
	if !px.Encapsulated {
		length = uint32((c.length(px) + 1) / 2 * 2)
	}
	if err := e.header(pixelData, px.VR, length); err != nil {
		return err
	}
	if _, err := w.Write(e.Bytes()); err != nil {
		return err
	}
	return c.pixels(w, px)
}
