package dicom

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// inner returns how a sequence's items are encoded: those of one that a relay
// did not know (VR UN) are in implicit VR little endian (PS3.5 6.2.2), or should
// be.
func inner(vr string, e encoding) encoding {
	if vr == "UN" && !e.implicit {
		return encoding{implicit: true, unsure: true}
	}
	return e
}

// itemEncoding tells by an item's first element whether the item, which ends at
// end, is encoded as it should be or, as some writers do, in the other VR.
func (p *parser) itemEncoding(e encoding, end int64) (encoding, error) {
	b, err := p.c.peek(8)
	if err != nil || len(b) < 8 || e.big || e.order().Uint16(b) == 0xfffe {
		return e, err
	}
	explicit := knownVR(string(b[4:6]))
	switch {
	case e.implicit && e.unsure && explicit:
		return encoding{}, nil
	case !e.implicit && !explicit && int64(e.order().Uint32(b[4:])) <= end-p.c.pos-8:
		return encoding{implicit: true}, nil
	}
	return e, nil
}

// isSequence tells whether an element of defined length holds items. In
// implicit VR, and for VR UN, the dictionary says so, and the first item must be
// there too.
func (p *parser) isSequence(h header, e encoding) (bool, error) {
	if h.length == 0 {
		return false, nil
	}
	if !e.implicit && h.vr == "SQ" {
		return true, nil
	}
	if h.length < 8 || dictionaryVR(h.tag) != "SQ" {
		return false, nil
	}
	b, err := p.c.peek(4)
	return bytes.Equal(b, []byte{0xfe, 0xff, 0x00, 0xe0}), err
}

// sequence reads the items of a sequence that ends at end, or, if delimited, at
// its delimiter.
func (p *parser) sequence(el *element, end int64, depth int, e encoding, delimited bool) error {
	el.vr = "SQ"
	for delimited || p.c.pos < end {
		h, err := p.itemHeader(end, e.order())
		if err != nil {
			return err
		}
		if h.tag == tag.SequenceDelimitationItem && delimited {
			return nil
		}
		if h.tag != tag.Item {
			return fmt.Errorf("the file is damaged: %v stands where an item is due", h.tag)
		}
		stop := end
		switch {
		case h.length == undefined || p.directory && h.length > end-p.c.pos:
		case h.length > end-p.c.pos:
			return p.c.short()
		default:
			stop = p.c.pos + h.length
		}
		within, err := p.itemEncoding(e, stop)
		if err != nil {
			return err
		}
		d, err := p.items(stop, depth, within, h.length == undefined)
		if err != nil {
			return err
		}
		el.items = append(el.items, d)
	}
	return nil
}

// itemHeader reads the tag and the length of an item or a delimiter.
func (p *parser) itemHeader(end int64, o binary.ByteOrder) (header, error) {
	if p.count++; p.count > limits.elements {
		return header{}, fmt.Errorf("the file has more than %d elements", limits.elements)
	}
	b, err := p.c.need(8, end)
	if err != nil {
		return header{}, err
	}
	h := header{tag: tag.Tag{Group: o.Uint16(b), Element: o.Uint16(b[2:])}, length: int64(o.Uint32(b[4:]))}
	return h, p.c.skip(8)
}

// fragments passes over encapsulated pixel data, as in an icon.
func (p *parser) fragments(end int64, e encoding) error {
	for {
		h, err := p.itemHeader(end, e.order())
		if err != nil {
			return err
		}
		if h.tag == tag.SequenceDelimitationItem {
			return nil
		}
		if h.tag != tag.Item || h.length > end-p.c.pos {
			return errors.New("a fragment of pixel data is damaged")
		}
		if err := p.c.skip(h.length); err != nil {
			return err
		}
	}
}
