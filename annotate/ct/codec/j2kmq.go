package codec

import "math/bits"

// mqState is a state of an adaptive context: index into T.800 table C.2 times
// two, plus the more probable symbol.
type mqState = uint8

// mqRow is what a state leads to.
type mqRow struct {
	qe         int64 // probability of the less probable symbol, times 2^16
	more, less mqState
}

// mqRows has 94 rows in use; the rest spares bounds checks.
var mqRows = func() (rows [256]mqRow) {
	table := [47]struct {
		qe         int64
		more, less uint8
		exchange   uint8
	}{
		{0x5601, 1, 1, 1}, {0x3401, 2, 6, 0}, {0x1801, 3, 9, 0}, {0x0ac1, 4, 12, 0},
		{0x0521, 5, 29, 0}, {0x0221, 38, 33, 0}, {0x5601, 7, 6, 1}, {0x5401, 8, 14, 0},
		{0x4801, 9, 14, 0}, {0x3801, 10, 14, 0}, {0x3001, 11, 17, 0}, {0x2401, 12, 18, 0},
		{0x1c01, 13, 20, 0}, {0x1601, 29, 21, 0}, {0x5601, 15, 14, 1}, {0x5401, 16, 14, 0},
		{0x5101, 17, 15, 0}, {0x4801, 18, 16, 0}, {0x3801, 19, 17, 0}, {0x3401, 20, 18, 0},
		{0x3001, 21, 19, 0}, {0x2801, 22, 19, 0}, {0x2401, 23, 20, 0}, {0x2201, 24, 21, 0},
		{0x1c01, 25, 22, 0}, {0x1801, 26, 23, 0}, {0x1601, 27, 24, 0}, {0x1401, 28, 25, 0},
		{0x1201, 29, 26, 0}, {0x1101, 30, 27, 0}, {0x0ac1, 31, 28, 0}, {0x09c1, 32, 29, 0},
		{0x08a1, 33, 30, 0}, {0x0521, 34, 31, 0}, {0x0441, 35, 32, 0}, {0x02a1, 36, 33, 0},
		{0x0221, 37, 34, 0}, {0x0141, 38, 35, 0}, {0x0111, 39, 36, 0}, {0x0085, 40, 37, 0},
		{0x0049, 41, 38, 0}, {0x0025, 42, 39, 0}, {0x0015, 43, 40, 0}, {0x0009, 44, 41, 0},
		{0x0005, 45, 42, 0}, {0x0001, 45, 43, 0}, {0x5601, 46, 46, 0},
	}
	for i, s := range table {
		for symbol := range uint8(2) {
			rows[2*i+int(symbol)] = mqRow{s.qe << 16, s.more<<1 | symbol, s.less<<1 | symbol ^ s.exchange}
		}
	}
	return rows
}()

// mqDecoder is the arithmetic decoder of T.800 annex C. Behind the end of its
// data it reads bytes FF.
//
// The interval A and the code C, both times 2^16, get smaller together until C
// lies in the lower interval or A is less than half. How far they are from that
// is kept apart from them, so that one subtraction finds out.
type mqDecoder struct {
	data  []byte
	pos   int
	a, c  int64 // A and C without margin
	spare int64 // the margin; it is part of both
	shift int   // CT: shifts until the next byte is needed
}

const mqHalf = 0x8000 << 16

// start begins a segment (INITDEC, T.800 C.3.5).
func (m *mqDecoder) start(data []byte) {
	*m = mqDecoder{data: data, a: mqHalf}
	m.c = m.at(0) << 16
	m.byteIn()
	m.c <<= 7
	m.shift -= 7
}

func (m *mqDecoder) at(i int) int64 {
	if i < len(m.data) {
		return int64(m.data[i])
	}
	return 0xff
}

// byteIn is T.800 C.3.4.
func (m *mqDecoder) byteIn() {
	if m.at(m.pos) != 0xff {
		m.pos++
		m.c += m.at(m.pos) << 8
		m.shift = 8
		return
	}
	if next := m.at(m.pos + 1); next > 0x8f {
		m.c += 0xff00
		m.shift = 8
	} else {
		m.pos++
		m.c += next << 9
		m.shift = 7
	}
}

// decode reads a symbol in a context (T.800 C.3.2).
func (m *mqDecoder) decode(context *mqState) uint32 {
	m.spare -= mqRows[*context].qe
	if m.spare >= 0 {
		return uint32(*context & 1)
	}
	return m.exchange(context)
}

// exchange decodes a symbol that changes the context's state (LPS_EXCHANGE,
// MPS_EXCHANGE and RENORMD of T.800 C.3.2 and C.3.3).
func (m *mqDecoder) exchange(context *mqState) uint32 {
	s := *context
	row := &mqRows[s]
	a, c := m.a+m.spare, m.c+m.spare
	likely := a >= row.qe
	if c < 0 {
		likely = !likely
		a, c = row.qe, c+row.qe
	}
	*context = row.less
	if likely {
		*context = row.more
	}
	n := bits.LeadingZeros32(uint32(a))
	if n > m.shift {
		m.a, m.c = a, c
		m.renormalize(n)
		a, c = m.a, m.c
	} else {
		a <<= n & 31
		c <<= n & 31
		m.shift -= n
	}
	m.spare = min(a-mqHalf, c)
	m.a, m.c = a-m.spare, c-m.spare
	if likely {
		return uint32(s & 1)
	}
	return uint32(s&1) ^ 1
}

// renormalize shifts A and C by n, which takes more bytes.
func (m *mqDecoder) renormalize(n int) {
	for n > 0 {
		if m.shift == 0 {
			m.byteIn()
		}
		k := min(n, m.shift)
		m.a <<= k
		m.c <<= k
		m.shift -= k
		n -= k
	}
}

// rawBits reads the bits of passes that bypass the arithmetic decoder (T.800
// D.6). Behind the end of its data it reads ones.
type rawBits struct {
	data []byte
	pos  int
	last uint32
	n    int // bits of last that are left
}

func (r *rawBits) bit() uint32 {
	if r.n == 0 {
		r.n = 8
		if r.last == 0xff {
			r.n = 7
		}
		r.last = 0xff
		if r.pos < len(r.data) {
			r.last = uint32(r.data[r.pos])
			r.pos++
		}
	}
	r.n--
	return r.last >> r.n & 1
}
