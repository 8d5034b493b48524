package dicom

import (
	"encoding/binary"
	"math"
	"sync"
)

// lanes is a value of 16 bits in each quarter of a word.
func lanes(v uint16) uint64 { return uint64(v) * 0x0001_0001_0001_0001 }

// linear decodes words of 16 bits, four at once, that scale by adding a whole
// number alone: the usual CT.
type linear struct {
	mask, turn, add uint64                  // lanes: the stored bits, the bits that are turned to make a signed number, what is added then
	exact           func(word uint32) int16 // for sums that do not fit 16 bits
}

// linear tells whether a frame's words are such.
func (f *format) linear(frame *Frame) (l linear, ok bool) {
	b := int(min(max(frame.Intercept, -1<<20), 1<<20))
	if f.table != nil || f.allocated != 16 || f.order != binary.LittleEndian || f.high != f.stored-1 || frame.Slope != 1 || float64(b) != frame.Intercept {
		return l, false
	}
	var turn uint16
	switch {
	case f.signed && f.stored < 16:
		turn = 1 << (f.stored - 1)
		b -= int(turn)
	case !f.signed && f.stored == 16:
		turn = 1 << 15
		b += 1 << 15
	}
	if b < math.MinInt16 || b > math.MaxInt16 {
		return l, false
	}
	exact := func(word uint32) int16 { return frame.scale(f.value(word)) }
	return linear{lanes(uint16(1)<<f.stored - 1), lanes(turn), lanes(uint16(b)), exact}, true
}

// decode fills hu from the bytes of as many words.
func (l *linear) decode(raw []byte, hu []int16) {
	const high = 0x8000_8000_8000_8000
	mask, turn, add := l.mask, l.turn, l.add
	for len(hu) >= 4 {
		x := (binary.LittleEndian.Uint64(raw) & mask) ^ turn
		sum := (x&^high + add&^high) ^ (x^add)&high // no lane carries into the next
		if (sum^x)&(sum^add)&high != 0 {            // a sign that neither has
			l.decodeExact(raw, hu[:4])
		} else {
			hu[0], hu[1], hu[2], hu[3] = int16(sum), int16(sum>>16), int16(sum>>32), int16(sum>>48)
		}
		raw, hu = raw[8:], hu[4:]
	}
	l.decodeExact(raw, hu)
}

func (l *linear) decodeExact(raw []byte, hu []int16) {
	for p := range hu {
		hu[p] = l.exact(uint32(binary.LittleEndian.Uint16(raw[2*p:])))
	}
}

// noPadding tells for sure whether none of four words is padding; where it says
// no, one may be.
func (f *format) noPadding(four uint64) bool {
	if f.padLow != f.padTop {
		return false
	}
	return !hasZero(four^lanes(uint16(f.padWord))) && !hasZero((four^lanes(uint16(f.padLow)))&lanes(uint16(1)<<f.stored-1))
}

// hasZero tells whether a lane is 0.
func hasZero(x uint64) bool { return (x-lanes(1))&^x&lanes(0x8000) != 0 }

// buffers hold the bytes of frames between two decodings, so that they need not be
// made anew.
var buffers = sync.Pool{New: func() any { return new([]byte) }}

// buffer returns n bytes of any content, and what gives them back.
func buffer(n int64) (b []byte, free func()) {
	p := buffers.Get().(*[]byte)
	if int64(cap(*p)) < n {
		*p = make([]byte, n)
	}
	return (*p)[:n], func() { buffers.Put(p) }
}
