package ct

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
)

// Fingerprint tells the images of a series from others by their pixels alone, whatever
// their files are called and say: the SHA-256, in hex, of the numbers of columns, rows
// and slices, in 32 bits each, and of the first, the middle (half the number, rounded
// down) and the last slice's Hounsfield units, in 16 bits, row by row; all little
// endian. It is "" where one of the slices cannot be read, and where all of them are
// blank, so that they would tell nothing.
func (s *Series) Fingerprint() string {
	h := sha256.New()
	for _, n := range []int{s.Columns, s.Rows, s.Len()} {
		h.Write(binary.LittleEndian.AppendUint32(nil, uint32(n)))
	}
	blank := true
	for _, i := range []int{0, s.Len() / 2, s.Len() - 1} {
		slice, err := s.Slice(i)
		if err != nil {
			return ""
		}
		blank = blank && isBlank(slice.HU)
		writeHU(h, slice)
	}
	if blank {
		return ""
	}
	return hex.EncodeToString(h.Sum(nil))
}

func isBlank(hu []int16) bool {
	for _, v := range hu {
		if v != hu[0] {
			return false
		}
	}
	return true
}

func writeHU(h hash.Hash, s *Slice) {
	row := make([]byte, 0, 2*s.W)
	for y := range s.H {
		row = row[:0]
		for _, v := range s.HU[y*s.W:][:s.W] {
			row = binary.LittleEndian.AppendUint16(row, uint16(v))
		}
		h.Write(row)
	}
}
