package dicom

import (
	"errors"
	"fmt"
	"io"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// file is a parsed header and where the pixels are.
type file struct {
	dataset
	syntax   string // transfer syntax UID
	encoding encoding
	start    int64 // of the data set, in the file
	pixels   pixels
	frames   encapsulated // where the pixels are compressed
}

// pixels is the place of the pixel data's value: in the file, or in what the
// data set inflates to.
type pixels struct {
	present      bool
	encapsulated bool
	vr           string
	offset       int64
	length       int64
}

const undefined = 0xffffffff

// parser walks the elements of one file.
type parser struct {
	c         *cursor
	f         *file
	count     int
	kept      int64
	directory bool // within the records of a DICOM directory: those who edit it leave wrong lengths
}

// parse reads a file up to its pixel data.
func parse(r io.ReaderAt, size int64) (*file, error) {
	p := &parser{c: newCursor(r, size), f: &file{}}
	if err := p.begin(); err != nil {
		return nil, err
	}
	p.f.start = p.c.pos
	if p.f.encoding.deflated {
		p.c = p.c.inflate()
	}
	d, err := p.items(p.c.end, 0, p.f.encoding, false)
	if err != nil {
		return nil, err
	}
	p.f.dataset = *d
	return p.f, nil
}

// header is the start of an element.
type header struct {
	tag    tag.Tag
	vr     string
	length int64 // undefined where the content ends with a delimiter
}

// items reads the elements of a data set that ends at end, or, if delimited, at
// the item's delimiter. At depth 0 it stops at the pixel data.
func (p *parser) items(end int64, depth int, e encoding, delimited bool) (*dataset, error) {
	if depth > limits.depth {
		return nil, fmt.Errorf("sequences are nested more than %d deep", limits.depth)
	}
	d := &dataset{order: e.order()}
	for {
		if done, err := p.atEnd(end, depth, delimited); done || err != nil {
			return d, err
		}
		h, err := p.header(end, e)
		if err != nil {
			return nil, err
		}
		if h.tag.Group == 0xfffe {
			if h.tag.Element == 0xe00d && delimited {
				return d, nil
			}
			return nil, fmt.Errorf("a delimiter %v is out of place", h.tag)
		}
		if depth == 0 && isPixels(h.tag) {
			p.f.pixels = pixels{true, h.length == undefined, h.vr, p.c.pos, h.length}
			return d, p.checkPixels(h.tag)
		}
		el, err := p.content(h, end, depth, e)
		if err != nil {
			return nil, at(h.tag, err)
		}
		d.elements = append(d.elements, el)
	}
}

// place is an error with the innermost element that it happened in.
type place struct {
	tag tag.Tag
	err error
}

func (p place) Error() string { return fmt.Sprintf("%v (at element %v)", p.err, p.tag) }
func (p place) Unwrap() error { return p.err }

func at(t tag.Tag, err error) error {
	var p place
	if errors.As(err, &p) {
		return err
	}
	return place{t, err}
}

// atEnd tells whether a data set's end is reached. Fewer than eight bytes at
// the end of the file are padding.
func (p *parser) atEnd(end int64, depth int, delimited bool) (bool, error) {
	if depth > 0 {
		if p.c.pos >= end && delimited {
			return true, errShort
		}
		return p.c.pos >= end, nil
	}
	b, err := p.c.peek(8)
	return len(b) < 8, err
}

// header reads the start of the next element.
func (p *parser) header(end int64, e encoding) (header, error) {
	if p.count++; p.count > limits.elements {
		return header{}, fmt.Errorf("the file has more than %d elements", limits.elements)
	}
	b, err := p.c.need(8, end)
	if err != nil {
		return header{}, err
	}
	o := e.order()
	h := header{tag: tag.Tag{Group: o.Uint16(b), Element: o.Uint16(b[2:])}, length: int64(o.Uint32(b[4:]))}
	size := int64(8)
	switch {
	case h.tag.Group == 0xfffe:
	case e.implicit:
		h.vr = dictionaryVR(h.tag)
	default:
		h.vr = string(b[4:6])
		if !knownVR(h.vr) {
			return header{}, fmt.Errorf("the file is damaged: element %v has the unknown type %q", h.tag, h.vr)
		}
		h.length = int64(o.Uint16(b[6:]))
		if longVR(h.vr) {
			if b, err = p.c.need(12, end); err != nil {
				return header{}, err
			}
			size, h.length = 12, int64(o.Uint32(b[8:]))
		}
		if h.vr == "UN" && !e.big {
			h.vr = relayed(h.tag)
		}
	}
	return h, p.c.skip(size)
}

// content reads or passes over the value of an element.
func (p *parser) content(h header, end int64, depth int, e encoding) (element, error) {
	el := element{tag: h.tag, vr: h.vr, offset: p.c.pos, length: h.length}
	if h.length == undefined {
		if h.tag == tag.PixelData || h.vr == "OB" || h.vr == "OW" {
			return el, p.fragments(end, e)
		}
		return el, p.sequence(&el, end, depth+1, inner(h.vr, e), true)
	}
	p.directory = p.directory || h.tag == tag.DirectoryRecordSequence
	if h.length > end-p.c.pos {
		if !p.directory {
			return el, p.c.short()
		}
		h.length = end - p.c.pos
	}
	nested, err := p.isSequence(h, e)
	if err != nil {
		return el, err
	}
	if nested {
		return el, p.sequence(&el, p.c.pos+h.length, depth+1, inner(h.vr, e), false)
	}
	longest := limits.value
	switch h.tag {
	case extendedOffsets:
		longest = 8 * int64(limits.frames)
	case tag.LUTData:
		longest = maxTable
	}
	if h.length > longest || p.kept+h.length > limits.kept {
		return el, p.c.skip(h.length)
	}
	p.kept += h.length
	el.value, err = p.c.read(h.length)
	return el, err
}

// isPixels tells the elements that hold pixels: integer, float and double.
func isPixels(t tag.Tag) bool {
	return t.Group == 0x7fe0 && (t.Element == 0x0010 || t.Element == 0x0008 || t.Element == 0x0009)
}

// checkPixels refuses kinds of pixel data that are not supported, and finds out
// how much is there.
func (p *parser) checkPixels(t tag.Tag) error {
	px := p.f.pixels
	switch {
	case t != tag.PixelData:
		return errors.New("floating-point pixels are not supported")
	case px.encapsulated && !p.f.encoding.compressed:
		return fmt.Errorf("the pixels are compressed, although the transfer syntax %s says that they are not", p.f.syntax)
	case p.f.encoding.compressed && !px.encapsulated:
		return fmt.Errorf("the pixels are not compressed, although the transfer syntax %s says that they are", p.f.syntax)
	case px.encapsulated:
		return p.compressed()
	case p.c.file != nil:
		// what is missing may be the padding alone
		p.f.pixels.length = min(px.length, p.c.end-px.offset)
	default:
		return p.c.skip(px.length) // to find out whether it is all there
	}
	return nil
}
