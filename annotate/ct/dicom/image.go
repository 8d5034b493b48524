package dicom

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Image describes the picture, of one frame or several, in a file.
type Image struct {
	StudyUID, SeriesUID, FrameOfReferenceUID string
	SOPClassUID, SOPInstanceUID              string
	TransferSyntax                           string // UID
	PatientID, PatientName                   string
	IssuerOfPatientID, PatientBirthDate      string
	IdentityRemoved                          bool   // it says that it tells no more whom it shows (PatientIdentityRemoved)
	RemovedBy                                string // DeidentificationMethod, the first where there are several
	Modality, SeriesDescription, BodyPart    string
	InstanceNumber                           int

	Rows, Columns int
	Frames        []Frame
	Inverted      bool       // MONOCHROME1: shown with black and white exchanged; the values are not
	Window        [2]float64 // width and level of the linear window; width 0 when there is none
	LookupTable   string     // Modality LUT Type of the lookup table that makes the values, HU for Hounsfield units; "" where there is none
	BitsStored    int

	format format
}

// Frame describes one frame. Vectors and lengths are in mm, in patient
// coordinates (LPS).
type Frame struct {
	Placed           bool // Position, Row, Column and Spacing are there and make sense
	Position         [3]float64
	Row, Column      [3]float64 // unit directions in which the column and the row index grow
	Spacing          [2]float64 // between rows, between columns; 0 when not known
	Thickness        float64    // distance that a single slice stands for; 0 when not known
	SliceThickness   float64    // of the slab that the frame shows; 0 when not known
	Slope, Intercept float64
	Rescaled         bool   // Slope and Intercept come from the file
	Unit             string // Rescale Type: of the scaled values, HU for Hounsfield units; "" when not said

	Type  []string       // Image Type, or the frame's own Frame Type
	Apart [Aparts]string // what may tell stacks of one series apart, of which several frames lie at one position
}

// Aparts is the number of ways to tell stacks apart: acquisition, temporal
// position, stack, kernel, image type; in this order, which is that of their
// weight. ApartKernel is the kernel's place among them.
const (
	Aparts      = 5
	ApartKernel = 3
)

// refused are kinds of objects with pixels that are no pictures of a patient.
var refused = map[string]string{
	"1.2.840.10008.5.1.4.1.1.66.4":  "a segmentation, not an image",
	"1.2.840.10008.5.1.4.1.1.66.7":  "a label map, not an image",
	"1.2.840.10008.5.1.4.1.1.481.2": "a radiotherapy dose, not an image",
	"1.2.840.10008.5.1.4.1.1.30":    "a parametric map, not an image",
}

// newImage describes a parsed file, or says why it cannot be decoded.
func newImage(f *file) (*Image, error) {
	d := &f.dataset
	class := d.text(tag.SOPClassUID)
	if reason, ok := refused[class]; ok {
		return nil, errors.New(reason)
	}
	if !f.pixels.present {
		return nil, noPixels(d, class)
	}
	decode := characters(d.texts(tag.SpecificCharacterSet))
	im := &Image{
		StudyUID:            d.text(tag.StudyInstanceUID),
		SeriesUID:           d.text(tag.SeriesInstanceUID),
		FrameOfReferenceUID: d.text(tag.FrameOfReferenceUID),
		SOPClassUID:         class,
		SOPInstanceUID:      d.text(tag.SOPInstanceUID),
		TransferSyntax:      f.syntax,
		PatientID:           d.words(tag.PatientID, decode),
		PatientName:         d.words(tag.PatientName, decode),
		IssuerOfPatientID:   d.words(tag.IssuerOfPatientID, decode),
		PatientBirthDate:    d.text(tag.PatientBirthDate),
		IdentityRemoved:     d.text(tag.PatientIdentityRemoved) == "YES",
		RemovedBy:           d.words(tag.DeidentificationMethod, decode),
		Modality:            d.text(tag.Modality),
		SeriesDescription:   d.words(tag.SeriesDescription, decode),
		BodyPart:            d.text(tag.BodyPartExamined),
		InstanceNumber:      d.integer(tag.InstanceNumber, 0),
		Rows:                d.integer(tag.Rows, 0),
		Columns:             d.integer(tag.Columns, 0),
		Inverted:            d.text(tag.PhotometricInterpretation) == "MONOCHROME1",
	}
	if err := im.checkColour(d); err != nil {
		return nil, err
	}
	if err := im.setFormat(f); err != nil {
		return nil, err
	}
	im.BitsStored = im.format.stored
	if t := im.format.table; t != nil {
		im.LookupTable = cmp.Or(t.unit, "unspecified")
	}
	return im, im.setFrames(f)
}

// noPixels words what a file without pixels is.
func noPixels(d *dataset, class string) error {
	if records := d.find(tag.DirectoryRecordSequence); records != nil {
		return newDirectory(records)
	}
	switch {
	case class != "":
		return fmt.Errorf("there are no pixels in it (%s)", nameOf(class))
	case len(d.elements) == 0:
		return ErrNotDICOM
	}
	return errors.New("there are no pixels in it")
}

// checkColour refuses everything but grey pixels.
func (im *Image) checkColour(d *dataset) error {
	photometric := d.text(tag.PhotometricInterpretation)
	samples := d.integer(tag.SamplesPerPixel, 1)
	grey := photometric == "MONOCHROME1" || photometric == "MONOCHROME2" || photometric == ""
	if !grey || samples != 1 {
		return fmt.Errorf("a colour picture (%s, %d values a pixel); only grey images can be read", quoteShort(photometric), samples)
	}
	return nil
}

// setFrames counts the frames, checks that all of them are there, and collects
// where each lies and how its values are scaled.
func (im *Image) setFrames(f *file) error {
	d := &f.dataset
	n := 1
	if e := d.find(tag.NumberOfFrames); e != nil && len(e.value) > 0 && d.text(tag.NumberOfFrames) != "" {
		n = d.integer(tag.NumberOfFrames, 0)
	}
	if n < 1 || n > limits.frames {
		return fmt.Errorf("the number of frames (%s) is not possible", quoteShort(d.text(tag.NumberOfFrames)))
	}
	if f.pixels.encapsulated {
		var err error
		if im.format.starts, err = f.frames.split(n, d); err != nil {
			return err
		}
	} else if need := int64(n) * im.frameBytes(); need > f.pixels.length {
		return fmt.Errorf("the pixel data is cut short: %d of %d bytes are there", f.pixels.length, need)
	}
	shared := d.item(tag.SharedFunctionalGroupsSequence)
	var each []*dataset
	var first *dataset
	if e := d.find(tag.PerFrameFunctionalGroupsSequence); e != nil {
		if each = e.items; len(each) != n {
			return fmt.Errorf("the file describes %d frames but has %d", len(each), n)
		}
		first = each[0]
	}
	im.Frames = newFrames(n, d, shared, each)
	im.Window = window(d, shared, first)
	if n > 1 && each == nil {
		// one position cannot be that of several frames
		for i := range im.Frames {
			im.Frames[i].Placed = false
		}
	}
	return nil
}
