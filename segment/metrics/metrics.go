// Package metrics measures how well probability maps agree with true masks.
//
// Make an [Accumulator] with [New], Add one image after the other, and take the
// Result; a [Study] does so for slices of several groups and patients, and adds
// what needs masks in space, and intervals. Probabilities have 8 bits, so that 256
// counters hold everything that pixels say: memory does not grow with the
// number of images.
//
// Two averages are told apart, since papers report either: pooled measures
// count the pixels of all images together (the TV-UNet paper, arXiv
// 2007.12303), per-image measures are means over images (Inf-Net, IEEE TMI
// 2020). Where both masks of an image are empty its measures are 1.
//
// [NewSurface] and [Lesions] compare masks in space, on a [Grid]: a slice or a
// volume. [Bootstrap] says how sure a figure is.
package metrics

import "fmt"

// Cutoffs are the thresholds that the TV-UNet paper tabulates.
func Cutoffs() []float64 { return []float64{0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8} }

// Means are measures averaged over images. Each is the mean of what the method
// of Counts of the same name says of every image by itself.
type Means struct {
	Dice        float64 `json:"dice"`
	IoU         float64 `json:"iou"`
	Precision   float64 `json:"precision"`
	Recall      float64 `json:"recall"`
	Specificity float64 `json:"specificity"`
	MeanIoU     float64 `json:"mean_iou"`
}

func (m *Means) add(c Counts) {
	m.Dice += c.Dice()
	m.IoU += c.IoU()
	m.Precision += c.Precision()
	m.Recall += c.Recall()
	m.Specificity += c.Specificity()
	m.MeanIoU += c.MeanIoU()
}

func (m *Means) merge(o Means) {
	m.Dice += o.Dice
	m.IoU += o.IoU
	m.Precision += o.Precision
	m.Recall += o.Recall
	m.Specificity += o.Specificity
	m.MeanIoU += o.MeanIoU
}

func (m Means) over(n float64) Means {
	return Means{m.Dice / n, m.IoU / n, m.Precision / n, m.Recall / n, m.Specificity / n, m.MeanIoU / n}
}

// Cutoff is what was measured at one threshold.
type Cutoff struct {
	Threshold   float64 `json:"threshold"`
	Dice        float64 `json:"dice"` // pooled, as all but PerImage
	Precision   float64 `json:"precision"`
	Recall      float64 `json:"recall"`
	IoU         float64 `json:"iou"`
	Specificity float64 `json:"specificity"`
	MeanIoU     float64 `json:"mean_iou"`
	PaperMIoU   float64 `json:"paper_miou"` // see the type PaperMIoU; background is what foreground leaves
	PerImage    Means   `json:"per_image"`
}

// Result is what was measured over a set of images. Dice, precision, recall,
// specificity, IoU and mean IoU are pooled, at the accumulator's threshold.
type Result struct {
	N                int      `json:"n"` // images
	Dice             float64  `json:"dice"`
	Precision        float64  `json:"precision"`
	Recall           float64  `json:"recall"`
	IoU              float64  `json:"iou"`
	AveragePrecision float64  `json:"average_precision"`
	PerImageDice     float64  `json:"per_image_dice"`
	Cutoffs          []Cutoff `json:"cutoffs"`

	Specificity float64   `json:"specificity"`
	MeanIoU     float64   `json:"mean_iou"`
	Threshold   float64   `json:"threshold"`
	PerImage    Means     `json:"per_image"`
	AtRecall    AtRecalls `json:"precision_at_recall"`
	PaperMIoU   float64   `json:"paper_miou"` // as in Cutoff
	InfNet                // infnet_mean_dice and so on
	Curve       []Point   `json:"-"` // from the highest threshold to the lowest
}

// Accumulator gathers images. It is for one goroutine at a time.
type Accumulator struct {
	thresholds []float64 // the chosen one, then Cutoffs
	sums       []Means   // over images, one a threshold
	pixels     histogram
	infNet     infNetSums
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
	a.infNet.add(&h)
	a.n++
	for i, t := range a.thresholds {
		a.sums[i].add(h.counts(t))
	}
	return nil
}

// merge adds the images of o, which has the same thresholds.
func (a *Accumulator) merge(o *Accumulator) {
	a.pixels.add(&o.pixels)
	a.infNet.merge(&o.infNet)
	a.n += o.n
	for i, s := range o.sums {
		a.sums[i].merge(s)
	}
}

// Result returns what the images added so far measure. Without any image all
// measures are 0.
func (a *Accumulator) Result() Result {
	head := a.cutoff(0)
	r := Result{
		N: a.n, Dice: head.Dice, Precision: head.Precision, Recall: head.Recall, IoU: head.IoU,
		AveragePrecision: a.pixels.averagePrecision(), PerImageDice: head.PerImage.Dice,
		Specificity: head.Specificity, MeanIoU: head.MeanIoU, PaperMIoU: head.PaperMIoU, InfNet: a.infNet.result(a.n),
		Threshold: head.Threshold, PerImage: head.PerImage, Curve: a.pixels.curve(),
	}
	for _, recall := range Recalls() {
		r.AtRecall = append(r.AtRecall, a.AtRecall(recall))
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
	c := a.pixels.counts(t)
	return Cutoff{
		Threshold: t, Dice: c.Dice(), Precision: c.Precision(), Recall: c.Recall(), IoU: c.IoU(),
		Specificity: c.Specificity(), MeanIoU: c.MeanIoU(),
		PaperMIoU: a.pixels.paperMIoU(t), PerImage: a.sums[i].over(float64(a.n)),
	}
}
