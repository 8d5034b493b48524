package region

import "image"

// shrunk is the set without what lies within n steps, by the pixels' edges, of
// what is not in it; within as many as let a pixel stay, which it tells. Beyond
// its box all counts as in it.
func (s *Set) shrunk(n int, keep image.Point) (*Set, int) {
	for done := range n {
		less := s.stepped(true)
		if !less.Has(keep.X, keep.Y) {
			return s, done
		}
		s = less
	}
	return s, n
}

// grown is the set with what lies within n steps of it, by pixels of another of
// the same box.
func (s *Set) grown(n int, within *Set) *Set {
	for range n {
		s = s.stepped(false)
		for i, w := range within.bits {
			s.bits[i] &= w
		}
	}
	return s
}

// stepped is the pixels that are in the set together with their four neighbours,
// or else of which one is; what lies beyond the box is neutral.
func (s *Set) stepped(all bool) *Set {
	o := NewSet(s.box)
	flip := uint64(0) // erosion is the complement's dilation
	if all {
		flip = ^uint64(0)
	}
	n, last := s.stride, lastBits(s.box.Dx())
	at := func(i, w int) uint64 {
		if w == n-1 {
			return (s.bits[i] ^ flip) & last
		}
		return s.bits[i] ^ flip
	}
	for y := range s.box.Dy() {
		for w := range n {
			i := y*n + w
			v := at(i, w)
			v |= v<<1 | v>>1
			if w > 0 {
				v |= at(i-1, w-1) >> 63
			}
			if w < n-1 {
				v |= at(i+1, w+1) << 63
			}
			if y > 0 {
				v |= at(i-n, w)
			}
			if y < s.box.Dy()-1 {
				v |= at(i+n, w)
			}
			if v ^= flip; w == n-1 {
				v &= last
			}
			o.bits[i] = v
		}
	}
	return o
}

// lastBits are the bits of a row's last word that hold pixels.
func lastBits(width int) uint64 { return ^uint64(0) >> ((64 - width&63) & 63) }
