package train

import (
	"errors"
	"fmt"
	"path/filepath"
)

// Source is one data set: pictures and their masks.
type Source struct {
	Name string `json:"name"`
	// Slices is the table, slices.csv, of an exported semi-supervised set: it tells the
	// pictures, masks, weights and patients in place of Images, Masks, Weights and
	// Patient. A Teacher marks those that are unlabelled, which are passed over without
	// one. Validation, where there is any, stands for the table's own.
	Slices string `json:"slices,omitempty"`
	Images string `json:"images"` // glob
	// Masks turns an image's path into its mask's: each pair replaces the last
	// occurrence of its first text by its second.
	Masks [][2]string `json:"masks"`
	// Labels say what the masks' values mean; without them any value above 0 is
	// the first class, and nothing is known of its parts.
	Labels  []Label  `json:"labels,omitempty"`
	Layers  []Layer  `json:"layers,omitempty"`  // further masks
	Teacher *Teacher `json:"teacher,omitempty"` // marks the pictures in place of the masks
	// Weights, as Masks, finds a picture of 8 bits with the weight of each pixel
	// in the loss, 255 being 1: the paper's omega, and what pseudo-labels that
	// are not sure need. Every picture must have one.
	Weights    [][2]string `json:"weights,omitempty"`
	Patient    string      `json:"patient"`    // "folder" or "file": what one patient's pictures share
	Validation []string    `json:"validation"` // patients; "*" is all
	// ValidationShare holds out so large a share of the slices, drawn at random
	// whatever their patient, as the paper's code does: it flatters.
	ValidationShare float64 `json:"validation_share,omitempty"`
	// Place tells where a patient's pictures lie one behind the other, so that a model which heeds that is scored as
	// it works on a series; nil where it is not known.
	Place     *Place  `json:"place,omitempty"`
	Transpose bool    `json:"transpose"` // stored with rows and columns exchanged
	Weight    float64 `json:"weight"`    // relative frequency of its pictures; 0: never drawn
	// EmptyWeight multiplies the weight of pictures without foreground.
	EmptyWeight float64 `json:"empty_weight"`
	// Variation multiplies the weight of total variation for its pictures; 1 where
	// none is given. It is for sets whose experts drew many small parts, where whole
	// regions are not what is to be learnt.
	Variation *float64 `json:"variation,omitempty"`
}

func (s Source) variation() float64 {
	if s.Variation == nil {
		return 1
	}
	return *s.Variation
}

// What one patient's pictures share.
const (
	patientFolder = "folder"
	patientFile   = "file" // no patient is known: each picture stands for one
)

func (s Source) check() error {
	if s.Slices != "" {
		return s.checkSet()
	}
	switch {
	case s.Name == "" || s.Images == "":
		return errors.New("name and images are needed")
	case (len(s.Masks) == 0) != (s.Teacher != nil):
		return fmt.Errorf("%s: either masks or a teacher is needed", s.Name)
	case s.Teacher != nil && (len(s.Labels) > 0 || len(s.Validation) > 0 || s.ValidationShare > 0):
		return fmt.Errorf("%s: a teacher's proposals have no labels and validate nothing", s.Name)
	case s.ValidationShare < 0 || s.ValidationShare >= 1:
		return fmt.Errorf("%s: validation_share is %g, must be at least 0 and below 1", s.Name, s.ValidationShare)
	case s.Patient != patientFolder && s.Patient != patientFile:
		return fmt.Errorf("%s: patient is %q, must be \"folder\" or \"file\"", s.Name, s.Patient)
	case s.Weight < 0 || s.EmptyWeight < 0 || s.variation() < 0:
		return s.negative()
	}
	if err := s.Place.check(); err != nil {
		return fmt.Errorf("%s: %w", s.Name, err)
	}
	if _, err := filepath.Match(filepath.Base(s.Images), ""); err != nil {
		return fmt.Errorf("%s: images %q: %w", s.Name, s.Images, err)
	}
	return nil
}

// checkSet is check for an exported set.
func (s Source) checkSet() error {
	switch {
	case s.Name == "":
		return errors.New("a name is needed")
	case s.Images != "" || len(s.Masks) > 0 || len(s.Weights) > 0 || len(s.Layers) > 0 || s.Patient != "" || s.Place != nil || s.Transpose || s.ValidationShare != 0:
		return fmt.Errorf("%s: slices tells images, masks, layers, weights, patient, place, transpose and validation_share: leave them out", s.Name)
	case s.Weight < 0 || s.EmptyWeight < 0 || s.variation() < 0:
		return s.negative()
	}
	return nil
}

func (s Source) negative() error { return fmt.Errorf("%s: weights must not be negative", s.Name) }

// Teacher is a model whose proposals stand for expert masks: pseudo-labels.
type Teacher struct {
	Model string `json:"model"` // file
	// Soft takes the teacher's probabilities as they are for the share of a pixel
	// that is foreground (distillation), and not what is above its threshold.
	Soft bool `json:"soft,omitempty"`
	// Weigh gives each pixel the weight that the teacher's uncertainty leaves.
	Weigh bool `json:"weigh,omitempty"`
	// Doubt, above 0, leaves out pictures of which the teacher doubts more.
	Doubt float64 `json:"doubt,omitempty"`
}
