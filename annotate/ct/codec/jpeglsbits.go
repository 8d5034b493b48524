package codec

import "math/bits"

// lsBits reads the bits of a JPEG-LS scan, where one zero bit is stuffed behind
// a byte FF (T.87 A.1). Behind the end of the data, or in front of a marker, it
// supplies zeros and counts them.
type lsBits struct {
	data  []byte
	pos   int
	bits  uint64 // to be read next, from the highest down
	n     uint   // how many of bits are there
	made  uint   // how many zero bits were supplied
	stuff bool   // the last byte was FF
	bad   bool   // a code was met that cannot be
}

// fill makes at least 48 bits available.
func (b *lsBits) fill() {
	for b.n <= 48 {
		if b.pos >= len(b.data) || b.stuff && b.data[b.pos] >= 0x80 {
			b.n += 8
			b.made += 8
			continue
		}
		c := b.data[b.pos]
		b.pos++
		if b.stuff {
			b.bits |= uint64(c) << (57 - b.n)
			b.n += 7
		} else {
			b.bits |= uint64(c) << (56 - b.n)
			b.n += 8
		}
		b.stuff = c == 0xff
	}
}

// number reads an unsigned number of n bits, at most 32.
func (b *lsBits) number(n uint) int {
	if n == 0 {
		return 0
	}
	if b.n < 32 {
		b.fill()
	}
	v := int(b.bits >> (64 - n))
	b.bits <<= n
	b.n -= n
	return v
}

// golomb reads a Golomb code of order k, whose unary part is limited (T.87
// A.5.3).
func (b *lsBits) golomb(k, limit, wide uint) int {
	zeros := b.zeros()
	if zeros >= limit-wide-1 {
		return b.number(wide) + 1
	}
	return int(zeros)<<k + b.number(k)
}

// zeros counts the zero bits before the next one bit and reads all of them.
func (b *lsBits) zeros() uint {
	if b.n < 32 {
		b.fill()
	}
	n := uint(bits.LeadingZeros64(b.bits))
	if n < b.n {
		b.bits <<= n + 1
		b.n -= n + 1
		return n
	}
	return b.moreZeros()
}

// moreZeros is zeros where more of them follow than are at hand.
func (b *lsBits) moreZeros() uint {
	n := uint(0)
	for n < 128 {
		z := min(b.n, uint(bits.LeadingZeros64(b.bits)))
		n += z
		if z < b.n {
			b.bits <<= z + 1
			b.n -= z + 1
			return n
		}
		b.bits, b.n = 0, 0
		b.fill()
	}
	b.bad = true // no code begins with so many
	return 0
}

// check says whether what was read so far can be true.
func (b *lsBits) check() error {
	switch {
	case b.made > b.n:
		return errShort
	case b.bad:
		return damaged("there are bits that are no JPEG-LS code")
	}
	return nil
}
