package dicom

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/suyashkumar/dicom/pkg/tag"

	"groundglass/annotate/ct/codec"
)

// format is how pixels are stored (PS3.5 section 8).
type format struct {
	allocated, stored, high int
	signed                  bool
	swapped                 bool // 8-bit pixels in the big-endian words of VR OW
	order                   binary.ByteOrder

	padded         bool
	padLow, padTop int64  // stored values of padding
	padWord        uint32 // the padding value as written, which may lie outside the stored bits

	table *lut // nil: values scale by slope and intercept

	deflatedFrom int64 // where the deflated data set starts in the file; 0 when it is not deflated
	offset       int64 // of the pixel data, in the file or in what it inflates to
	length       int64

	decoder   codec.Decoder // of compressed pixels, nil for native ones
	fragments []fragment
	starts    []int // index of each frame's first fragment
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
		order:   f.encoding.pixelOrder(),
		offset:  f.pixels.offset, length: f.pixels.length,
	}
	if im.format.decoder = decoderOf(f.syntax); im.format.decoder != nil {
		im.format.fragments = f.frames.fragments
	}
	if f.encoding.deflated {
		im.format.deflatedFrom = f.start
	}
	im.setPadding(d)
	var err error
	im.format.table, err = f.readTable(im.format.signed)
	return err
}

// hu turns a word of a frame into Hounsfield units, rounded and limited.
func (f *format) hu(word uint32, frame *Frame) int16 {
	if f.table != nil {
		return f.table.at(f.value(word))
	}
	return frame.scale(f.value(word))
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
