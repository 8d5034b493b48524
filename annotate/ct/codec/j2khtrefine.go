package codec

// htRefinement is the significance propagation and the magnitude refinement pass
// that may follow the cleanup pass of an HT code block (T.814). Both read the
// same bytes, one from the start and one from the end.
type htRefinement struct {
	*htBlock
	vertical    bool // contexts do not look into the next stripe
	significant []bool
	stride      int // of significant, which has one place around the block
}

// refine decodes the two passes, or the first of them.
func (t *htBlock) refine(data []byte, passes int, vertical bool, scratch []bool) []bool {
	r := htRefinement{htBlock: t, vertical: vertical, stride: t.w + 2}
	n := r.stride * (t.h + 2)
	if cap(scratch) < n {
		scratch = make([]bool, n)
	}
	r.significant = scratch[:n]
	clear(r.significant)
	for i, v := range t.values {
		r.significant[r.at(i%t.w, i/t.w)] = v != 0
	}
	if passes > 1 {
		r.magnitudes(htBits{data: data, backward: true, stuffed: true})
	}
	r.propagate(htBits{data: data})
	return scratch
}

func (r *htRefinement) at(x, y int) int { return (y+1)*r.stride + x + 1 }

// magnitudes reads one more bit of each coefficient that is significant.
func (r *htRefinement) magnitudes(b htBits) {
	half := int32(1) << (r.plane - 2)
	for y0 := 0; y0 < r.h; y0 += 4 {
		for x := range r.w {
			for y := y0; y < min(y0+4, r.h); y++ {
				if !r.significant[r.at(x, y)] {
					continue
				}
				step := -half
				if b.take(1) != 0 {
					step = half
				}
				if v := &r.values[y*r.w+x]; *v < 0 {
					*v -= step
				} else {
					*v += step
				}
			}
		}
	}
}

// propagate reads which of the coefficients beside significant ones are so too,
// and the signs of these, for four columns of a stripe at a time.
func (r *htRefinement) propagate(b htBits) {
	for y0 := 0; y0 < r.h; y0 += 4 {
		for x0 := 0; x0 < r.w; x0 += 4 {
			r.propagateGroup(&b, area{x0, y0, min(x0+4, r.w), min(y0+4, r.h)})
		}
	}
}

func (r *htRefinement) propagateGroup(b *htBits, group area) {
	value := int32(3) << (r.plane - 2)
	var fresh [16]int
	n := 0
	for x := group.x0; x < group.x1; x++ {
		for y := group.y0; y < group.y1; y++ {
			at := r.at(x, y)
			if r.significant[at] || !r.beside(at, r.vertical && y&3 == 3) || b.take(1) == 0 {
				continue
			}
			r.significant[at] = true
			fresh[n] = y*r.w + x
			n++
		}
	}
	for _, i := range fresh[:n] {
		r.values[i] = value
		if b.take(1) != 0 {
			r.values[i] = -value
		}
	}
}

// beside tells whether a neighbour is significant, of those below only if these
// count.
func (r *htRefinement) beside(at int, notBelow bool) bool {
	s := r.significant
	if s[at-1] || s[at+1] {
		return true
	}
	above := s[at-r.stride-1:][:3]
	if above[0] || above[1] || above[2] {
		return true
	}
	below := s[at+r.stride-1:][:3]
	return !notBelow && (below[0] || below[1] || below[2])
}
