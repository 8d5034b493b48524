package annotate

import (
	"math"
	"math/bits"
)

// cutOf is the smallest 8-bit probability that counts as foreground at
// threshold t (0..1): ceil(255 t), at least 1. The small slack keeps k/255 at k.
func cutOf(t float64) uint8 {
	return uint8(max(1, math.Ceil(t*255-1e-9)))
}

const (
	ones  = 0x0101010101010101 // each byte 1
	highs = 0x8080808080808080 // each byte 0x80
)

// atLeast returns, for 8 bytes at once, 1 in each byte of x that is at least
// that of c, else 0 (Hacker's Delight, 2-18).
func atLeast(x, c uint64) uint64 {
	t := (x | highs) - (c &^ highs)
	return (((x &^ c) | (^(x ^ c) & t)) & highs) >> 7
}

// load8 reads 8 bytes, the first lowest; the compiler makes it one load.
func load8[B ~uint8](b []B) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// store8 is the reverse of load8.
func store8[B ~uint8](b []B, v uint64) {
	_ = b[7]
	b[0], b[1], b[2], b[3] = B(v), B(v>>8), B(v>>16), B(v>>24)
	b[4], b[5], b[6], b[7] = B(v>>32), B(v>>40), B(v>>48), B(v>>56)
}

// derive writes every pixel of m that no person set from a guess and leaves the
// others alone. It works on 8 pixels at once.
func derive(m *Mask, g *open, cut uint8) {
	n := len(m.Label) &^ 7
	cuts, prob := uint64(cut)*ones, g.prob
	if prob == nil {
		prob = make([]uint8, n) // as good as impossible
	}
	want := uint64(ProposalLabel) * ones
	labels, origins := m.Label[:n], m.Origin[:n]
	prob = prob[:n]
	for i := 0; i+8 <= len(prob); i += 8 {
		p := load8(prob[i : i+8])
		if p|load8(origins[i:i+8])|load8(labels[i:i+8]) == 0 {
			continue // as it should be: most of a slice is impossible, and of a new mask free
		}
		fore := atLeast(p, cuts)
		if g.label != nil {
			want = load8(g.label[i : i+8])
		}
		if load8(origins[i:i+8])&(uint64(humanBit)*ones) != 0 {
			m.propose8(i, fore, want)
			continue
		}
		store8(labels[i:i+8], fore*0xff&want)
		store8(origins[i:i+8], fore*uint64(Model))
	}
	for i := n; i < len(m.Label); i++ {
		if !m.Origin[i].Human() {
			m.Label[i], m.Origin[i] = g.derived(i, g.reaches(i, cut))
		}
	}
}

// deriveJoined is derive for a proposal that a Connector made of the guess.
func deriveJoined(m *Mask, g *open, j *joined) {
	n := len(m.Label) &^ 7
	for i := 0; i < n; i += 8 {
		m.propose8(i, spread(j.bits[i/8]), g.label8(i))
	}
	for i := n; i < len(m.Label); i++ {
		if !m.Origin[i].Human() {
			m.Label[i], m.Origin[i] = g.derived(i, j.has(i))
		}
	}
}

// propose8 gives those of 8 pixels from i on that no person set their byte of
// labels where that of fore is 1, and none where it is 0.
func (m *Mask) propose8(i int, fore, labels uint64) {
	l, o := load8(m.Label[i:i+8]), load8(m.Origin[i:i+8])
	human := (o >> 1 & ones) * 0xff
	fore &^= human
	store8(m.Label[i:i+8], l&human|fore*0xff&labels)
	store8(m.Origin[i:i+8], o&human|fore*uint64(Model))
}

// countAtLeast counts the bytes of b that are at least cut.
func countAtLeast(b []uint8, cut uint8) int {
	n, i, cuts := 0, 0, uint64(cut)*ones
	for ; i+8 <= len(b); i += 8 {
		n += bits.OnesCount64(atLeast(load8(b[i:i+8]), cuts))
	}
	for ; i < len(b); i++ {
		if b[i] >= cut {
			n++
		}
	}
	return n
}
