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
	raw, err := im.raw(r, i)
	if err != nil {
		return nil, nil, err
	}
	f := &im.format
	if f.allocated <= 16 {
		hu = f.decodeTable(raw, im.Frames[i])
	} else {
		hu = make([]int16, im.Rows*im.Columns)
		for p := range hu {
			hu[p] = im.Frames[i].scale(f.value(f.word(raw, p)))
		}
	}
	return hu, f.markPadding(raw, hu), nil
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

// decodeTable decodes words of 8 or 16 bits by a table of all stored values.
func (f *format) decodeTable(raw []byte, frame Frame) []int16 {
	shift := f.high + 1 - f.stored
	table := make([]int16, 1<<f.stored)
	for i := range table {
		table[i] = frame.scale(f.value(uint32(i) << shift))
	}
	mask := len(table) - 1
	hu := make([]int16, len(raw)/(f.allocated/8))
	if f.allocated == 8 {
		for p, v := range raw {
			hu[p] = table[int(v)>>shift&mask]
		}
		return hu
	}
	low, high := 0, 1
	if f.order == binary.BigEndian {
		low, high = 1, 0
	}
	for p := range hu {
		b := raw[2*p:][:2]
		hu[p] = table[(int(b[low])|int(b[high])<<8)>>shift&mask]
	}
	return hu
}

// markPadding turns padding into air and says where it is; nil when there is
// none.
func (f *format) markPadding(raw []byte, hu []int16) (pad []bool) {
	if !f.padded {
		return nil
	}
	for p := range hu {
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

// raw reads the bytes of frame i.
func (im *Image) raw(r io.ReaderAt, i int) ([]byte, error) {
	f := &im.format
	if f.decoder != nil {
		return im.decompress(r, i)
	}
	n := im.frameBytes()
	start := int64(i) * n
	if !f.swapped {
		return f.read(r, start, n)
	}
	first, end := start&^1, (start+n+1)&^1
	b, err := f.read(r, first, min(end, f.length)-first)
	if err != nil {
		return nil, err
	}
	for k := 0; k+1 < len(b); k += 2 {
		b[k], b[k+1] = b[k+1], b[k]
	}
	return b[start-first:][:n], nil
}

// read returns n bytes of the pixel data from start on, inflating the data set
// again where it is deflated.
func (f *format) read(r io.ReaderAt, start, n int64) ([]byte, error) {
	offset := f.offset + start
	if f.deflatedFrom == 0 {
		b := make([]byte, n)
		if m, err := r.ReadAt(b, offset); int64(m) < n {
			return nil, damaged(err)
		}
		return b, nil
	}
	c := newCursor(r, math.MaxInt64)
	if err := c.skip(f.deflatedFrom); err != nil {
		return nil, err
	}
	c = c.inflate()
	if err := c.skip(offset); err != nil {
		return nil, err
	}
	return c.read(n)
}
