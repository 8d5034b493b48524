package codec

import "errors"

// blockDecoder decodes the coefficients of code blocks (T.800 annex D). It is
// used again for one block after the other.
type blockDecoder struct {
	w, h     int
	style    byte
	flags    []uint16 // of (w+2)*(h+2) coefficients: one around the block
	values   []int32  // w*h coefficients in halves, row by row
	mq       mqDecoder
	raw      rawBits
	contexts [contexts]mqState
	zero     *[256]uint8 // significance contexts of the subband
	ht       htBlock
	scratch  []bool
	plane    int  // bit plane, in halves: 1 is the lowest
	bypass   bool // the pass reads raw bits
}

// reset prepares for a block of the given number of bit planes.
func (t *blockDecoder) reset(w, h, orient, planes int, style byte) {
	t.w, t.h, t.style, t.plane = w, h, style, planes
	if n := (w + 2) * (h + 2); cap(t.flags) < n {
		t.flags, t.values = make([]uint16, n), make([]int32, n)
	}
	t.flags, t.values = t.flags[:(w+2)*(h+2)], t.values[:w*h]
	clear(t.flags)
	clear(t.values)
	t.zero = &significanceContexts[orient]
	t.contexts = firstStates
}

// highThroughput decodes a segment of passes of HT coding, of which done came
// before. Missing is how many bit planes the block lacks.
func (t *blockDecoder) highThroughput(data []byte, done, passes, missing int) error {
	if done == 0 {
		t.ht.values, t.ht.w, t.ht.h, t.ht.plane = t.values, t.w, t.h, uint(t.plane)
		return t.ht.cleanup(data, missing)
	}
	if done > 1 || passes > 2 {
		return errors.New("High-Throughput JPEG 2000 with several sets of passes is not supported")
	}
	if t.plane > 1 && len(data) > 0 { // else there is nothing to refine
		t.scratch = t.ht.refine(data, passes, t.style&styleVertical != 0, t.scratch)
	}
	return nil
}

// segment decodes a segment of passes, of which done came before (T.800 D.3,
// D.4, D.6).
func (t *blockDecoder) segment(data []byte, done, passes int) {
	t.bypass = t.style&styleBypass != 0 && done >= 10 && done%3 != 0
	if t.bypass {
		t.raw = rawBits{data: data}
	} else {
		t.mq.start(data)
	}
	for i := done; i < done+passes && t.plane > 0; i++ {
		switch i % 3 {
		case 1:
			t.significance()
		case 2:
			t.refinement()
		case 0:
			t.cleanup()
			t.plane--
		}
		if t.style&styleReset != 0 {
			t.contexts = firstStates
		}
	}
}

// significant makes a coefficient significant: 1.5 times its bit plane, the
// middle of what it may turn out to be.
func (t *blockDecoder) significant(at, x, y int, negative uint32) {
	v := int32(3) << (t.plane - 1)
	if negative != 0 {
		v = -v
	}
	t.values[y*t.w+x] = v
	t.tell(at, y, uint16(negative))
}

// tell tells the neighbours of a coefficient that it is significant.
func (t *blockDecoder) tell(at, y int, negative uint16) {
	f, s := t.flags, t.w+2
	f[at] |= flagSignificant
	f[at-1] |= flagE | negative*flagNegativeE
	f[at+1] |= flagW | negative*flagNegativeW
	below := f[at+s-1:][:3]
	below[0] |= flagNE
	below[1] |= flagN | negative*flagNegativeN
	below[2] |= flagNW
	if t.style&styleVertical != 0 && y&3 == 0 {
		return // the stripe above must not know (T.800 D.7)
	}
	above := f[at-s-1:][:3]
	above[0] |= flagSE
	above[1] |= flagS | negative*flagNegativeS
	above[2] |= flagSW
}

// sign reads a sign (T.800 D.3.2).
func (t *blockDecoder) sign(f uint16) uint32 {
	c := signContexts[f&15|f>>4&0xf0]
	return t.mq.decode(&t.contexts[c&31]) ^ uint32(c>>7)
}

// significance is the significance propagation pass (T.800 D.3.1).
func (t *blockDecoder) significance() {
	for y0 := 0; y0 < t.h; y0 += 4 {
		y1 := min(y0+4, t.h)
		for x := range t.w {
			at := (y0+1)*(t.w+2) + x + 1
			for y := y0; y < y1; y, at = y+1, at+t.w+2 {
				f := t.flags[at]
				if f&flagSignificant == 0 && f&flagNeighbours != 0 {
					t.propagate(at, x, y, f)
				}
			}
		}
	}
}

// propagate decodes whether a coefficient with significant neighbours is so too.
func (t *blockDecoder) propagate(at, x, y int, f uint16) {
	t.flags[at] |= flagVisited
	if t.bypass {
		if t.raw.bit() != 0 {
			t.significant(at, x, y, t.raw.bit())
		}
		return
	}
	if t.mq.decode(&t.contexts[t.zero[f&flagNeighbours]]) != 0 {
		t.significant(at, x, y, t.sign(f))
	}
}

// refinement is the magnitude refinement pass (T.800 D.3.3).
func (t *blockDecoder) refinement() {
	for y0 := 0; y0 < t.h; y0 += 4 {
		y1 := min(y0+4, t.h)
		for x := range t.w {
			at := (y0+1)*(t.w+2) + x + 1
			for y := y0; y < y1; y, at = y+1, at+t.w+2 {
				if f := t.flags[at]; f&(flagSignificant|flagVisited) == flagSignificant {
					t.flags[at] = f | flagRefined
					t.refine(&t.values[y*t.w+x], f)
				}
			}
		}
	}
}

// refine reads one more bit of a significant coefficient.
func (t *blockDecoder) refine(v *int32, f uint16) {
	var bit uint32
	switch {
	case t.bypass:
		bit = t.raw.bit()
	case f&flagRefined != 0:
		bit = t.mq.decode(&t.contexts[contextRefine+2])
	case f&flagNeighbours != 0:
		bit = t.mq.decode(&t.contexts[contextRefine+1])
	default:
		bit = t.mq.decode(&t.contexts[contextRefine])
	}
	half := int32(1) << (t.plane - 1)
	if (bit != 0) != (*v < 0) {
		*v += half
	} else {
		*v -= half
	}
}

// cleanup is the cleanup pass (T.800 D.3.4).
func (t *blockDecoder) cleanup() {
	for y0 := 0; y0 < t.h; y0 += 4 {
		for x := range t.w {
			t.cleanColumn(x, y0, min(y0+4, t.h))
		}
	}
	if t.style&styleSymbols != 0 {
		for range 4 { // segmentation symbol (T.800 D.5)
			t.mq.decode(&t.contexts[contextEqual])
		}
	}
}

// cleanColumn decodes what the other passes left in a column of a stripe, whose
// flags it makes ready for the next bit plane.
func (t *blockDecoder) cleanColumn(x, y, end int) {
	s := t.w + 2
	at := (y+1)*s + x + 1
	if end-y == 4 {
		all := t.flags[at] | t.flags[at+s] | t.flags[at+2*s] | t.flags[at+3*s]
		if all&(flagNeighbours|flagSignificant|flagVisited) == 0 {
			if t.mq.decode(&t.contexts[contextRun]) == 0 {
				return
			}
			run := int(t.mq.decode(&t.contexts[contextEqual]) << 1)
			run |= int(t.mq.decode(&t.contexts[contextEqual]))
			y, at = y+run, at+run*s
			t.significant(at, x, y, t.sign(t.flags[at]))
			y, at = y+1, at+s
		}
	}
	for ; y < end; y, at = y+1, at+s {
		f := t.flags[at]
		if f&(flagSignificant|flagVisited) != 0 {
			t.flags[at] = f &^ flagVisited
			continue
		}
		if t.mq.decode(&t.contexts[t.zero[f&flagNeighbours]]) != 0 {
			t.significant(at, x, y, t.sign(f))
		}
	}
}
