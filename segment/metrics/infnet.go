package metrics

// InfNet are the measures of the COVID-SemiSeg benchmark as its published
// evaluation computes them (Fan et al., Inf-Net, IEEE TMI 2020; EvaluationTool/
// main.m and Fmeasure_calu.m).
//
// Every map is scaled so that its lowest probability is 0 and its highest 1; a
// map of one value stays as it is. At each of the 256 thresholds 0, 1/255 … 1
// pixels at or above it are foreground, and Dice, sensitivity (recall) and
// specificity are averaged over images. The means then go over the thresholds,
// MaxDice is the highest of the 256 averages.
//
// Two things are unlike the other measures here: an image in which no true
// pixel is found has 0 in all three, even in specificity, and also where it has
// none; and since maps are scaled, a map without any lesion is judged by what
// little it says.
//
// Thresholds are compared exactly, in whole numbers. MATLAB rounds 1:-1/255:0
// and the scaled map, which may move pixels that lie on a threshold. An image
// without background has specificity 1; MATLAB divides 0 by 0.
type InfNet struct {
	MeanDice         float64 `json:"infnet_mean_dice"`
	MaxDice          float64 `json:"infnet_max_dice"`
	MaxDiceThreshold float64 `json:"infnet_max_dice_threshold"` // on scaled maps; the lowest that has MaxDice
	MeanSensitivity  float64 `json:"infnet_mean_sensitivity"`
	MeanSpecificity  float64 `json:"infnet_mean_specificity"`
}

// infNetSums are sums over images, one for each threshold.
type infNetSums struct{ dice, sensitivity, specificity [256]float64 }

// add counts the image of a histogram.
func (s *infNetSums) add(h *histogram) {
	low, high, ok := h.limits()
	if !ok {
		return
	}
	if low == high {
		low, high = 0, 255
	}
	var c Counts
	for p := range 256 {
		c.FalseNegative += h.foreground[p]
		c.TrueNegative += h.background[p]
	}
	next := 255
	for k := 255; k >= 0; k-- {
		// (p - low) / (high - low) >= k / 255
		for next >= 0 && (next-low)*255 >= k*(high-low) {
			right, wrong := h.foreground[next], h.background[next]
			c.TruePositive, c.FalseNegative = c.TruePositive+right, c.FalseNegative-right
			c.FalsePositive, c.TrueNegative = c.FalsePositive+wrong, c.TrueNegative-wrong
			next--
		}
		if c.TruePositive > 0 {
			s.dice[k] += c.Dice()
			s.sensitivity[k] += c.Recall()
			s.specificity[k] += c.Specificity()
		}
	}
}

// merge adds the images of o.
func (s *infNetSums) merge(o *infNetSums) {
	for k := range 256 {
		s.dice[k] += o.dice[k]
		s.sensitivity[k] += o.sensitivity[k]
		s.specificity[k] += o.specificity[k]
	}
}

// result averages over n images.
func (s *infNetSums) result(n int) InfNet {
	var r InfNet
	if n == 0 {
		return r
	}
	for k := range 256 {
		dice := s.dice[k] / float64(n)
		r.MeanDice += dice / 256
		r.MeanSensitivity += s.sensitivity[k] / float64(n) / 256
		r.MeanSpecificity += s.specificity[k] / float64(n) / 256
		if dice > r.MaxDice {
			r.MaxDice, r.MaxDiceThreshold = dice, float64(k)/255
		}
	}
	return r
}

// limits are the lowest and the highest probability that occur.
func (h *histogram) limits() (low, high int, ok bool) {
	low = 256
	for p := range 256 {
		if h.foreground[p]+h.background[p] > 0 {
			low, high, ok = min(low, p), p, true
		}
	}
	return low, high, ok
}
