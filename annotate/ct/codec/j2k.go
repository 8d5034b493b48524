package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
)

// DecodeJPEG2000 decodes JPEG 2000 Part 1 (T.800) and its High-Throughput coding
// of blocks (T.814) of up to 16 bits: a codestream, or one in a JP2 file. Values
// that the codestream calls signed stay so whatever the header says.
func DecodeJPEG2000(data []byte, p Params) ([]int32, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	data, err := unboxJP2(data)
	if err != nil {
		return nil, err
	}
	h, err := parseJ2K(data, p)
	if err != nil {
		return nil, err
	}
	out := make([]int32, p.pixels())
	var d j2kDecoder
	for i := range h.tiles {
		if err := d.decode(h, i, out); err != nil {
			return nil, err
		}
	}
	if !h.size.signed {
		p.settle(out, h.size.precision)
	}
	return out, nil
}

// unboxJP2 returns the codestream in a JP2 file (T.800 I.4), or a bare one as
// it is.
func unboxJP2(data []byte) ([]byte, error) {
	if len(data) < 12 || string(data[4:8]) != "jP  " {
		return data, nil
	}
	for len(data) >= 8 {
		n, kind := int(binary.BigEndian.Uint32(data)), string(data[4:8])
		if kind == "jp2c" && (n == 0 || n >= 8) {
			return data[8:], nil
		}
		if n < 8 || n > len(data) {
			break
		}
		data = data[n:]
	}
	return nil, errors.New("there is no picture in the JPEG 2000 file")
}

// area is a rectangle on one of the grids of T.800 annex B; x1 and y1 lie
// outside.
type area struct{ x0, y0, x1, y1 int }

func (a area) width() int  { return a.x1 - a.x0 }
func (a area) height() int { return a.y1 - a.y0 }
func (a area) empty() bool { return a.x1 <= a.x0 || a.y1 <= a.y0 }

// intersect returns what lies in both.
func (a area) intersect(b area) area {
	return area{max(a.x0, b.x0), max(a.y0, b.y0), min(a.x1, b.x1), min(a.y1, b.y1)}
}

// ceilShift is v/2^s rounded up.
func ceilShift(v int, s uint) int { return (v + 1<<s - 1) >> s }

// shrink divides all coordinates by 2^s, rounding up (T.800 B-14).
func (a area) shrink(s uint) area {
	return area{ceilShift(a.x0, s), ceilShift(a.y0, s), ceilShift(a.x1, s), ceilShift(a.y1, s)}
}

// endOfCodestream is where the EOC marker stands, or the end where it is
// missing. Nothing else in the data can look like it (T.800 B.10.1, C.2.10).
func endOfCodestream(data []byte) int {
	if i := bytes.LastIndex(data, []byte{0xff, 0xd9}); i >= 0 {
		return i
	}
	return len(data)
}
