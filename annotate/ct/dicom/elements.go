package dicom

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"

	"groundglass/annotate/ct/codec"
)

// Element is a data element as a file has it. It reads from the file as long as
// its object does.
type Element struct {
	Tag    uint32
	VR     string // SQ for a sequence, however the file marks it
	Items  []Item // of a sequence
	Length int64  // of the value in the file, in bytes; negative where a delimiter ends it

	e *element
	i Item
}

// Elements returns the elements of the item in the order of the file, which may
// have tags twice. An item with a character set of its own has its texts decoded
// by that.
func (i Item) Elements() []Element {
	if i.d == nil {
		return nil
	}
	i = i.withCharacters()
	out := make([]Element, len(i.d.elements))
	for k := range i.d.elements {
		e := &i.d.elements[k]
		out[k] = Element{Tag: uint32(e.tag.Group)<<16 | uint32(e.tag.Element), VR: e.vr, Length: e.length, e: e, i: i}
		if e.length == undefined {
			out[k].Length = -1
		}
		for _, d := range e.items {
			out[k].Items = append(out[k].Items, Item{d, i.o})
		}
	}
	return out
}

// withCharacters is the item with its own character set, where it has one.
func (i Item) withCharacters() Item {
	sets := i.d.texts(tag.SpecificCharacterSet)
	if sets == nil {
		return i
	}
	i.o = &source{r: i.o.r, format: i.o.format, left: i.o.left, text: characters(sets)}
	return i
}

// Bytes returns the value as the file has it, in the object's byte order; an error
// where it is too long to read, or stands in fragments.
func (e Element) Bytes() ([]byte, error) {
	switch {
	case e.e.value != nil:
		return e.e.value, nil
	case e.e.length == undefined:
		return nil, fmt.Errorf("the value of element %v has no length", e.e.tag)
	}
	s, err := e.i.read(e.e)
	if err != nil {
		return nil, at(e.e.tag, err)
	}
	return []byte(s), nil
}

// Text returns the value of a text element as UTF-8, several values with "\"
// between them, without the padding at its end.
func (e Element) Text() (string, error) {
	b, err := e.Bytes()
	return strings.TrimRight(e.i.o.text(string(b)), " \x00"), err
}

// Encoding is how the data set of a file is written.
type Encoding struct {
	Syntax                        string // transfer syntax UID
	Implicit, BigEndian, Deflated bool
}

// Start is where the data set begins in the file: behind the preamble and the meta group.
func (o *Object) Start() int64 { return o.file.start }

// Encoding says how the object's data set is written.
func (o *Object) Encoding() Encoding {
	e := o.file.encoding
	return Encoding{o.file.syntax, e.implicit, e.big, e.deflated}
}

// PixelData is the element of an object's pixels.
type PixelData struct {
	VR           string
	Encapsulated bool  // in fragments
	Length       int64 // of native pixels, in bytes
}

// PixelData tells how the object has its pixels; false where it has none.
func (o *Object) PixelData() (PixelData, bool) {
	px := o.file.pixels
	return PixelData{px.vr, px.encapsulated, px.length}, px.present
}

// Pixels reads the value of native pixel data as the file has it.
func (o *Object) Pixels() (io.Reader, error) {
	if px := o.file.pixels; !px.present || px.encapsulated {
		return nil, errors.New("there are no pixels that are not in fragments")
	}
	return o.pixelBytes()
}

// WriteFragments writes the items of encapsulated pixel data as the file has them,
// the offset table first, and the delimiter behind them (PS3.5 A.4). Where blank is set,
// what JPEG and JPEG 2000 frames have besides their pixels is zeros ([codec.Blank]):
// places counts where that said something.
func (o *Object) WriteFragments(w io.Writer, blank bool) (places int, err error) {
	if !o.file.pixels.encapsulated {
		return 0, errors.New("there are no pixels in fragments")
	}
	if err := writeItem(w, 0xe000, o.file.frames.table); err != nil {
		return 0, err
	}
	for all := o.file.frames.fragments; len(all) > 0; {
		frame, rest, err := o.nextFrame(all, blank)
		if err != nil {
			return 0, err
		}
		if blank {
			places += codec.Blank(frame)
		}
		for _, f := range all[:len(all)-len(rest)] {
			if err := writeItem(w, 0xe000, frame[:f.length]); err != nil {
				return 0, err
			}
			frame = frame[f.length:]
		}
		all = rest
	}
	return places, writeItem(w, 0xe0dd, nil)
}

// nextFrame reads the first fragment, and where whole is set those behind it that go on
// with its picture.
func (o *Object) nextFrame(all []fragment, whole bool) (frame []byte, rest []fragment, err error) {
	for k, f := range all {
		if k > 0 && (!whole || !all[0].begins || f.begins) {
			return frame, all[k:], nil
		}
		b := make([]byte, f.length)
		if n, err := o.o.r.ReadAt(b, f.offset); int64(n) < f.length {
			return nil, nil, damaged(err)
		}
		frame = append(frame, b...)
	}
	return frame, nil, nil
}

// writeItem writes an item of pixel data in fragments, or a delimiter.
func writeItem(w io.Writer, element uint16, data []byte) error {
	b := binary.LittleEndian.AppendUint16(nil, 0xfffe)
	b = binary.LittleEndian.AppendUint16(b, element)
	if _, err := w.Write(binary.LittleEndian.AppendUint32(b, uint32(len(data)))); err != nil {
		return err
	}
	_, err := w.Write(data)
	return err
}

// Describe returns the keyword and the value representation that the standard's
// dictionary has for a tag; "" and UN where it has none.
func Describe(t uint32) (keyword, vr string) {
	info, err := tag.Find(tagOf(t))
	if err != nil {
		return "", "UN"
	}
	return info.Keyword, dictionaryVR(tagOf(t))
}
