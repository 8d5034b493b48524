// Package codec decodes the compressed pixels of grey DICOM images: RLE, JPEG
// (baseline, extended, lossless), JPEG-LS and JPEG 2000, High-Throughput too.
//
// Start with [For], which names the decoder of a transfer syntax, or call
// [DecodeRLE], [DecodeJPEG], [DecodeJPEGLS] or [DecodeJPEG2000].
//
// The bytes are not trusted. What the DICOM header promises ([Params]) is
// checked against what the bytes say before anything is allocated; a decoder
// allocates no more than a fixed multiple of rows times columns and of the
// length of its data, does a bounded amount of work, and returns an error where
// the bytes are damaged, cut short or of a kind that it cannot decode to the
// right values. Decoders are pure functions and may run at the same time.
package codec

import (
	"errors"
	"fmt"
)

// MaxPixels is the largest number of pixels that a frame may have.
const MaxPixels = 1 << 24

// Params is what the DICOM header says of a frame (PS3.3 C.7.6.3).
type Params struct {
	Rows, Columns int
	Bits          int  // allocated to a pixel: 8, 16 or 32
	Signed        bool // Pixel Representation 1: two's complement
}

// Decoder decodes one frame of one grey value a pixel: Rows times Columns
// values, row by row. Where the pixels are signed and the compressed data does
// not know of signs, the sign is the highest bit of the precision that the
// compressed data states, which may differ from the header's Bits Stored.
// Values are not rescaled, and bits that hold overlays are not removed.
type Decoder func(data []byte, p Params) ([]int32, error)

// For returns the decoder of a transfer syntax (PS3.5 annex A.4), nil where
// there is none.
func For(transferSyntax string) Decoder {
	switch transferSyntax {
	case "1.2.840.10008.1.2.5":
		return DecodeRLE
	case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51", "1.2.840.10008.1.2.4.57", "1.2.840.10008.1.2.4.70":
		return DecodeJPEG
	case "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81":
		return DecodeJPEGLS
	case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91",
		"1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203":
		return DecodeJPEG2000
	}
	return nil
}

var errShort = errors.New("the compressed pixels are cut short")

// damaged words what is wrong with the bytes.
func damaged(format string, args ...any) error {
	return fmt.Errorf("the compressed pixels are damaged: "+format, args...)
}

func (p Params) pixels() int { return p.Rows * p.Columns }

// check refuses frames that cannot be.
func (p Params) check() error {
	if p.Rows < 1 || p.Columns < 1 || p.Columns > MaxPixels/p.Rows {
		return fmt.Errorf("a frame of %dx%d pixels is not possible", p.Columns, p.Rows)
	}
	if p.Bits != 8 && p.Bits != 16 && p.Bits != 32 {
		return fmt.Errorf("%d bits a pixel are not supported", p.Bits)
	}
	return nil
}

// match compares what the compressed data says of the frame with the header.
func (p Params) match(rows, columns, precision, components int) error {
	switch {
	case components != 1:
		return fmt.Errorf("the compressed pixels have %d colours; only grey images can be read", components)
	case rows != p.Rows || columns != p.Columns:
		return fmt.Errorf("the compressed picture has %dx%d pixels, its header says %dx%d", columns, rows, p.Columns, p.Rows)
	case precision > p.Bits:
		return fmt.Errorf("the compressed picture has %d bits a pixel, its header says %d", precision, p.Bits)
	}
	return nil
}

// settle keeps the low bits of values, as many as precision says, and gives
// them their sign.
func (p Params) settle(values []int32, precision int) {
	shift := uint(32 - precision)
	if p.Signed {
		for i, v := range values {
			values[i] = v << shift >> shift
		}
		return
	}
	for i, v := range values {
		values[i] = int32(uint32(v) << shift >> shift)
	}
}
