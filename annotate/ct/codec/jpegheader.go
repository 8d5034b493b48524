package codec

import (
	"encoding/binary"
	"errors"
)

// jpegHeader is what a JPEG stream says up to its first scan (T.81 annex B).
type jpegHeader struct {
	process       byte // the start-of-frame marker
	precision     int
	rows, columns int
	components    int
	quantization  byte // number of the component's table
	interval      int  // restart interval in blocks, or in pixels where lossless; 0 without
	codes         [2][4]huffman
	quants        [4]quantizer
	dc, ac        byte // numbers of the component's tables of codes
	predictor     int  // Ss
	low           uint // Al: the point transform
	scan          []byte
}

// quantizer is a quantization table in the order of the block's rows.
type quantizer struct {
	defined bool
	step    [64]int32
}

// zigzag is the place in a block of each coefficient as it is stored (T.81 figure A.6).
var zigzag = [64]byte{
	0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
}

// Markers of JPEG and JPEG-LS.
const (
	mTEM = 0x01
	mDHT = 0xc4
	mRST = 0xd0 // to 0xd7
	mSOI = 0xd8
	mEOI = 0xd9 // end of a JPEG stream
	mSOS = 0xda
	mDQT = 0xdb
	mDRI = 0xdd
	mSOF = 0xf7 // of JPEG-LS
	mLSE = 0xf8
)

// jpegSegments walks over the marker segments of a JPEG or JPEG-LS stream and
// returns what follows the start of its first scan.
func jpegSegments(data []byte, segment func(marker byte, body []byte) error) ([]byte, error) {
	if len(data) < 2 || data[0] != 0xff || data[1] != mSOI {
		return nil, errors.New("the compressed pixels are not JPEG")
	}
	data = data[2:]
	for {
		for len(data) > 1 && (data[0] != 0xff || data[1] == 0xff || data[1] == 0) {
			data = data[1:]
		}
		if len(data) < 4 {
			return nil, errShort
		}
		marker := data[1]
		data = data[2:]
		if marker == mTEM || marker >= mRST && marker <= mSOI {
			continue
		}
		if marker == mEOI {
			return nil, errShort
		}
		n := int(binary.BigEndian.Uint16(data))
		if n < 2 || n > len(data) {
			return nil, errShort
		}
		if err := segment(marker, data[2:n]); err != nil {
			return nil, err
		}
		data = data[n:]
		if marker == mSOS {
			return data, nil
		}
	}
}

// parseJPEG reads the header of a stream.
func parseJPEG(data []byte) (*jpegHeader, error) {
	h := &jpegHeader{}
	var err error
	h.scan, err = jpegSegments(data, func(marker byte, body []byte) error {
		switch {
		case marker == mDHT:
			return h.setCodes(body)
		case marker == mDQT:
			return h.setQuants(body)
		case marker == mDRI:
			return h.setInterval(body)
		case marker == mSOS:
			return h.setScan(body)
		case marker == mSOF:
			return errors.New("the compressed pixels are JPEG-LS, their header says JPEG")
		case marker >= sofBaseline && marker <= 0xcf && marker != 0xc8 && marker != 0xcc:
			return h.setFrame(marker, body)
		}
		return nil
	})
	return h, err
}

// setFrame reads the frame header (T.81 B.2.2).
func (h *jpegHeader) setFrame(marker byte, s []byte) error {
	if len(s) < 9 {
		return errShort
	}
	if h.process != 0 {
		return errors.New("there are several JPEG frames in one")
	}
	h.process, h.precision = marker, int(s[0])
	h.rows, h.columns = int(binary.BigEndian.Uint16(s[1:])), int(binary.BigEndian.Uint16(s[3:]))
	h.components = int(s[5])
	h.quantization = s[8] & 3
	if h.precision < 2 || h.precision > 16 {
		return damaged("%d bits a pixel are not possible", h.precision)
	}
	return nil
}

// setScan reads the scan header (T.81 B.2.3).
func (h *jpegHeader) setScan(s []byte) error {
	if h.process == 0 {
		return damaged("the scan comes before the frame header")
	}
	if len(s) < 6 {
		return errShort
	}
	h.dc, h.ac = s[2]>>4&3, s[2]&3
	h.predictor, h.low = int(s[3]), uint(s[5]&15)
	if h.components == 1 && s[0] != 1 {
		return damaged("a scan of %d colours in a grey picture", s[0])
	}
	return nil
}

// setCodes reads tables of Huffman codes (T.81 B.2.4.2).
func (h *jpegHeader) setCodes(s []byte) error {
	for len(s) > 0 {
		if len(s) < 17 {
			return errShort
		}
		class, id, n := s[0]>>4, s[0]&15, 0
		counts := (*[16]byte)(s[1:])
		for _, c := range counts {
			n += int(c)
		}
		if class > 1 || id > 3 || len(s) < 17+n {
			return errHuffman
		}
		if err := h.codes[class][id].set(counts, s[17:17+n]); err != nil {
			return err
		}
		s = s[17+n:]
	}
	return nil
}

// setQuants reads quantization tables (T.81 B.2.4.1).
func (h *jpegHeader) setQuants(s []byte) error {
	for len(s) > 0 {
		wide, id := int(s[0]>>4), s[0]&15
		s = s[1:]
		if wide > 1 || id > 3 {
			return damaged("there is no quantization table %d of width %d", id, wide)
		}
		if len(s) < 64<<wide {
			return errShort
		}
		q := &h.quants[id]
		q.defined = true
		for i, place := range zigzag {
			if wide == 1 {
				q.step[place] = int32(binary.BigEndian.Uint16(s[2*i:]))
			} else {
				q.step[place] = int32(s[i])
			}
		}
		s = s[64<<wide:]
	}
	return nil
}

func (h *jpegHeader) setInterval(s []byte) error {
	if len(s) < 2 {
		return errShort
	}
	h.interval = int(binary.BigEndian.Uint16(s))
	return nil
}

// table returns a table of codes that the scan uses.
func (h *jpegHeader) table(class, id byte) (*huffman, error) {
	t := &h.codes[class][id]
	if !t.defined {
		return nil, errors.New("the compressed pixels lack a Huffman table")
	}
	return t, nil
}
