package codec

import (
	"encoding/binary"
	"fmt"
	"math"
)

// rleHeader is the length of the table of segments: their number and 15 offsets.
const rleHeader = 64

// DecodeRLE decodes RLE Lossless (PS3.5 annex G). Values have all allocated
// bits; with 32 of them, unsigned values from 2^31 on come out negative.
func DecodeRLE(data []byte, p Params) ([]int32, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	segments, err := rleSegments(data, p.Bits/8)
	if err != nil {
		return nil, err
	}
	out := make([]int32, p.pixels())
	for i, segment := range segments {
		// the first segment holds the highest bytes of all pixels
		if err := unpackBits(out, segment, uint(8*(len(segments)-1-i))); err != nil {
			return nil, err
		}
	}
	p.settle(out, p.Bits)
	return out, nil
}

// rleSegments splits a frame into its byte planes (PS3.5 G.5).
func rleSegments(data []byte, want int) ([][]byte, error) {
	if len(data) < rleHeader {
		return nil, errShort
	}
	word := func(i int) uint32 { return binary.LittleEndian.Uint32(data[4*i:]) }
	if n := word(0); n != uint32(want) {
		return nil, fmt.Errorf("the compressed pixels have %d byte planes where a grey frame has %d", n, want)
	}
	segments := make([][]byte, want)
	end := uint32(min(uint64(len(data)), math.MaxUint32))
	for i := want - 1; i >= 0; i-- {
		start := word(i + 1)
		if start < rleHeader || start > end {
			return nil, damaged("byte plane %d has no place in the data", i+1)
		}
		segments[i] = data[start:end]
		end = start
	}
	return segments, nil
}

// unpackBits adds the bytes of a segment, shifted, to the values (PS3.5 G.3.2).
func unpackBits(out []int32, segment []byte, shift uint) error {
	for len(out) > 0 {
		if len(segment) < 2 {
			return errShort
		}
		n := int(int8(segment[0]))
		segment = segment[1:]
		switch {
		case n >= 0:
			n = min(n+1, len(out))
			if len(segment) < n {
				return errShort
			}
			for i, v := range segment[:n] {
				out[i] |= int32(v) << shift
			}
			segment = segment[n:]
		case n > -128:
			n = min(1-n, len(out))
			v := int32(segment[0]) << shift
			for i := range out[:n] {
				out[i] |= v
			}
			segment = segment[1:]
		default:
			n = 0
		}
		out = out[n:]
	}
	return nil
}
