package codec

import "math/bits"

// lsScan decodes the pixels of a JPEG-LS scan (T.87 annex A).
type lsScan struct {
	bits       lsBits
	near, step int  // largest error; distance of quantized errors: 2*near+1
	maximum    int  // largest value
	span       int  // what errors wrap around at: RANGE*(2*near+1)
	wide       uint // qbpp: bits of an error
	limit      uint // of the length of a code
	reset      int  // count at which the statistics are halved
	quantum    []int8
	contexts   [365]lsContext
	runs       [2]lsRun
	runIndex   int
}

// lsContext is the statistics of a context: sum of error magnitudes, bias,
// correction, count (T.87 A.2).
type lsContext struct{ a, b, c, n int }

// lsRun is the statistics of what ends runs: sum of magnitudes, count, count of
// negative errors.
type lsRun struct{ a, n, negative int }

// lsRunOrder is table J of T.87 A.2.1: how the length of run segments grows.
var lsRunOrder = [32]uint8{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15}

// newLSScan sets the variables of T.87 A.2.1.
func newLSScan(h *lsHeader) *lsScan {
	s := &lsScan{
		bits: lsBits{data: h.scan}, near: h.near, step: 2*h.near + 1,
		maximum: h.presets.maximum, reset: h.presets.reset,
	}
	errors := (s.maximum+2*s.near)/s.step + 1 // RANGE
	s.span = errors * s.step
	s.wide = bitLength(errors)
	depth := max(2, bitLength(s.maximum+1))
	s.limit = 2 * (depth + max(8, depth))
	first := max(2, (errors+32)/64)
	for i := range s.contexts {
		s.contexts[i] = lsContext{a: first, n: 1}
	}
	s.runs = [2]lsRun{{a: first, n: 1}, {a: first, n: 1}}
	s.setQuantum(h.presets.thresholds)
	return s
}

// setQuantum tabulates the quantized gradient, -4 to 4, of every difference
// (T.87 A.3.3).
func (s *lsScan) setQuantum(thresholds [3]int) {
	s.quantum = make([]int8, 2*s.maximum+1)
	for d := s.near + 1; d <= s.maximum; d++ {
		q := int8(1)
		for _, t := range thresholds {
			if d >= t {
				q++
			}
		}
		s.quantum[s.maximum+d], s.quantum[s.maximum-d] = q, -q
	}
}

// decode decodes all rows of a picture.
func (s *lsScan) decode(out []int32, columns int) error {
	// a margin at both ends: the row above supplies what lies outside (T.87 A.2.1)
	above, row := make([]int32, columns+2), make([]int32, columns+2)
	for len(out) > 0 {
		above[columns+1] = above[columns]
		row[0] = above[1]
		s.row(row, above)
		if err := s.bits.check(); err != nil {
			return err
		}
		copy(out, row[1:columns+1])
		out = out[columns:]
		above, row = row, above
	}
	return nil
}

// row decodes row[1:len(row)-1].
func (s *lsScan) row(row, above []int32) {
	above = above[:len(row)]
	middle := s.maximum
	a, c, b := row[0], above[0], above[1]
	for x := 1; x < len(row)-1; x++ {
		d := above[x+1]
		q := 81*int(s.quantum[middle+int(d-b)]) + 9*int(s.quantum[middle+int(b-c)]) + int(s.quantum[middle+int(c-a)])
		if q == 0 {
			x = s.run(row, above, x)
			if x >= len(row)-1 || s.bits.bad {
				return
			}
			a, c, b = row[x], above[x], above[x+1]
			continue
		}
		a = s.regular(q, a, b, c)
		row[x] = a
		c, b = b, d
	}
}

// regular decodes a pixel from the context q and its neighbours at the left,
// above and above left (T.87 A.4, A.5).
func (s *lsScan) regular(q int, a, b, c int32) int32 {
	sign := 1
	if q < 0 {
		sign, q = -1, -q
	}
	ctx := &s.contexts[q]
	predicted := int(a + b - c)
	if high, low := max(a, b), min(a, b); c >= high {
		predicted = int(low)
	} else if c <= low {
		predicted = int(high)
	}
	predicted = min(s.maximum, max(0, predicted+sign*ctx.c))
	k := golombOrder(ctx.n, ctx.a)
	code := s.bits.golomb(k, s.limit, s.wide)
	e := code>>1 ^ -(code & 1)
	if s.near == 0 && k == 0 && 2*ctx.b <= -ctx.n {
		e = ^e
	}
	ctx.update(e, s.step, s.reset)
	return s.wrap(predicted + sign*e*s.step)
}

// golombOrder finds the order of the codes of a context: the least k, up to 16,
// with n<<k not below a (T.87 A.5.1).
func golombOrder(n, a int) uint {
	if n >= a {
		return 0
	}
	k := uint(bits.Len(uint(a)) - bits.Len(uint(n)))
	if n<<k < a {
		k++
	}
	return min(k, 16)
}

// update is T.87 A.6.
func (c *lsContext) update(e, step, reset int) {
	c.b += e * step
	c.a += max(e, -e)
	if c.n == reset {
		c.a >>= 1
		c.b >>= 1
		c.n >>= 1
	}
	c.n++
	if c.b <= -c.n {
		c.b = max(c.b+c.n, 1-c.n)
		c.c = max(c.c-1, -128)
	} else if c.b > 0 {
		c.b = min(c.b-c.n, 0)
		c.c = min(c.c+1, 127)
	}
}

// wrap brings a value back into the range (T.87 A.4.5).
func (s *lsScan) wrap(v int) int32 {
	if v < -s.near {
		v += s.span
	} else if v > s.maximum+s.near {
		v -= s.span
	}
	return int32(min(s.maximum, max(0, v)))
}

// run decodes a run of equal pixels from row[x] on and the pixel that ends it,
// and returns the place of its last pixel (T.87 A.7).
func (s *lsScan) run(row, above []int32, x int) int {
	value, end := row[x-1], len(row)-1
	for s.bits.number(1) == 1 {
		n := 1 << lsRunOrder[s.runIndex]
		if n <= end-x && s.runIndex < 31 {
			s.runIndex++
		}
		x = fillRun(row, x, min(n, end-x), value)
		if x == end {
			return x
		}
	}
	n := s.bits.number(uint(lsRunOrder[s.runIndex]))
	if n >= end-x {
		s.bits.bad = true
		return x
	}
	x = fillRun(row, x, n, value)
	row[x] = s.interruption(value, above[x])
	s.runIndex = max(0, s.runIndex-1)
	return x
}

func fillRun(row []int32, x, n int, value int32) int {
	for i := range row[x : x+n] {
		row[x+i] = value
	}
	return x + n
}

// interruption decodes the pixel that ends a run of a, below b (T.87 A.7.2).
func (s *lsScan) interruption(a, b int32) int32 {
	kind, sign := 0, 1
	if d := int(a - b); max(d, -d) <= s.near {
		kind, b = 1, a
	} else if d > 0 {
		sign = -1
	}
	r := &s.runs[kind]
	k := golombOrder(r.n, r.a+kind*(r.n>>1))
	code := s.bits.golomb(k, s.limit-uint(lsRunOrder[s.runIndex])-1, s.wide)
	sum := code + kind
	e := (sum + 1) / 2
	if (k != 0 || 2*r.negative >= r.n) == (sum&1 == 1) {
		e = -e
	}
	r.update(e, (code+1-kind)>>1, s.reset)
	return s.wrap(int(b) + sign*e*s.step)
}

// update is the end of T.87 A.7.2.
func (r *lsRun) update(e, magnitude, reset int) {
	if e < 0 {
		r.negative++
	}
	r.a += magnitude
	if r.n == reset {
		r.a >>= 1
		r.n >>= 1
		r.negative >>= 1
	}
	r.n++
}
