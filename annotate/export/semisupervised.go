package export

import (
	"errors"
	"fmt"
	"path"

	"groundglass/annotate"
)

// A set for semi-supervised training, whose slices.csv ties it together: see FORMATS.md.
// `groundglass train` takes it as a source.
var semisupervisedPreset = Preset{
	Name: "semisupervised", Title: "Semi-supervised set",
	About: "pictures, masks and 8-bit weight maps in the folders labelled, pseudo and unlabelled by who made the labels and how sure the " +
		"model is, and a table of all slices, for groundglass train and PyTorch",
	Many: true, Uses: Uses{Window: true, Values: true, Square: true, Held: true, Limits: true},
	format: func(o *Options) format { return semisupervisedFormat{o: o} },
}

// The folders of a semi-supervised set, and those in them.
const (
	labelledFolder   = "labelled"
	pseudoFolder     = "pseudo"
	unlabelledFolder = "unlabelled"
	imagesFolder     = "images"
	masksFolder      = "masks"
	weightsFolder    = "weights"
)

type semisupervisedFormat struct {
	plain
	o *Options
}

func (f semisupervisedFormat) values(labels []annotate.Label) ([256]uint8, error) {
	if f.o.Values {
		return f.plain.values(labels)
	}
	return oneValue(labels, 255), nil
}

// part is the folder of a slice; "" for one that a person ruled out.
func (f semisupervisedFormat) part(s SliceEntry) string {
	switch {
	case s.Status == annotate.Rejected.String():
		return ""
	case madeBy(s) == byPerson:
		return labelledFolder
	case madeBy(s) == byModel && !unseen(s) && f.reaches(s):
		return pseudoFolder
	}
	return unlabelledFolder
}

// reaches reports whether a proposal is within the limits; one of which nothing is known
// misses them.
func (f semisupervisedFormat) reaches(s SliceEntry) bool {
	if f.o.LeastConfidence > 0 && (s.Confidence == nil || *s.Confidence < f.o.LeastConfidence) {
		return false
	}
	return f.o.LargestDoubt == 0 || s.Doubt != nil && *s.Doubt <= f.o.LargestDoubt
}

func (f semisupervisedFormat) omits(e *CaseEntry, i int) bool {
	part := f.part(e.Slices[i])
	return part == "" || part == unlabelledFolder
}

func (f semisupervisedFormat) write(w *Writer) error {
	for i := range w.Entry.Slices {
		if err := f.writeSlice(w, i); err != nil {
			return err
		}
	}
	w.remarkLeftOut(func(e *CaseEntry, i int) bool { return f.part(e.Slices[i]) == "" })
	return nil
}

func (f semisupervisedFormat) writeSlice(w *Writer, i int) error {
	p, err := w.Plane(i)
	if err != nil {
		return err
	}
	s := &w.Entry.Slices[i]
	m, prob := w.Mask(i), w.probability(i)
	if prob != nil && !unseen(*s) {
		c := confidence(m, prob)
		s.Confidence = &c
	}
	part := f.part(*s)
	if part == "" {
		return nil
	}
	picture, err := w.Picture(i)
	if err != nil {
		return err
	}
	name := stemOf(w.Name, i) + ".png"
	if err := w.Grey(KindImage, i, path.Join(part, imagesFolder, name), picture); err != nil || part == unlabelledFolder {
		return err
	}
	weight := f.o.resampled(weights(m, prob, doubtOf(*s), wholly(*s)), m.W)
	return errors.Join(
		w.Grey(KindMask, i, path.Join(part, masksFolder, name), w.grey(p)),
		w.Grey(KindWeight, i, path.Join(part, weightsFolder, name), w.grey(weight)))
}

// wholly reports whether a person answers for the slice as a whole.
func wholly(s SliceEntry) bool {
	return madeBy(s) == byPerson && s.Status != annotate.InWork.String()
}

func doubtOf(s SliceEntry) float64 {
	if s.Doubt == nil {
		return 0
	}
	return *s.Doubt
}

func (c *Case) probability(i int) []uint8 {
	if c.Probability == nil {
		return nil
	}
	return c.Probability(i)
}

func (f semisupervisedFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return readGrey(r, KindMask), nil
}

// check holds files to their places, and weights to what the manifest says of who set
// the pixels and how much the model doubts.
func (f semisupervisedFormat) check(r *Reader) []string {
	problems := append(greyPictures(r, KindImage), greyPictures(r, KindWeight)...)
	for i, s := range r.Entry.Slices {
		want := map[string]string{}
		part, name := f.part(s), stemOf(r.Entry.Case, i)+".png"
		if part != "" {
			want[path.Join(part, imagesFolder, name)] = KindImage
		}
		if part == labelledFolder || part == pseudoFolder {
			want[path.Join(part, masksFolder, name)], want[path.Join(part, weightsFolder, name)] = KindMask, KindWeight
			problems = append(problems, checkWeights(r, i)...)
		}
		problems = append(problems, placed(r, i, want)...)
	}
	return problems
}

// checkWeights says what is wrong with the weights of slice i.
func checkWeights(r *Reader, i int) []string {
	e, ok := r.Of(KindWeight, i)
	if !ok {
		return nil // which is said of the slice
	}
	g, err := readPicture(r, e)
	if err != nil {
		return nil // likewise
	}
	var n [256]int
	for _, v := range g.Pix {
		n[v]++
	}
	s := r.Entry.Slices[i]
	most := int(certainty(doubtOf(s))[255])
	human := s.Provenance.AddedPx + s.Provenance.RemovedPx
	switch {
	case wholly(s) && n[255] < len(g.Pix):
		return []string{fmt.Sprintf("%s has weights below 255, and a person answers for all of slice %d.", e.File, i+1)}
	case n[255] < human && r.Manifest.Square == 0:
		return []string{fmt.Sprintf("%s has %d weights of 255, and a person set %d pixels of slice %d.", e.File, n[255], human, i+1)}
	}
	for v := most + 1; v < 256 && !wholly(s); v++ {
		if n[v] > 0 && (v < 255 || human == 0) {
			return []string{fmt.Sprintf("%s has a weight of %d, and the model's doubt of slice %d allows %d.", e.File, v, i+1, most)}
		}
	}
	return nil
}
