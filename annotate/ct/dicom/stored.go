package dicom

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/suyashkumar/dicom/pkg/tag"

	"groundglass/annotate/ct/codec"
)

// storedForm is how an object keeps its frames.
type storedForm struct {
	bits, pixels, frames int
}

// storedForm reads and checks it.
func (o *Object) storedForm() (s storedForm, err error) {
	d, px := o.d, o.file.pixels
	rows, columns := d.integer(tag.Rows, 0), d.integer(tag.Columns, 0)
	s.bits, s.frames = d.integer(tag.BitsAllocated, 0), d.integer(tag.NumberOfFrames, 1)
	switch {
	case !px.present:
		return s, errors.New("there are no pixels in it")
	case rows < 1 || columns < 1 || columns > MaxPixels/rows:
		return s, fmt.Errorf("frames of %dx%d pixels are not possible", columns, rows)
	case s.frames < 1 || s.frames > limits.frames:
		return s, fmt.Errorf("%d frames are not possible", s.frames)
	case s.bits != 1 && s.bits != 8 && s.bits != 16:
		return s, fmt.Errorf("%d bits a pixel are not supported", s.bits)
	case d.integer(tag.SamplesPerPixel, 1) != 1:
		return s, errors.New("a colour picture")
	}
	s.pixels = rows * columns
	need := (int64(s.frames)*int64(s.pixels)*int64(s.bits) + 7) / 8
	if !px.encapsulated && need > px.length {
		return s, fmt.Errorf("the pixel data is cut short: %d bytes for %d frames, which take %d", px.length, s.frames, need)
	}
	return s, nil
}

// Frames hands over the stored values of each frame, row by row, in order, as
// unsigned numbers; they are the callee's until it returns. Pixels of 1 bit are
// packed, the lowest bit first, and frames follow each other without alignment
// (PS3.5 8.1.1, 8.2).
func (o *Object) Frames(each func(n int, values []uint16) error) error {
	s, err := o.storedForm()
	if err != nil {
		return err
	}
	if o.file.pixels.encapsulated {
		return o.compressedFrames(s, each)
	}
	r, err := o.pixelBytes()
	if err != nil {
		return err
	}
	in := bufio.NewReaderSize(r, 64<<10)
	values := make([]uint16, s.pixels)
	var unpack func([]uint16) error
	switch {
	case s.bits == 1:
		unpack = (&bitReader{in: in, swapped: o.swapped()}).read
	case s.bits == 8 && o.swapped():
		return errors.New("8-bit pixels in big-endian words are not supported")
	case s.bits == 8:
		unpack = func(v []uint16) error { return readBytes(in, v) }
	default:
		unpack = func(v []uint16) error { return binary.Read(in, o.file.encoding.order(), v) }
	}
	for n := range s.frames {
		if err := unpack(values); err != nil {
			return damaged(err)
		}
		if err := each(n, values); err != nil {
			return err
		}
	}
	return nil
}

// swapped tells whether bytes of pixels lie in big-endian words.
func (o *Object) swapped() bool { return o.file.encoding.big && o.file.pixels.vr == "OW" }

// pixelBytes reads the value of native pixel data.
func (o *Object) pixelBytes() (io.Reader, error) {
	px, f := o.file.pixels, o.o.format
	if f.deflatedFrom == 0 {
		return io.NewSectionReader(o.o.r, px.offset, px.length), nil
	}
	c := newCursor(o.o.r, 1<<62)
	if err := c.skip(f.deflatedFrom); err != nil {
		return nil, err
	}
	c = c.inflate()
	if err := c.skip(px.offset); err != nil {
		return nil, err
	}
	return io.LimitReader(c.buf, px.length), nil
}

func readBytes(in *bufio.Reader, values []uint16) error {
	for i := range values {
		b, err := in.ReadByte()
		if err != nil {
			return err
		}
		values[i] = uint16(b)
	}
	return nil
}

// bitReader reads single bits, the lowest of each byte first.
type bitReader struct {
	in      *bufio.Reader
	swapped bool // the two bytes of each word
	word    uint16
	left    int
}

func (b *bitReader) read(values []uint16) error {
	for i := range values {
		if b.left == 0 {
			if err := b.next(); err != nil {
				return err
			}
		}
		values[i] = b.word & 1
		b.word >>= 1
		b.left--
	}
	return nil
}

// next reads a byte, or a word whose bytes are swapped.
func (b *bitReader) next() error {
	first, err := b.in.ReadByte()
	if err != nil {
		return err
	}
	b.word, b.left = uint16(first), 8
	if !b.swapped {
		return nil
	}
	second, err := b.in.ReadByte()
	b.word, b.left = uint16(first)<<8|uint16(second), 16
	return err
}

// compressedFrames is Frames for pixel data in fragments.
func (o *Object) compressedFrames(s storedForm, each func(n int, values []uint16) error) error {
	starts, err := o.file.frames.split(s.frames, o.d)
	if err != nil {
		return err
	}
	decode := decoderOf(o.file.syntax)
	if s.bits == 1 {
		if decode = bitDecoder(o.file.syntax); decode == nil {
			return fmt.Errorf("pixels of 1 bit compressed by %s are not supported", nameOf(o.file.syntax))
		}
	}
	values := make([]uint16, s.pixels)
	p := codec.Params{Rows: o.d.integer(tag.Rows, 0), Columns: o.d.integer(tag.Columns, 0), Bits: s.bits}
	f := format{fragments: o.file.frames.fragments, starts: starts}
	for n := range s.frames {
		data, err := f.fragment(o.o.r, n)
		if err != nil {
			return err
		}
		stored, err := decode(data, p)
		if err != nil {
			return err
		}
		for i, v := range stored[:min(len(stored), len(values))] {
			values[i] = uint16(v)
		}
		if err := each(n, values); err != nil {
			return err
		}
	}
	return nil
}

// bitDecoder returns what decodes frames of single bits, each of which then
// begins with a byte of its own (PS3.5 8.2); nil where nothing does.
func bitDecoder(syntax string) codec.Decoder {
	if syntax != encapsulatedLittle && syntax != deflatedFrames {
		return nil
	}
	return func(data []byte, p codec.Params) ([]int32, error) {
		raw, err := inflate(data, codec.Params{Rows: 1, Columns: (p.Rows*p.Columns + 7) / 8, Bits: 8})
		if syntax == encapsulatedLittle {
			raw, err = plain(data, codec.Params{Rows: 1, Columns: (p.Rows*p.Columns + 7) / 8, Bits: 8})
		}
		if err != nil {
			return nil, err
		}
		out := make([]int32, p.Rows*p.Columns)
		for i := range out {
			out[i] = raw[i/8] >> (i % 8) & 1
		}
		return out, nil
	}
}

// fragment reads the bytes of compressed frame i.
func (f *format) fragment(r io.ReaderAt, i int) ([]byte, error) {
	end := len(f.fragments)
	if i+1 < len(f.starts) {
		end = f.starts[i+1]
	}
	var data []byte
	for _, g := range f.fragments[f.starts[i]:end] {
		start := len(data)
		data = append(data, make([]byte, g.length)...)
		if m, err := r.ReadAt(data[start:], g.offset); int64(m) < g.length {
			return nil, damaged(err)
		}
	}
	return data, nil
}
