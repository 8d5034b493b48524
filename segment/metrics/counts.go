package metrics

import "math"

// Counts are the pixels of a comparison by what was predicted and what is true:
// the confusion matrix. Its measures are those of Taha and Hanbury, Metrics for
// evaluating 3D medical image segmentation, BMC Medical Imaging 15:29, 2015.
type Counts struct{ TruePositive, FalsePositive, FalseNegative, TrueNegative int64 }

// Precision is TP / (TP + FP): the share of the predicted pixels that is right.
func (c Counts) Precision() float64 {
	return c.ratio(c.TruePositive, c.TruePositive+c.FalsePositive)
}

// Recall is TP / (TP + FN): the share of the true pixels that was found, also
// called sensitivity or true positive rate.
func (c Counts) Recall() float64 {
	return c.ratio(c.TruePositive, c.TruePositive+c.FalseNegative)
}

// Specificity is TN / (TN + FP): the share of the true background that was left
// alone, also called true negative rate. Where nothing is background it is 1.
func (c Counts) Specificity() float64 {
	if c.TrueNegative+c.FalsePositive == 0 {
		return 1
	}
	return float64(c.TrueNegative) / float64(c.TrueNegative+c.FalsePositive)
}

// Dice is 2 TP / (2 TP + FP + FN), also called F1 (Dice 1945).
func (c Counts) Dice() float64 {
	return c.ratio(2*c.TruePositive, 2*c.TruePositive+c.FalsePositive+c.FalseNegative)
}

// IoU is TP / (TP + FP + FN), intersection over union (Jaccard 1912).
func (c Counts) IoU() float64 {
	return c.ratio(c.TruePositive, c.TruePositive+c.FalsePositive+c.FalseNegative)
}

// MeanIoU is the mean of the IoU of foreground and that of background, TN / (TN
// + FP + FN): mean intersection over union over both classes (Long, Shelhamer
// and Darrell, CVPR 2015). A class that is neither predicted nor true has 1, as
// the TV-UNet paper says. It is no measure of the foreground alone: on slices
// with little of it the background's near 1 lifts the mean by almost a half.
func (c Counts) MeanIoU() float64 {
	return (c.IoU() + c.swapped().IoU()) / 2
}

// swapped are the counts with background for foreground.
func (c Counts) swapped() Counts {
	return Counts{c.TrueNegative, c.FalseNegative, c.FalsePositive, c.TruePositive}
}

// ratio is part/whole. Where that is 0/0 it is 1 if both masks are empty, since
// they then agree, and else 0.
func (c Counts) ratio(part, whole int64) float64 {
	switch {
	case whole > 0:
		return float64(part) / float64(whole)
	case c.TruePositive+c.FalsePositive+c.FalseNegative == 0:
		return 1
	}
	return 0
}

// Level is the lowest 8-bit probability that counts as foreground at a
// threshold in 0..1: the ceiling of threshold*255, and at least 1, so that a
// probability of 0 is background at every threshold.
func Level(threshold float64) uint8 {
	if !(threshold > 0) {
		return 1
	}
	return uint8(max(1, math.Ceil(min(threshold, 1)*255)))
}

// histogram counts the pixels at every 8-bit probability, apart for true
// foreground and background.
type histogram struct{ foreground, background [256]int64 }

func (h *histogram) add(o *histogram) {
	for i := range h.foreground {
		h.foreground[i] += o.foreground[i]
		h.background[i] += o.background[i]
	}
}

// counts compares the prediction at a threshold with the truth.
func (h *histogram) counts(threshold float64) Counts {
	var c Counts
	level := int(Level(threshold))
	for i, n := range h.foreground {
		if i >= level {
			c.TruePositive += n
			c.FalsePositive += h.background[i]
		} else {
			c.FalseNegative += n
			c.TrueNegative += h.background[i]
		}
	}
	return c
}
