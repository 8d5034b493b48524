package export

import (
	"math"

	"groundglass/annotate"
)

// weights are how far each pixel's label may be relied upon, 0 to 255 (FORMATS.md):
//
//   - 255 where a person set the pixel, and throughout a slice that a person accepted;
//   - round(255 (1 - H(q)) (1 - d)) elsewhere, where q is the model's probability of what
//     the mask says there, H(q) = -q log2 q - (1-q) log2 (1-q) its entropy in bits, and d
//     the model's doubt of the slice; 0 where q is at most a half;
//   - 0 where there is neither.
func weights(m *annotate.Mask, prob []uint8, doubt float64, accepted bool) []uint8 {
	out := make([]uint8, len(m.Label))
	sure := certainty(doubt)
	for i, label := range m.Label {
		switch {
		case accepted || m.Origin[i].Human():
			out[i] = 255
		case prob == nil:
		case label != 0:
			out[i] = sure[prob[i]]
		default:
			out[i] = sure[255-prob[i]]
		}
	}
	return out
}

// certainty is the weight of a label by its 8-bit probability.
func certainty(doubt float64) (out [256]uint8) {
	for v := 128; v < 256; v++ {
		q, h := float64(v)/255, 0.0
		if v < 255 {
			h = -q*math.Log2(q) - (1-q)*math.Log2(1-q)
		}
		out[v] = uint8(math.Round(255 * (1 - h) * (1 - doubt)))
	}
	return out
}

// confidence is the mean probability of the pixels that the model proposed, and that no
// person changed; where there are none, of there being nothing: what the greatest
// probability lacks to 1.
func confidence(m *annotate.Mask, prob []uint8) float64 {
	sum, n, most := 0, 0, uint8(0)
	for i, p := range prob {
		if m.Origin[i] == annotate.Model {
			sum += int(p)
			n++
		}
		most = max(most, p)
	}
	if n == 0 {
		return 1 - float64(most)/255
	}
	return float64(sum) / float64(255*n)
}
