package dicom

import (
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// Air is the value, in Hounsfield units, that padding pixels decode to.
const Air = -1024

// Decode returns frame i, counted from 0, in Hounsfield units, rounded and
// limited to 16 bits, row by row; and which pixels are padding, nil when none
// is. R is the file that the image was read from.
func (im *Image) Decode(r io.ReaderAt, i int) (hu []int16, pad []bool, err error) {
	if i < 0 || i >= len(im.Frames) {
		return nil, nil, fmt.Errorf("there is no frame %d", i+1)
	}
	raw, free, err := im.raw(r, i)
	if err != nil {
		return nil, nil, err
	}
	defer free()
	f, frame := &im.format, &im.Frames[i]
	hu = make([]int16, im.Rows*im.Columns)
	l, plain := f.linear(frame)
	switch {
	case plain:
		l.decode(raw, hu)
	case f.allocated <= 16:
		f.decodeTable(raw, hu, frame)
	default:
		for p := range hu {
			hu[p] = f.hu(f.word(raw, p), frame)
		}
	}
	return hu, f.markPadding(raw, hu, plain), nil
}

// word returns the word that holds pixel p.
func (f *format) word(raw []byte, p int) uint32 {
	switch f.allocated {
	case 8:
		return uint32(raw[p])
	case 16:
		return uint32(f.order.Uint16(raw[2*p:]))
	}
	return f.order.Uint32(raw[4*p:])
}

// decodeTable fills hu from words of 8 or 16 bits by a table of all stored values.
func (f *format) decodeTable(raw []byte, hu []int16, frame *Frame) {
	shift := f.high + 1 - f.stored
	table := make([]int16, 1<<f.stored)
	for i := range table {
		table[i] = f.hu(uint32(i)<<shift, frame)
	}
	mask := len(table) - 1
	if f.allocated == 8 {
		for p, v := range raw {
			hu[p] = table[int(v)>>shift&mask]
		}
		return
	}
	low, high := 0, 1
	if f.order == binary.BigEndian {
		low, high = 1, 0
	}
	for p := range hu {
		b := raw[2*p:][:2]
		hu[p] = table[(int(b[low])|int(b[high])<<8)>>shift&mask]
	}
}

// markPadding turns padding into air and says where it is; nil when there is
// none. Linear says that noPadding can be asked.
func (f *format) markPadding(raw []byte, hu []int16, linear bool) (pad []bool) {
	if !f.padded {
		return nil
	}
	for p := 0; p < len(hu); p++ {
		for linear && p+4 <= len(hu) && f.noPadding(binary.LittleEndian.Uint64(raw[2*p:])) {
			p += 4
		}
		if p == len(hu) {
			break
		}
		word := f.word(raw, p)
		if !f.isPadding(word, f.value(word)) {
			continue
		}
		if pad == nil {
			pad = make([]bool, len(hu))
		}
		hu[p], pad[p] = Air, true
	}
	return pad
}

// scale turns a stored value into Hounsfield units, rounded and limited.
func (f *Frame) scale(v int64) int16 {
	hu := math.RoundToEven(float64(v)*f.Slope + f.Intercept)
	return int16(min(math.MaxInt16, max(math.MinInt16, hu)))
}

// raw reads the bytes of frame i, which are the caller's until it frees them.
func (im *Image) raw(r io.ReaderAt, i int) (b []byte, free func(), err error) {
	f := &im.format
	if f.decoder != nil {
		b, err = im.decompress(r, i)
		return b, func() {}, err
	}
	n := im.frameBytes()
	start := int64(i) * n
	if !f.swapped {
		b, free = buffer(n)
		if err := f.readTo(b, r, start); err != nil {
			free()
			return nil, nil, err
		}
		return b, free, nil
	}
	first, end := start&^1, (start+n+1)&^1
	b = make([]byte, min(end, f.length)-first)
	if err := f.readTo(b, r, first); err != nil {
		return nil, nil, err
	}
	for k := 0; k+1 < len(b); k += 2 {
		b[k], b[k+1] = b[k+1], b[k]
	}
	return b[start-first:][:n], func() {}, nil
}

// readTo fills b from the pixel data from start on, inflating the data set again
// where it is deflated.
func (f *format) readTo(b []byte, r io.ReaderAt, start int64) error {
	offset := f.offset + start
	if f.deflatedFrom == 0 {
		if m, err := r.ReadAt(b, offset); m < len(b) {
			return damaged(err)
		}
		return nil
	}
	c := newCursor(r, math.MaxInt64)
	if err := c.skip(f.deflatedFrom); err != nil {
		return err
	}
	c = c.inflate()
	if err := c.skip(offset); err != nil {
		return err
	}
	if _, err := io.ReadFull(c.buf, b); err != nil {
		return damaged(err)
	}
	return nil
}
