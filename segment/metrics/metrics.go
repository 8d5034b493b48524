// Package metrics measures how well probability maps agree with true masks.
//
// Make an [Accumulator] with [New], or [Groups] with [NewGroups], Add one image
// after the other, and take the Result. Probabilities have 8 bits, so that 256
// counters hold everything that pixels say: memory does not grow with the
// number of images.
//
// Two averages are told apart, since papers report either: pooled measures
// count the pixels of all images together (the TV-UNet paper, arXiv
// 2007.12303), per-image measures are means over images (Inf-Net, IEEE TMI
// 2020). Where both masks of an image are empty its measures are 1.
package metrics

import "fmt"

// Cutoffs are the thresholds that the TV-UNet paper tabulates.
func Cutoffs() []float64 { return []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8} }

// Means are measures averaged over images.
type Means struct{ Dice, IoU, Precision, Recall float64 }

// Cutoff is what was measured at one threshold.
type Cutoff struct {
	Threshold float64 `json:"threshold"`
	Dice      float64 `json:"dice"` // pooled, as precision and recall
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	IoU       float64 `json:"-"`
	PerImage  Means   `json:"-"`
}

// Result is what was measured over a set of images. Dice, precision, recall and
// IoU are pooled, at the accumulator's threshold.
type Result struct {
	N                int      `json:"n"` // images
	Dice             float64  `json:"dice"`
	Precision        float64  `json:"precision"`
	Recall           float64  `json:"recall"`
	IoU              float64  `json:"iou"`
	AveragePrecision float64  `json:"average_precision"`
	PerImageDice     float64  `json:"per_image_dice"`
	Cutoffs          []Cutoff `json:"cutoffs"`

	Threshold float64 `json:"-"`
	PerImage  Means   `json:"-"`
	Curve     []Point `json:"-"` // from the highest threshold to the lowest
}

// Accumulator gathers images. It is for one goroutine at a time.
type Accumulator struct {
	thresholds []float64 // the chosen one, then Cutoffs
	sums       []Means   // over images, one a threshold
	pixels     histogram
	n          int
}

// New returns an empty accumulator whose result is taken at threshold (0..1).
func New(threshold float64) *Accumulator {
	t := append([]float64{threshold}, Cutoffs()...)
	return &Accumulator{thresholds: t, sums: make([]Means, len(t))}
}

// Add counts one image: the probability of foreground of every pixel, 255
// being 1, and its truth, foreground where it is not 0. It fails, and counts
// nothing, where the lengths differ.
func (a *Accumulator) Add(probability, truth []uint8) error {
	if len(probability) != len(truth) {
		return fmt.Errorf("the probability map has %d pixels, the true mask %d", len(probability), len(truth))
	}
	var h histogram
	for i, p := range probability {
		if truth[i] != 0 {
			h.foreground[p]++
		} else {
			h.background[p]++
		}
	}
	a.pixels.add(&h)
	a.n++
	for i, t := range a.thresholds {
		c, s := h.counts(t), &a.sums[i]
		s.Dice += c.Dice()
		s.IoU += c.IoU()
		s.Precision += c.Precision()
		s.Recall += c.Recall()
	}
	return nil
}

// Result returns what the images added so far measure. Without any image all
// measures are 0.
func (a *Accumulator) Result() Result {
	head := a.cutoff(0)
	r := Result{
		N: a.n, Dice: head.Dice, Precision: head.Precision, Recall: head.Recall, IoU: head.IoU,
		AveragePrecision: a.pixels.averagePrecision(), PerImageDice: head.PerImage.Dice,
		Threshold: head.Threshold, PerImage: head.PerImage, Curve: a.pixels.curve(),
	}
	for i := 1; i < len(a.thresholds); i++ {
		r.Cutoffs = append(r.Cutoffs, a.cutoff(i))
	}
	return r
}

// cutoff is what was measured at threshold i.
func (a *Accumulator) cutoff(i int) Cutoff {
	t := a.thresholds[i]
	if a.n == 0 {
		return Cutoff{Threshold: t}
	}
	c, s, n := a.pixels.counts(t), a.sums[i], float64(a.n)
	return Cutoff{
		Threshold: t, Dice: c.Dice(), Precision: c.Precision(), Recall: c.Recall(), IoU: c.IoU(),
		PerImage: Means{s.Dice / n, s.IoU / n, s.Precision / n, s.Recall / n},
	}
}
