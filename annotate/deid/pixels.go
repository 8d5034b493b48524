package deid

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"groundglass/annotate/ct/dicom"
)

// privateGE is the transfer syntax whose pixels alone are big endian.
const privateGE = "1.2.840.113619.5.2"

// pixels writes the value of the pixel data.
func (c *cleaner) pixels(w io.Writer, px dicom.PixelData) error {
	if px.Encapsulated {
		if err := c.refuseOverlays(); err != nil {
			return err
		}
		places, err := c.object.WriteFragments(w, true)
		if places > 0 {
			c.besides(fmt.Sprintf("%d comments and other things beside the compressed pixels", places))
		}
		return err
	}
	words, err := c.beside()
	if err != nil {
		return err
	}
	r, err := c.object.Pixels()
	if err != nil {
		return err
	}
	if words != nil {
		c.besides("bits beside the stored ones, as of overlays")
		r = &cleared{r: bufio.NewReaderSize(r, 64<<10), words: words}
	}
	length := c.length(px)
	if length < px.Length {
		c.besides(fmt.Sprintf("%d bytes behind the last pixel", px.Length-length))
	}
	n, err := io.Copy(w, io.LimitReader(contextReader{c, r}, length))
	if err == nil && n < length {
		return errors.New("the pixel data is cut short")
	}
	if err == nil && n%2 == 1 {
		_, err = w.Write([]byte{0})
	}
	return err
}

// besides reports what was taken out of the pixel data besides the pixels.
func (c *cleaner) besides(what string) {
	c.report.Changes = append(c.report.Changes, Change{Tag: pixelData, Keyword: "PixelData", Action: Remove, Original: what})
}

// length is how many bytes of native pixel data are written: what its pixels need, where
// there is more.
func (c *cleaner) length(px dicom.PixelData) int64 {
	if need := pixelBytesNeeded(c.object); need > 0 && px.Length > need+need%2 {
		return need
	}
	return px.Length
}

// contextReader ends when the work is to stop.
type contextReader struct {
	c *cleaner
	r io.Reader
}

func (r contextReader) Read(b []byte) (int, error) {
	if err := r.c.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(b)
}

// refuseOverlays refuses overlays within compressed pixels, where they cannot be
// cleared without decoding them.
func (c *cleaner) refuseOverlays() error {
	for _, e := range c.object.Elements() {
		if e.Tag>>24 == 0x60 && e.Tag&0xffff == 0x0102 && c.object.Integer(e.Tag, 0) != 0 {
			return errors.New("an overlay is within the compressed pixels and cannot be taken out")
		}
	}
	return nil
}

// words says which bits of a pixel are stored (PS3.5 8.1.1).
type words struct {
	bits, stored, high int
	signed             bool
	padding            uint32 // what stands for no measurement, which may have other bits
	padded             bool
	order              binary.ByteOrder
}

// beside returns how to clear the bits of the pixels that are not stored ones; nil
// where there is nothing in them.
func (c *cleaner) beside() (*words, error) {
	o := c.object
	w := &words{bits: o.Integer(bitsAllocated, 0), signed: o.Integer(pixelSign, 0) == 1, order: binary.LittleEndian}
	w.stored = o.Integer(bitsStored, w.bits)
	w.high = o.Integer(highBit, w.stored-1)
	switch form := o.Encoding(); {
	case w.bits == w.stored || w.bits == 0:
		return nil, nil
	case w.bits != 8 && w.bits != 16 && w.bits != 32 || w.stored < 1 || w.high < w.stored-1 || w.high >= w.bits:
		return nil, fmt.Errorf("what is beside the stored bits cannot be told: %d bits stored up to bit %d of %d", w.stored, w.high, w.bits)
	case form.BigEndian, form.Syntax == privateGE:
		w.order = binary.BigEndian
	}
	if o.Has(paddingValue) {
		w.padded, w.padding = true, uint32(o.Integer(paddingValue, 0))&w.all()
	}
	r, err := o.Pixels()
	if err != nil {
		return nil, err
	}
	if clean, err := w.nothing(contextReader{c, bufio.NewReaderSize(r, 64<<10)}); clean || err != nil {
		return nil, err
	}
	return w, nil
}

// all are the bits of a word.
func (w *words) all() uint32 { return uint32(uint64(1)<<w.bits - 1) }

// forms are a word's two usual forms: with nothing beside the stored bits, and with
// their sign above them.
func (w *words) forms(v uint32) (plain, signed uint32) {
	low := w.high + 1 - w.stored
	mask := uint32(uint64(1)<<w.stored-1) << low
	plain, signed = v&mask, v&mask
	if w.signed && v>>w.high&1 == 1 {
		signed |= w.all() &^ uint32(uint64(1)<<(w.high+1)-1)
	}
	return plain, signed
}

// nothing tells whether all pixels are of one of the usual forms.
func (w *words) nothing(r io.Reader) (bool, error) {
	plain, signed := true, true
	buf := make([]byte, 64<<10)
	for {
		n, err := io.ReadFull(r, buf)
		for b := buf[:n]; len(b) >= w.bits/8 && (plain || signed); b = b[w.bits/8:] {
			v := w.get(b)
			if w.padded && v == w.padding {
				continue
			}
			p, s := w.forms(v)
			plain, signed = plain && p == v, signed && s == v
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return plain || signed, nil
		case err != nil:
			return false, err
		}
	}
}

func (w *words) get(b []byte) uint32 {
	switch w.bits {
	case 8:
		return uint32(b[0])
	case 16:
		return uint32(w.order.Uint16(b))
	}
	return w.order.Uint32(b)
}

func (w *words) put(b []byte, v uint32) {
	switch w.bits {
	case 8:
		b[0] = byte(v)
	case 16:
		w.order.PutUint16(b, uint16(v))
	default:
		w.order.PutUint32(b, v)
	}
}

// cleared reads pixels with nothing but their sign beside the stored bits.
type cleared struct {
	r     io.Reader
	words *words
	buf   []byte
	left  []byte
}

func (c *cleared) Read(b []byte) (int, error) {
	if len(c.left) == 0 {
		if c.buf == nil {
			c.buf = make([]byte, 64<<10)
		}
		n, err := io.ReadFull(c.r, c.buf)
		if n == 0 {
			return 0, err
		}
		c.left = c.buf[:n]
		size := c.words.bits / 8
		for w := c.left; len(w) >= size; w = w[size:] {
			if v := c.words.get(w); !c.words.padded || v != c.words.padding {
				_, v = c.words.forms(v)
				c.words.put(w, v)
			}
		}
	}
	n := copy(b, c.left)
	c.left = c.left[n:]
	return n, nil
}
