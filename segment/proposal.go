package segment

import "math"

// Proposal is what a model makes of one slice. Its maps are on the slice's own
// grid, W*H, row by row; padding and what lies outside the model's box are 0.
type Proposal struct {
	Foreground  []uint8   // probability of being foreground, 0 for none to 255 for certain
	Kinds       [][]uint8 // probability of each of Card.KindLabels, 0 to 255
	Uncertainty []uint8   // per pixel, 0 for sure to 255 for as likely as not

	// Doubt ranks slices by how wrong the foreground may be at the card's
	// threshold, from 0 for sure to 1: about one minus the Dice that the model
	// expects of its own proposal, or where hardly anything is marked, how unsure
	// it is that there is something. It is 1 only where nothing can be told: where
	// NoLung may be the search's fault, since the picture's edge cuts what may be lung,
	// or, of a series, since no slice of it shows any.
	Doubt float64

	NoLung bool // the model looks at lungs, and there is none, or too little
}

// Kind is the most probable of Kinds for each pixel, from 0, of equal ones the
// first; nil where there are none.
func (p Proposal) Kind() []uint8 {
	if len(p.Kinds) == 0 {
		return nil
	}
	out := make([]uint8, len(p.Kinds[0]))
	for i := range out {
		best := 0
		for k := range p.Kinds {
			if p.Kinds[k][i] > p.Kinds[best][i] {
				best = k
			}
		}
		out[i] = uint8(best)
	}
	return out
}

// uncertainty is the entropy of each probability in bits, 0..1 as 0..255:
// H(p) = -p log2 p - (1-p) log2 (1-p).
//
// Where the probability is the mean over a slice and its mirrored picture, the
// entropy of that mean is the mean of the passes' own entropies plus their
// disagreement, the Jensen-Shannon divergence (Houlsby et al. 2011,
// arXiv:1112.5745, eq. 1), so that passes which are sure of opposite things
// give a pixel that is not. As a measure for flipped passes: Wang et al. 2019,
// Neurocomputing 338:34-45.
func uncertainty(prob []uint8) []uint8 {
	out := make([]uint8, len(prob))
	for i, p := range prob {
		out[i] = entropy[p]
	}
	return out
}

// entropy is H of each 8-bit probability, as 0..255.
var entropy = func() (h [256]uint8) {
	for i := 1; i < 255; i++ {
		p := float64(i) / 255
		h[i] = uint8(math.Round(-255 * (p*math.Log2(p) + (1-p)*math.Log2(1-p))))
	}
	return h
}()

// doubt is 1 - 2 Σ p m / (Σ p + Σ m), where p are the probabilities and m is
// the mask of those of at least level: one minus the soft Dice confidence of
// Borges et al. 2024, arXiv:2402.10665, which is near the Dice to be expected
// where the probabilities are true. An empty mask is right if and only if there
// is nothing: then doubt is the greatest probability, the least chance that
// there is something.
//
// Of a few marked pixels the soft Dice says little: what is faint all over the
// slice outweighs them. So with n marked, n/(n+30) of the doubt is by it, and the
// rest by whether there is anything: the greatest probability, or what it lacks to
// 1, whichever is less.
func doubt(prob []uint8, level uint8) float64 {
	var both, sum, marked float64
	most := uint8(0)
	for _, v := range prob {
		p := float64(v) / 255
		sum += p
		most = max(most, v)
		if v >= level {
			both += p
			marked++
		}
	}
	something := float64(most) / 255
	if marked == 0 {
		return something
	}
	share := marked / (marked + fewMarked)
	return share*(1-2*both/(sum+marked)) + (1-share)*min(something, 1-something)
}

// fewMarked is how many marked pixels halve what the soft Dice counts for.
const fewMarked = 30

// levelOf is the smallest 8-bit probability that reaches a threshold of more
// than 0 and at most 1.
func levelOf(threshold float64) uint8 { return uint8(math.Ceil(threshold * 255)) }
