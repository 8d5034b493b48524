package dicom

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

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

// Stored are the stored values of a frame, row by row, as unsigned numbers. Those
// before Low, and from High on, are 0.
type Stored struct {
	Values    []uint16
	Low, High int
}

// Wanted tells whether Frames is to hand over frame n; its error ends Frames. Cost
// is the work of decoding the frame, in bytes that could be inflated meanwhile.
type Wanted func(n, cost int) (bool, error)

// Frames hands over the stored values of each frame that is wanted, in order; they
// are the callee's until it returns. Pixels of 1 bit are packed, the lowest bit
// first, and frames follow each other without alignment (PS3.5 8.1.1, 8.2).
func (o *Object) Frames(wanted Wanted, each func(n int, s Stored) error) error {
	form, err := o.storedForm()
	if err != nil {
		return err
	}
	next := o.nativeFrames
	if o.file.pixels.encapsulated {
		next = o.compressedFrames
	}
	frame, err := next(form)
	if err != nil {
		return err
	}
	f := stored{values: make([]uint16, form.pixels), form: form}
	for n := range form.frames {
		ok, err := wanted(n, (form.pixels*form.bits+7)/8*costOf(o.file.syntax))
		if err != nil {
			return err
		}
		if err := frame(n, ok, &f); err != nil {
			return err
		}
		if !ok {
			continue
		}
		if err := each(n, Stored{f.values, f.low, f.high}); err != nil {
			return err
		}
	}
	return nil
}

// reader reads frame n, to which it comes in order, or passes over it.
type reader func(n int, wanted bool, f *stored) error

// costOf is how much longer it takes to decode a byte of a transfer syntax, of
// frames with hardly anything in them, than to inflate it.
func costOf(syntax string) int {
	switch name := nameOf(syntax); {
	case codec.For(syntax) == nil:
		return 1
	case strings.Contains(name, "2000"):
		return 8
	}
	return 4
}

// nativeFrames reads frames that follow each other.
func (o *Object) nativeFrames(form storedForm) (reader, error) {
	swapped := o.file.encoding.big && o.file.pixels.vr == "OW"
	if swapped && form.bits == 8 {
		return nil, errors.New("8-bit pixels in big-endian words are not supported")
	}
	r, err := o.pixelBytes()
	if err != nil {
		return nil, err
	}
	if swapped && form.bits == 1 {
		r = &swapper{r: bufio.NewReaderSize(r, 64<<10)}
	}
	in := bufio.NewReaderSize(r, 64<<10)
	bits := form.pixels * form.bits
	raw := make([]byte, (bits+7)/8+1) // a byte more, where a frame does not begin with one
	shift := 0                        // bits of the first byte that are the last frame's
	return func(_ int, wanted bool, f *stored) error {
		end := (shift + bits + 7) / 8
		first := min(shift, 1) // which is there already
		if _, err := io.ReadFull(in, raw[first:end]); err != nil {
			return damaged(err)
		}
		if wanted {
			f.spread(raw[:end], shift, o.file.encoding.order())
		}
		raw[0], shift = raw[end-1], (shift+bits)%8
		return nil
	}, nil
}

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

// swapper exchanges the two bytes of each word.
type swapper struct {
	r    io.Reader
	word [2]byte
	left int
}

func (s *swapper) Read(p []byte) (n int, err error) {
	for ; n < len(p); n++ {
		if s.left == 0 {
			if _, err := io.ReadFull(s.r, s.word[:]); err != nil {
				return n, err
			}
			s.left = 2
		}
		s.left--
		p[n] = s.word[s.left]
	}
	return n, nil
}

// compressedFrames reads frames in fragments.
func (o *Object) compressedFrames(form storedForm) (reader, error) {
	starts, err := o.file.frames.split(form.frames, o.d)
	if err != nil {
		return nil, err
	}
	at := format{fragments: o.file.frames.fragments, starts: starts}
	decode := codec.For(o.file.syntax)
	if decode != nil && form.bits == 1 {
		return nil, fmt.Errorf("pixels of 1 bit compressed by %s are not supported", nameOf(o.file.syntax))
	}
	p := codec.Params{Rows: o.d.integer(tag.Rows, 0), Columns: o.d.integer(tag.Columns, 0), Bits: form.bits}
	var w unwrapper
	return func(n int, wanted bool, f *stored) error {
		if !wanted {
			return nil
		}
		data, err := at.fragment(o.o.r, n)
		if err != nil {
			return err
		}
		if decode != nil {
			values, err := decode(data, p)
			f.narrow(values)
			return err
		}
		raw, err := w.unwrap(o.file.syntax, data, (form.pixels*form.bits+7)/8)
		if err != nil {
			return err
		}
		f.spread(raw, 0, binary.LittleEndian)
		return nil
	}, nil
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
