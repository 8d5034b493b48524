package codec

import "math/bits"

// htBlock decodes the cleanup pass of a code block of High-Throughput JPEG 2000
// (T.814), which takes quads of 2 x 2 coefficients.
type htBlock struct {
	values  []int32 // w*h coefficients in halves, row by row
	w, h    int
	plane   uint // lowest bit plane of the pass, in halves: 1 is the lowest
	most    uint // bits that a magnitude may have
	runs    htRuns
	codes   htBits // of the quads
	numbers htBits // magnitudes and signs

	// exponents of the magnitudes in the lowest row of the quads above and of
	// these, one place to the right; 0 is not significant
	above, below []uint8
}

// Bits of what a code of a quad says of its coefficients, in the order upper
// left, lower left, upper right, lower right.
const (
	htLength      = 7    // of the code
	htOffset      = 8    // the quad's exponent is more than the least
	htSignificant = 4    // shift: which are significant
	htHighest     = 8    // shift: the known highest bits
	htKnown       = 12   // shift: whose highest bits are known
	htPattern     = 0xf0 // all of htSignificant
)

// htLookup is htCodes under all bits that may follow a code, for each context.
var htLookup = func() (table [2][8 << 7]uint16) {
	for row := range htCodes {
		for context, codes := range htCodes[row] {
			for _, c := range codes {
				for i := c >> 16; i < 1<<7; i += 1 << (c & htLength) {
					table[row][context<<7|int(i)] = uint16(c)
				}
			}
		}
	}
	return table
}()

// cleanup decodes the pass. Missing is how many bit planes the block lacks.
func (t *htBlock) cleanup(data []byte, missing int) error {
	if err := t.split(data); err != nil {
		return err
	}
	t.most = uint(min(missing+2, 30-int(t.plane)))
	n := t.w + 6 // a place before and the rest of a pair of quads behind
	if cap(t.above) < n {
		t.above, t.below = make([]uint8, n), make([]uint8, n)
	}
	t.above, t.below = t.above[:n], t.below[:n]
	clear(t.above)
	for y := 0; y < t.h; y += 2 {
		clear(t.below)
		if err := t.row(y); err != nil {
			return err
		}
		t.above, t.below = t.below, t.above
	}
	return nil
}

// split finds the pass's streams (T.814): numbers forward from the start,
// runs forward and codes backward from the end, where the length of these two is.
func (t *htBlock) split(data []byte) error {
	n := len(data)
	if n < 2 {
		return errShort
	}
	both := int(data[n-1])<<4 | int(data[n-2]&0xf)
	if both < 2 || both > n || both == 1<<12-1 {
		return damaged("a code block's streams do not fit its %d bytes", n)
	}
	t.numbers = htBits{data: data[:n-both], fill: 0xff}
	t.runs = htRuns{data: data[n-both : n-1]}
	half := data[n-2] >> 4
	t.codes = htBits{data: data[n-both : n-2], backward: true, stuffed: data[n-2]|0xf > 0x8f, bits: uint64(half), n: 4}
	if half&7 == 7 {
		t.codes.n = 3
	}
	return nil
}

// row decodes a row of quads, a pair at a time.
func (t *htBlock) row(y int) error {
	left := uint16(0)
	for x := 0; x < t.w; x += 4 {
		t.codes.more()
		var pair [2]uint16
		pair[0] = t.quad(x, y, left)
		if x+2 < t.w {
			pair[1] = t.quad(x+2, y, pair[0])
		}
		left = pair[1]
		u := t.offsets(pair, y == 0)
		for i, q := range pair {
			if q&htPattern == 0 {
				continue
			}
			if err := t.magnitudes(q, x+2*i, y, t.exponent(q, u[i], x+2*i)); err != nil {
				return err
			}
		}
	}
	return nil
}

// quad decodes which coefficients of a quad are significant, in the context of
// the quad at its left and of the coefficients above (T.814).
func (t *htBlock) quad(x, y int, left uint16) uint16 {
	context, later := 0, 1
	if y == 0 {
		later = 0
		context = int(left>>htSignificant|left>>(htSignificant+1))&1 | int(left>>(htSignificant+1)&6)
	} else {
		a := t.above[x:][:4]
		if a[0]|a[1] != 0 {
			context = 1
		}
		if left>>(htSignificant+2)&3 != 0 {
			context |= 2
		}
		if a[2]|a[3] != 0 {
			context |= 4
		}
	}
	if context == 0 && !t.runs.event() {
		return 0
	}
	q := htLookup[later][context<<7|int(t.codes.bits&0x7f)]
	t.codes.bits >>= q & htLength
	t.codes.n -= uint(q & htLength)
	return q
}

// offsets decodes by how much the exponents of a pair of quads are more than the
// least (T.814).
func (t *htBlock) offsets(pair [2]uint16, first bool) (u [2]uint) {
	switch {
	case pair[0]&pair[1]&htOffset == 0:
		for i, q := range pair {
			if q&htOffset != 0 {
				prefix := t.prefix()
				u[i] = t.suffix(prefix)
			}
		}
	case first && t.runs.event():
		a, b := t.prefix(), t.prefix()
		u[0] = t.suffix(a) + 2
		u[1] = t.suffix(b) + 2
	default:
		a := t.prefix()
		if first && a > 2 {
			u[1] = uint(t.codes.take(1)) + 1
			u[0] = t.suffix(a)
			return u
		}
		b := t.prefix()
		u[0] = t.suffix(a)
		u[1] = t.suffix(b)
	}
	return u
}

// prefix reads 1, 01, 001 or 000, which stand for 1, 2, 3 and 5 (T.814 table 3).
func (t *htBlock) prefix() uint {
	for n := uint(1); n < 4; n++ {
		if t.codes.take(1) != 0 {
			return n
		}
	}
	return 5
}

// suffix adds the bits that follow the prefixes of a pair.
func (t *htBlock) suffix(prefix uint) uint {
	switch prefix {
	case 3:
		return 3 + uint(t.codes.take(1))
	case 5:
		return 5 + uint(t.codes.take(5))
	}
	return prefix
}

// exponent is how many bits the largest magnitude of a quad has: the offset more
// than the least, which those above predict where several are significant
// (T.814).
func (t *htBlock) exponent(q uint16, offset uint, x int) uint {
	pattern := q & htPattern
	if pattern&(pattern-1) == 0 {
		return offset + 1
	}
	a := t.above[x:][:4] // all zero for the first row
	return offset + max(1, uint(max(a[0], a[1], a[2], a[3], 1))-1)
}

// magnitudes decodes the significant coefficients of a quad (T.814).
func (t *htBlock) magnitudes(q uint16, x, y int, exponent uint) error {
	if exponent > t.most {
		return damaged("a coefficient has %d bits where %d are possible", exponent, t.most)
	}
	for i := range 4 {
		if q>>(htSignificant+i)&1 == 0 {
			continue
		}
		cx, cy := x+i>>1, y+i&1
		if cx >= t.w || cy >= t.h {
			return damaged("there are coefficients outside a code block")
		}
		n := exponent - uint(q>>(htKnown+i)&1)
		v := t.numbers.take(n)
		negative := v & 1
		v |= uint32(q>>(htHighest+i)&1)<<n | 1 // the sign's place becomes the half
		if i&1 == 1 {
			t.below[cx+1] = uint8(bits.Len32(v))
		}
		value := int32((v + 2) << (t.plane - 1))
		if negative != 0 {
			value = -value
		}
		t.values[cy*t.w+cx] = value
	}
	return nil
}
