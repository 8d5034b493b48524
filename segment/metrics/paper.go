package metrics

import "fmt"

// paperSmooth is added to both sides of the paper's quotient.
const paperSmooth = 100

// PaperMIoU gathers what the published code of the TV-UNet paper (function
// jaccard_distance_loss of main_TV_Unet_Split1.py, arXiv 2007.12303) prints as
// mIoU. It is here for comparison with the paper only, and is no measure of
// quality: the sums run over the two classes of one pixel, not over pixels, and
// are smoothed by 100, so that a pixel that is right counts 1 and one that is
// wrong 100/102. A prediction inverted everywhere has 0.9804.
//
// Both of a pixel's channels, background and foreground, are compared with the
// threshold by themselves, and the probability must be greater than it. With I
// the number of channels that are both predicted and true, and S that of
// predicted plus that of true ones, a pixel counts (I + 100) / (S - I + 100);
// the result is the mean over the pixels of all images.
//
// It differs from the published code in that every pixel belongs to one of the
// two classes; there, resized masks leave pixels at edges without a class.
type PaperMIoU struct {
	threshold float64
	sum       float64
	pixels    int64
}

// NewPaperMIoU returns an empty measure at threshold (0..1).
func NewPaperMIoU(threshold float64) *PaperMIoU { return &PaperMIoU{threshold: threshold} }

// Add counts one image: the probabilities of background and of foreground of
// every pixel, 255 being 1, which need not add up to 1, and the truth,
// foreground where it is not 0. It fails, and counts nothing, where the lengths
// differ.
func (m *PaperMIoU) Add(background, foreground, truth []uint8) error {
	if len(background) != len(truth) || len(foreground) != len(truth) {
		return fmt.Errorf("the maps have %d pixels of background and %d of foreground, the true mask %d",
			len(background), len(foreground), len(truth))
	}
	for i, v := range truth {
		m.sum += paperPixel(background[i], foreground[i], v != 0, m.threshold)
	}
	m.pixels += int64(len(truth))
	return nil
}

// Value is the mean over the pixels added so far, 0 without any.
func (m *PaperMIoU) Value() float64 {
	if m.pixels == 0 {
		return 0
	}
	return m.sum / float64(m.pixels)
}

// paperPixel is what one pixel counts.
func paperPixel(background, foreground uint8, truth bool, threshold float64) float64 {
	said := [2]bool{float64(background)/255 > threshold, float64(foreground)/255 > threshold}
	both, sum := 0.0, 1.0 // one channel is true
	for channel, yes := range said {
		if yes {
			sum++
			if (channel == 1) == truth {
				both++
			}
		}
	}
	return (both + paperSmooth) / (sum - both + paperSmooth)
}

// paperMIoU is the value for a model without a background channel, whose
// background has the rest of the probability.
func (h *histogram) paperMIoU(threshold float64) float64 {
	var sum float64
	var pixels int64
	for p := range 256 {
		right, wrong := h.foreground[p], h.background[p]
		background, foreground := uint8(255-p), uint8(p)
		sum += float64(right) * paperPixel(background, foreground, true, threshold)
		sum += float64(wrong) * paperPixel(background, foreground, false, threshold)
		pixels += right + wrong
	}
	if pixels == 0 {
		return 0
	}
	return sum / float64(pixels)
}
