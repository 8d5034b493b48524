package codec

import "encoding/binary"

// jpegBits reads the bits of JPEG's entropy-coded data (T.81 F.2.2.5). Behind
// the end of the data, or in front of a marker, it supplies zeros and counts
// them; damage shows in overrun, which callers look at once in a while.
type jpegBits struct {
	data []byte
	pos  int
	bits uint64 // to be read next, from the highest down
	n    uint   // how many of bits are there
	made uint   // how many zero bits were supplied
	bad  bool   // a code was met that is in no table
}

// fill makes at least 32 bits available.
func (b *jpegBits) fill() {
	if b.pos+4 <= len(b.data) {
		w := binary.BigEndian.Uint32(b.data[b.pos:])
		if !hasFF(w) {
			b.bits |= uint64(w) << (32 - b.n)
			b.n += 32
			b.pos += 4
			return
		}
	}
	for b.n < 32 {
		b.bits |= uint64(b.next()) << (56 - b.n)
		b.n += 8
	}
}

// hasFF tells whether one of the four bytes is FF.
func hasFF(w uint32) bool { return (^w-0x01010101)&w&0x80808080 != 0 }

// next returns the next byte, without the zero stuffed behind FF.
func (b *jpegBits) next() byte {
	if b.pos >= len(b.data) {
		b.made += 8
		return 0
	}
	c := b.data[b.pos]
	if c != 0xff {
		b.pos++
		return c
	}
	if b.pos+1 < len(b.data) && b.data[b.pos+1] == 0 {
		b.pos += 2
		return c
	}
	b.made += 8
	return 0
}

// symbol reads a Huffman code. At least 16 bits are available after it.
func (b *jpegBits) symbol(h *huffman) byte {
	if b.n < 32 {
		b.fill()
	}
	if e := h.look[b.bits>>(64-lookBits)]; e != 0 {
		b.skip(uint(e >> 8))
		return byte(e)
	}
	symbol, length := h.long(int32(b.bits >> 48))
	if length == 0 {
		b.bad = true
	}
	b.skip(length)
	return symbol
}

func (b *jpegBits) skip(n uint) {
	b.bits <<= n
	b.n -= n
}

// number reads the signed number of n bits, at most 16, that follows a symbol
// (RECEIVE and EXTEND, T.81 F.2.2.1 and F.2.2.4).
func (b *jpegBits) number(n uint) int32 {
	if n == 0 {
		return 0
	}
	v := int32(b.bits >> (64 - n))
	b.skip(n)
	if v < 1<<(n-1) {
		v += -1<<n + 1
	}
	return v
}

// check says whether what was read so far can be true.
func (b *jpegBits) check() error {
	switch {
	case b.bad:
		return damaged("there are bits that are no Huffman code")
	case b.made > b.n:
		return errShort
	}
	return nil
}

// restart goes behind the restart marker of the given number, which must be
// next (T.81 F.2.1.3.1).
func (b *jpegBits) restart(number int) error {
	if err := b.check(); err != nil {
		return err
	}
	pos := b.pos
	for pos+1 < len(b.data) && b.data[pos] == 0xff && b.data[pos+1] == 0xff {
		pos++
	}
	if pos+1 >= len(b.data) {
		return errShort
	}
	if b.data[pos] != 0xff || b.data[pos+1] != 0xd0+byte(number&7) {
		return damaged("a restart marker is missing")
	}
	*b = jpegBits{data: b.data, pos: pos + 2}
	return nil
}
