package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// lsHeader is what a JPEG-LS stream says up to its scan (T.87 annex C).
type lsHeader struct {
	precision     int
	rows, columns int
	components    int
	near          int // largest difference to the original; 0 is lossless
	presets       lsPresets
	scan          []byte
}

// lsPresets are the parameters that a stream may set (T.87 C.2.4.1.1); 0 stands
// for the default.
type lsPresets struct {
	maximum    int    // largest value of a pixel
	thresholds [3]int // of the local gradients
	reset      int    // count at which the statistics are halved
}

// DecodeJPEGLS decodes JPEG-LS (T.87), lossless and near-lossless, of 2 to 16
// bits.
func DecodeJPEGLS(data []byte, p Params) ([]int32, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	h, err := parseJPEGLS(data)
	if err != nil {
		return nil, err
	}
	if err := p.match(h.rows, h.columns, h.precision, h.components); err != nil {
		return nil, err
	}
	if err := h.setDefaults(); err != nil {
		return nil, err
	}
	out := make([]int32, p.pixels())
	if err := newLSScan(h).decode(out, h.columns); err != nil {
		return nil, err
	}
	if p.Signed {
		p.settle(out, h.precision)
	}
	return out, nil
}

// parseJPEGLS reads the header of a stream.
func parseJPEGLS(data []byte) (*lsHeader, error) {
	h := &lsHeader{}
	var err error
	h.scan, err = jpegSegments(data, func(marker byte, body []byte) error {
		switch {
		case marker == mSOF:
			return h.setFrame(body)
		case marker == mLSE:
			return h.setPresets(body)
		case marker == mSOS:
			return h.setScan(body)
		case marker == mDRI && len(body) > 1 && body[0]|body[1] != 0:
			return errors.New("JPEG-LS with restart intervals is not supported")
		case marker >= sofBaseline && marker <= sofLossless:
			return errors.New("the compressed pixels are JPEG, their header says JPEG-LS")
		}
		return nil
	})
	return h, err
}

// setFrame reads the frame header (T.87 C.2.2).
func (h *lsHeader) setFrame(s []byte) error {
	if len(s) < 9 {
		return errShort
	}
	h.precision = int(s[0])
	h.rows, h.columns = int(binary.BigEndian.Uint16(s[1:])), int(binary.BigEndian.Uint16(s[3:]))
	h.components = int(s[5])
	if h.precision < 2 || h.precision > 16 {
		return damaged("%d bits a pixel are not possible", h.precision)
	}
	return nil
}

// setPresets reads preset parameters (T.87 C.2.4.1).
func (h *lsHeader) setPresets(s []byte) error {
	if len(s) < 1 {
		return errShort
	}
	if s[0] != 1 {
		return fmt.Errorf("JPEG-LS with parameters of kind %d is not supported", s[0])
	}
	if len(s) < 11 {
		return errShort
	}
	word := func(i int) int { return int(binary.BigEndian.Uint16(s[1+2*i:])) }
	h.presets = lsPresets{maximum: word(0), thresholds: [3]int{word(1), word(2), word(3)}, reset: word(4)}
	return nil
}

// setScan reads the scan header (T.87 C.2.3).
func (h *lsHeader) setScan(s []byte) error {
	if h.precision == 0 {
		return damaged("the scan comes before the frame header")
	}
	if len(s) < 6 {
		return errShort
	}
	if h.components != 1 {
		return nil // to be refused
	}
	if s[0] != 1 {
		return damaged("a scan of %d colours in a grey picture", s[0])
	}
	if s[2] != 0 {
		return errors.New("JPEG-LS with mapping tables is not supported")
	}
	if s[5]&15 != 0 {
		return errors.New("JPEG-LS with a point transform is not supported")
	}
	h.near = int(s[3])
	return nil
}

// setDefaults fills in the presets that the stream left open and checks all of
// them (T.87 C.2.4.1.1).
func (h *lsHeader) setDefaults() error {
	p, top := &h.presets, 1<<h.precision-1
	if p.maximum == 0 {
		p.maximum = top
	}
	if p.maximum > top || h.near > min(255, p.maximum/2) {
		return damaged("JPEG-LS values of up to %d, %d off, do not fit %d bits", p.maximum, h.near, h.precision)
	}
	if p.reset == 0 {
		p.reset = 64
	}
	low := h.near + 1
	for i, d := range defaultThresholds(p.maximum, h.near) {
		t := &p.thresholds[i]
		if *t == 0 {
			*t = d
		}
		if *t < low || *t > p.maximum {
			return damaged("a JPEG-LS threshold is %d", *t)
		}
		low = *t
	}
	if p.reset < 3 || p.reset > max(255, p.maximum) {
		return damaged("the JPEG-LS statistics are reset at %d", p.reset)
	}
	return nil
}

// defaultThresholds are those of T.87 C.2.4.1.1.1.
func defaultThresholds(maximum, near int) (t [3]int) {
	low := near + 1
	for i, basic := range [3]int{3, 7, 21} {
		slack := (3 + 2*i) * near
		var v int
		if maximum < 128 {
			v = max(2+i, basic/(256/(maximum+1))+slack)
		} else {
			factor := (min(maximum, 4095) + 128) / 256
			v = factor*(basic-2-i) + 2 + i + slack
		}
		if v > maximum || v < low {
			v = low
		}
		t[i], low = v, v
	}
	return t
}

// bitLength is the number of bits of values below n.
func bitLength(n int) uint { return uint(bits.Len(uint(n - 1))) }
