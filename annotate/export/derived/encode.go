package derived

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Transfer syntaxes.
const (
	implicitLittle = "1.2.840.10008.1.2"
	explicitLittle = "1.2.840.10008.1.2.1"
)

// encoder writes elements, little endian. Sequences and items have no lengths but
// ends (PS3.5 7.5.2), so that nothing is held to measure it.
type encoder struct {
	w        io.Writer
	implicit bool
	err      error
	head     []byte
}

// bulk is a value that is written as it is made.
type bulk struct {
	length int64
	write  func(w io.Writer) error
}

const undefined = 0xffffffff

// writeFile writes a file: preamble, meta group (PS3.10 7.1) and data set.
func writeFile(w io.Writer, syntax, class, uid string, d dataset) error {
	meta := dataset{
		{tag: tag.FileMetaInformationVersion, vr: "OB", value: []byte{0, 1}},
		text(tag.MediaStorageSOPClassUID, class),
		text(tag.MediaStorageSOPInstanceUID, uid),
		text(tag.TransferSyntaxUID, syntax),
		text(tag.ImplementationClassUID, implementation),
		text(tag.ImplementationVersionName, "GROUNDGLASS"),
	}
	var b bytes.Buffer
	b.Write(make([]byte, 128))
	b.WriteString("DICM")
	var group bytes.Buffer
	(&encoder{w: &group}).dataset(meta)
	(&encoder{w: &b}).element(long(tag.FileMetaInformationGroupLength, uint32(group.Len())))
	b.Write(group.Bytes())
	e := &encoder{w: w, implicit: syntax == implicitLittle}
	e.write(b.Bytes())
	e.dataset(d)
	return e.err
}

func (e *encoder) write(b []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(b)
	}
}

func (e *encoder) dataset(d dataset) {
	d = slices.Clone(d)
	slices.SortStableFunc(d, func(a, b element) int { return a.tag.Compare(b.tag) })
	for i, el := range d {
		if i > 0 && d[i-1].tag == el.tag && e.err == nil {
			e.err = fmt.Errorf("the element %v is there twice", el.tag)
		}
		e.element(el)
	}
}

func (e *encoder) element(el element) {
	switch {
	case el.items != nil:
		e.header(el.tag, el.vr, undefined)
		for item := range el.items {
			if e.err != nil {
				return
			}
			e.mark(tag.Item, undefined)
			e.dataset(item)
			e.mark(tag.ItemDelimitationItem, 0)
		}
		e.mark(tag.SequenceDelimitationItem, 0)
	case el.bulk != nil:
		e.bulk(el)
	default:
		value := el.value
		if len(value)%2 == 1 {
			value = append(slices.Clip(value), padding(el.vr))
		}
		e.header(el.tag, el.vr, int64(len(value)))
		e.write(value)
	}
}

func padding(vr string) byte {
	if vr == "UI" || vr == "OB" {
		return 0
	}
	return ' '
}

// header writes tag, VR and length. Most VRs have no room for a long length.
func (e *encoder) header(t tag.Tag, vr string, length int64) {
	wide := strings.Contains("OB OD OF OL OV OW SQ UC UN UR UT", vr)
	if e.err == nil && (length > undefined || !e.implicit && !wide && length > 0xfffe) {
		e.err = fmt.Errorf("the element %v has %d bytes, which are too many", t, length)
	}
	e.head = e.tag(t)
	switch {
	case e.implicit:
		e.head = binary.LittleEndian.AppendUint32(e.head, uint32(length))
	case wide:
		e.head = binary.LittleEndian.AppendUint32(append(append(e.head, vr...), 0, 0), uint32(length))
	default:
		e.head = binary.LittleEndian.AppendUint16(append(e.head, vr...), uint16(length))
	}
	e.write(e.head)
}

func (e *encoder) tag(t tag.Tag) []byte {
	return binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(e.head[:0], t.Group), t.Element)
}

// mark writes the beginning or the end of an item, or the end of a sequence.
func (e *encoder) mark(t tag.Tag, length uint32) {
	e.head = binary.LittleEndian.AppendUint32(e.tag(t), length)
	e.write(e.head)
}

func (e *encoder) bulk(el element) {
	e.header(el.tag, el.vr, el.bulk.length+el.bulk.length%2)
	if e.err != nil {
		return
	}
	n := &counter{w: e.w}
	if e.err = el.bulk.write(n); e.err == nil && n.n != el.bulk.length {
		e.err = fmt.Errorf("%d bytes of pixels came, not %d", n.n, el.bulk.length)
	}
	e.write(make([]byte, el.bulk.length%2))
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.n += int64(n)
	return n, err
}
