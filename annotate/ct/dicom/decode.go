package dicom

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Air is the value, in Hounsfield units, that padding pixels decode to.
const Air = -1024

// format is how pixels are stored (PS3.5 section 8).
type format struct {
	allocated, stored, high int
	signed                  bool
	swapped                 bool // 8-bit pixels in the big-endian words of VR OW
	order                   binary.ByteOrder

	padded         bool
	padLow, padTop int64  // stored values of padding
	padWord        uint32 // the padding value as written, which may lie outside the stored bits

	deflatedFrom int64 // where the deflated data set starts in the file; 0 when it is not deflated
	offset       int64 // of the pixel data, in the file or in what it inflates to
	length       int64
}

// frameBytes returns how many bytes one frame takes.
func (im *Image) frameBytes() int64 {
	return int64(im.Rows) * int64(im.Columns) * int64(im.format.allocated/8)
}

// setFormat reads and checks how the pixels are stored.
func (im *Image) setFormat(f *file) error {
	d := &f.dataset
	allocated := d.integer(tag.BitsAllocated, 0)
	if allocated == 0 {
		return errors.New("the header does not say how many bits a pixel has")
	}
	if allocated != 8 && allocated != 16 && allocated != 32 {
		return fmt.Errorf("%d bits a pixel are not supported", allocated)
	}
	stored := d.integer(tag.BitsStored, allocated)
	high := d.integer(tag.HighBit, stored-1)
	if stored < 1 || stored > allocated || high < stored-1 || high >= allocated {
		return fmt.Errorf("the header contradicts itself: %d bits stored up to bit %d of %d", stored, high, allocated)
	}
	if im.Rows < 1 || im.Columns < 1 || im.Columns > MaxPixels/im.Rows {
		return fmt.Errorf("an image of %dx%d pixels is not possible", im.Columns, im.Rows)
	}
	im.format = format{
		allocated: allocated, stored: stored, high: high,
		signed:  d.integer(tag.PixelRepresentation, 0) == 1,
		swapped: allocated == 8 && f.encoding.big && f.pixels.vr == "OW",
		order:   f.encoding.order(),
		offset:  f.pixels.offset, length: f.pixels.length,
	}
	if f.encoding.deflated {
		im.format.deflatedFrom = f.start
	}
	im.setPadding(d)
	return nil
}

// setPadding reads the values that stand for no measurement. They are stored
// values, whose sign follows from the pixels' and not from how the element is
// written.
func (im *Image) setPadding(d *dataset) {
	f := &im.format
	word := func(t tag.Tag) (uint32, bool) {
		v, ok := d.number(t)
		if !ok || v != math.Trunc(v) || v < math.MinInt32 || v > math.MaxUint32 {
			return 0, false
		}
		return uint32(int64(v)) & uint32(uint64(1)<<f.allocated-1), true
	}
	first, ok := word(tag.PixelPaddingValue)
	if !ok {
		return
	}
	limit, ok := word(tag.PixelPaddingRangeLimit)
	if !ok {
		limit = first
	}
	f.padded, f.padWord = true, first
	low, top := f.whole(first), f.whole(limit)
	f.padLow, f.padTop = min(low, top), max(low, top)
}

// whole reads a word as a number of all allocated bits.
func (f *format) whole(word uint32) int64 {
	if f.signed {
		shift := 32 - f.allocated
		return int64(int32(word<<shift) >> shift)
	}
	return int64(word)
}

// value returns the stored value in a word: its stored bits, with their sign.
// Other bits may hold overlays.
func (f *format) value(word uint32) int64 {
	word = word << (31 - f.high)
	shift := 32 - f.stored
	if f.signed {
		return int64(int32(word) >> shift)
	}
	return int64(word >> shift)
}

func (f *format) isPadding(word uint32, v int64) bool {
	return f.padded && (word == f.padWord || f.padLow <= v && v <= f.padTop)
}

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
	hu = make([]int16, im.Rows*im.Columns)
	f := &im.format
	scale := f.scaler(im.Frames[i])
	for p := range hu {
		var word uint32
		switch f.allocated {
		case 8:
			word = uint32(raw[p])
		case 16:
			word = uint32(f.order.Uint16(raw[2*p:]))
		default:
			word = f.order.Uint32(raw[4*p:])
		}
		v := f.value(word)
		if f.isPadding(word, v) {
			if pad == nil {
				pad = make([]bool, len(hu))
			}
			hu[p], pad[p] = Air, true
			continue
		}
		hu[p] = scale(v)
	}
	return hu, pad, nil
}

// scaler returns the function from stored values to Hounsfield units: a table
// where there are few values.
func (f *format) scaler(frame Frame) func(int64) int16 {
	exact := func(v int64) int16 {
		hu := math.RoundToEven(float64(v)*frame.Slope + frame.Intercept)
		return int16(min(math.MaxInt16, max(math.MinInt16, hu)))
	}
	if f.stored > 16 {
		return exact
	}
	first := int64(0)
	if f.signed {
		first = -1 << (f.stored - 1)
	}
	table := make([]int16, 1<<f.stored)
	for i := range table {
		table[i] = exact(first + int64(i))
	}
	return func(v int64) int16 { return table[v-first] }
}

// raw reads the bytes of frame i.
func (im *Image) raw(r io.ReaderAt, i int) ([]byte, error) {
	f := &im.format
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
