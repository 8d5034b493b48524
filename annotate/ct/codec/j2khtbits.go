package codec

// htBits reads bits, the lowest first, of one of the streams of an HT code block
// that are not arithmetically coded (T.814). Some of them grow backwards. Behind
// the end of its data it reads ones or zeros.
type htBits struct {
	data     []byte // not read yet
	backward bool   // the next byte is the last of data
	stuffed  bool   // the next byte has, or may have, only seven bits
	fill     byte   // behind the end
	bits     uint64 // to be read next, from the lowest up
	n        uint   // how many of bits are there
}

// more makes at least 32 bits available.
func (b *htBits) more() {
	for b.n < 32 {
		c, count := b.next(), uint(8)
		if b.backward {
			// a zero stuffed where 8F would be exceeded
			if b.stuffed && c&0x7f == 0x7f {
				count = 7
			}
			b.stuffed = c > 0x8f
		} else {
			if b.stuffed {
				count = 7
			}
			b.stuffed = c == 0xff
		}
		b.bits |= uint64(c) << b.n
		b.n += count
	}
}

func (b *htBits) next() (c byte) {
	n := len(b.data)
	switch {
	case n == 0:
		return b.fill
	case b.backward:
		c, b.data = b.data[n-1], b.data[:n-1]
	default:
		c, b.data = b.data[0], b.data[1:]
	}
	return c
}

// take reads n bits, at most 32.
func (b *htBits) take(n uint) uint32 {
	if b.n < n {
		b.more()
	}
	v := uint32(b.bits & (1<<n - 1))
	b.bits >>= n
	b.n -= n
	return v
}

// htRuns decodes the events, most of which do not happen, that are coded by the
// lengths of runs (T.814). Behind the end of its data it reads ones.
type htRuns struct {
	data    []byte
	bits    byte // to be read next, from the highest down
	n       uint // how many of bits are there
	last    byte
	state   int
	run     int  // events that do not happen before
	happens bool // the one that does
}

// htRunLengths are the exponents of the runs' lengths in each state (T.814).
var htRunLengths = [13]uint{0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5}

func (m *htRuns) event() bool {
	if m.run == 0 && !m.happens {
		n := htRunLengths[m.state]
		if m.bit() == 1 {
			m.run = 1 << n
			m.state = min(m.state+1, len(htRunLengths)-1)
		} else {
			m.happens = true
			for range n {
				m.run = m.run<<1 | m.bit()
			}
			m.state = max(m.state-1, 0)
		}
	}
	if m.run > 0 {
		m.run--
		return false
	}
	m.happens = false
	return true
}

func (m *htRuns) bit() int {
	if m.n == 0 {
		m.n = 8
		if m.last == 0xff {
			m.n = 7
		}
		m.last = 0xff
		if len(m.data) > 0 {
			if m.last = m.data[0]; len(m.data) == 1 {
				m.last |= 0xf // the rest of the byte is another stream's
			}
			m.data = m.data[1:]
		}
		m.bits = m.last << (8 - m.n)
	}
	v := int(m.bits >> 7)
	m.bits <<= 1
	m.n--
	return v
}
