package codec

// blockDecoder decodes the coefficients of code blocks (T.800 annex D). It is
// used again for one block after the other.
type blockDecoder struct {
	w, h     int
	style    byte
	flags    []uint32 // of w+2 columns in each stripe of four rows: one around the block
	values   []int32  // w*h coefficients in halves, row by row
	mq       mqDecoder
	raw      rawBits
	contexts [contexts]mqState
	zero     *[512]uint8 // significance contexts of the subband
	ht       htBlock
	scratch  []bool
	plane    int  // bit plane, in halves: 1 is the lowest
	bypass   bool // the pass reads raw bits
}

// reset prepares for a block of the given number of bit planes.
func (t *blockDecoder) reset(w, h, orient, planes int, style byte) {
	t.w, t.h, t.style, t.plane = w, h, style, planes
	n := (w + 2) * ((h+3)/4 + 2)
	if cap(t.flags) < n {
		t.flags = make([]uint32, n)
	}
	t.flags = t.flags[:n]
	clear(t.flags)
	t.values = cleared(t.values, w*h)
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
	if done == 1 && t.plane > 1 && len(data) > 0 { // else there is nothing to refine
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

// stripe is the flags of a stripe's columns, the first one outside the block.
func (t *blockDecoder) stripe(y int) []uint32 {
	return t.flags[(y>>2+1)*(t.w+2):][:t.w+2]
}

// significant makes a coefficient significant: 1.5 times its bit plane, the
// middle of what it may turn out to be.
func (t *blockDecoder) significant(x, y int, negative uint32) {
	s := -int32(negative)
	t.values[y*t.w+x] = int32(3)<<(t.plane-1) ^ s - s

	// tell its neighbours
	row := uint(3 * (y & 3))
	f := t.stripe(y)[x:][:3]
	f[0] |= flagE << row
	f[1] |= (flagSignificant | negative*flagNegative) << row
	f[2] |= flagW << row
	switch y & 3 {
	case 0:
		if t.style&styleVertical != 0 {
			return // the stripe above must not know (T.800 D.7)
		}
		above := t.stripe(y - 4)[x:][:3]
		above[0] |= flagSE << 9
		above[1] |= flagS<<9 | negative*flagNegativeBelow
		above[2] |= flagSW << 9
	case 3:
		below := t.stripe(y + 4)[x:][:3]
		below[0] |= flagNE
		below[1] |= flagN | negative*flagNegativeAbove
		below[2] |= flagNW
	}
}

// sign reads a sign (T.800 D.3.2).
func (t *blockDecoder) sign(x, y int) uint32 {
	f := t.stripe(y)[x:][:3]
	row := uint(3 * (y & 3))
	set := f[1] >> row & (flagN | flagW | flagE | flagS)
	set |= f[0]>>row&flagNegative/flagNegative*(flagW>>1) | f[2]>>row&flagNegative/flagNegative*(flagE>>1)
	set |= f[1] >> row >> 3 & flagNegative / flagNegative * (flagS >> 1)
	if row == 0 {
		set |= f[1] & flagNegativeAbove / flagNegativeAbove * (flagN >> 1)
	} else {
		set |= f[1] >> (row - 3) & flagNegative / flagNegative * (flagN >> 1)
	}
	c := signContexts[set]
	return t.mq.decode(&t.contexts[c&31]) ^ uint32(c>>7)
}

// significance is the significance propagation pass (T.800 D.3.1).
func (t *blockDecoder) significance() {
	for y0 := 0; y0 < t.h; y0 += 4 {
		y1 := min(y0+4, t.h)
		columns := t.stripe(y0)[1:][:t.w]
		for x := range columns {
			f := columns[x]
			if f&flagWindow == 0 || f&columnSignificant == columnSignificant {
				continue
			}
			for y := y0; y < y1; y++ {
				row := uint(3 * (y & 3))
				f := columns[x] >> row
				if f&flagSignificant != 0 || f&flagNeighbours == 0 {
					continue
				}
				columns[x] |= flagVisited << row
				switch {
				case t.bypass:
					if t.raw.bit() != 0 {
						t.significant(x, y, t.raw.bit())
					}
				case t.mq.decode(&t.contexts[t.zero[f&flagNeighbours]]) != 0:
					t.significant(x, y, t.sign(x, y))
				}
			}
		}
	}
}

// refinement is the magnitude refinement pass (T.800 D.3.3).
func (t *blockDecoder) refinement() {
	half := int32(1) << (t.plane - 1)
	for y0 := 0; y0 < t.h; y0 += 4 {
		y1 := min(y0+4, t.h)
		columns := t.stripe(y0)[1:][:t.w]
		for x := range columns {
			all := columns[x]
			if all&columnSignificant == 0 {
				continue
			}
			for y := y0; y < y1; y++ {
				row := uint(3 * (y & 3))
				if f := all >> row; f&(flagSignificant|flagVisited) == flagSignificant {
					v := &t.values[y*t.w+x]
					s := *v>>31 ^ (int32(t.refine(f)) - 1) // -1 where the half is taken away
					*v += half ^ s - s
					columns[x] |= flagRefined << row
				}
			}
		}
	}
}

// refine reads one more bit of a significant coefficient.
func (t *blockDecoder) refine(f uint32) uint32 {
	if t.bypass {
		return t.raw.bit()
	}
	context := contextRefine
	if f&flagNeighbours != 0 {
		context++
	}
	if f&flagRefined != 0 {
		context = contextRefine + 2
	}
	return t.mq.decode(&t.contexts[context])
}

// cleanup is the cleanup pass (T.800 D.3.4).
func (t *blockDecoder) cleanup() {
	for y0 := 0; y0 < t.h; y0 += 4 {
		y1 := min(y0+4, t.h)
		columns := t.stripe(y0)[1:][:t.w]
		for x := range columns {
			y := y0
			if columns[x] == 0 && y1-y0 == 4 {
				if t.mq.decode(&t.contexts[contextRun]) == 0 {
					continue
				}
				y += int(t.mq.decode(&t.contexts[contextEqual]) << 1)
				y += int(t.mq.decode(&t.contexts[contextEqual]))
				t.significant(x, y, t.sign(x, y))
				y++
			}
			for ; y < y1; y++ {
				f := columns[x] >> uint(3*(y&3))
				if f&(flagSignificant|flagVisited) != 0 {
					continue
				}
				if t.mq.decode(&t.contexts[t.zero[f&flagNeighbours]]) != 0 {
					t.significant(x, y, t.sign(x, y))
				}
			}
			columns[x] &^= columnVisited
		}
	}
	if t.style&styleSymbols != 0 {
		for range 4 { // segmentation symbol (T.800 D.5)
			t.mq.decode(&t.contexts[contextEqual])
		}
	}
}
