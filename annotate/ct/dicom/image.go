package dicom

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Image describes the picture, of one frame or several, in a file.
type Image struct {
	StudyUID, SeriesUID, FrameOfReferenceUID string
	SOPClassUID, SOPInstanceUID              string
	TransferSyntax                           string // UID
	Modality, SeriesDescription              string
	ImageType                                []string
	InstanceNumber                           int
	Acquisition                              string // what tells acquisitions of one series apart; "" when nothing does

	Rows, Columns int
	Frames        []Frame
	Inverted      bool       // MONOCHROME1: shown with black and white exchanged; the values are not
	Window        [2]float64 // width and level of the linear window; width 0 when there is none
	LookupTable   bool       // values would have to go through a modality lookup table, which is not applied
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
	Slope, Intercept float64
	Rescaled         bool // Slope and Intercept come from the file
}

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
		Modality:            d.text(tag.Modality),
		SeriesDescription:   decode(d.text(tag.SeriesDescription)),
		ImageType:           d.texts(tag.ImageType),
		InstanceNumber:      d.integer(tag.InstanceNumber, 0),
		Acquisition:         d.text(tag.AcquisitionNumber),
		Rows:                d.integer(tag.Rows, 0),
		Columns:             d.integer(tag.Columns, 0),
		Inverted:            d.text(tag.PhotometricInterpretation) == "MONOCHROME1",
		LookupTable:         d.item(tag.ModalityLUTSequence) != nil,
	}
	if err := im.checkColour(d); err != nil {
		return nil, err
	}
	if err := im.setFormat(f); err != nil {
		return nil, err
	}
	im.BitsStored = im.format.stored
	return im, im.setFrames(f)
}

// noPixels words what a file without pixels is.
func noPixels(d *dataset, class string) error {
	switch {
	case d.find(tag.DirectoryRecordSequence) != nil:
		return errors.New("a DICOM directory, not an image")
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
	if need := int64(n) * im.frameBytes(); need > f.pixels.length {
		return fmt.Errorf("the pixel data is cut short: %d bytes for %d frames of %dx%d pixels, which take %d",
			f.pixels.length, n, im.Columns, im.Rows, need)
	}
	groups := []*dataset{d}
	if shared := d.item(tag.SharedFunctionalGroupsSequence); shared != nil {
		groups = append(groups, shared)
	}
	var each []*dataset
	if e := d.find(tag.PerFrameFunctionalGroupsSequence); e != nil {
		if each = e.items; len(each) != n {
			return fmt.Errorf("the file describes %d frames but has %d", len(each), n)
		}
	}
	for i := range n {
		layers := slices.Clone(groups)
		if each != nil {
			layers = append(layers, each[i])
		}
		im.Frames = append(im.Frames, newFrame(layers))
		if i == 0 {
			im.Window = window(layers)
		}
	}
	if n > 1 && each == nil {
		// one position cannot be that of several frames
		for i := range im.Frames {
			im.Frames[i].Placed = false
		}
	}
	return nil
}

// newFrame reads a frame's place and scale from data sets of which later ones
// overrule earlier ones: the file's own, the shared functional groups, the
// frame's functional groups.
func newFrame(layers []*dataset) Frame {
	f := Frame{Slope: 1}
	var position, orientation, spacing bool
	var directions [6]float64
	for i, d := range layers {
		part := func(sequence tag.Tag) *dataset {
			if i == 0 {
				return d
			}
			if item := d.item(sequence); item != nil {
				return item
			}
			return &dataset{}
		}
		position = part(tag.PlanePositionSequence).vector(tag.ImagePositionPatient, f.Position[:]) || position
		orientation = part(tag.PlaneOrientationSequence).vector(tag.ImageOrientationPatient, directions[:]) || orientation
		measures := part(tag.PixelMeasuresSequence)
		spacing = measures.vector(tag.PixelSpacing, f.Spacing[:]) || spacing
		if v, ok := measures.number(tag.SpacingBetweenSlices); ok && v > 0 {
			f.Thickness = v
		} else if v, ok := measures.number(tag.SliceThickness); ok && v > 0 {
			f.Thickness = v
		}
		scale := part(tag.PixelValueTransformationSequence)
		slope, ok1 := scale.number(tag.RescaleSlope)
		intercept, ok2 := scale.number(tag.RescaleIntercept)
		if ok1 && ok2 && slope != 0 {
			f.Slope, f.Intercept, f.Rescaled = slope, intercept, true
		}
	}
	if !(spacing && sensible(f.Spacing[0]) && sensible(f.Spacing[1])) {
		f.Spacing = [2]float64{}
		spacing = false
	}
	if orientation {
		f.Row, f.Column, orientation = axes(directions)
	}
	f.Placed = position && orientation && spacing && finite(f.Position)
	return f
}

// sensible tells whether a pixel's size in mm can be true.
func sensible(mm float64) bool { return mm > 1e-4 && mm < 1e3 }

func finite(p [3]float64) bool {
	return max(math.Abs(p[0]), math.Abs(p[1]), math.Abs(p[2])) < 1e6
}

// axes splits an orientation into two unit vectors at right angles; false where
// they are not so within rounding.
func axes(o [6]float64) (row, column [3]float64, ok bool) {
	copy(row[:], o[:3])
	copy(column[:], o[3:])
	for _, v := range []*[3]float64{&row, &column} {
		l := math.Sqrt(v[0]*v[0] + v[1]*v[1] + v[2]*v[2])
		if math.Abs(l-1) > 0.01 {
			return row, column, false
		}
		for i := range v {
			v[i] /= l
		}
	}
	return row, column, math.Abs(row[0]*column[0]+row[1]*column[1]+row[2]*column[2]) < 0.01
}

// window returns the first window of the last layer that has one, as the width
// and the level of an exact linear function (PS3.3 C.11.2.1.2).
func window(layers []*dataset) (w [2]float64) {
	for i, d := range layers {
		if i > 0 {
			if d = d.item(tag.FrameVOILUTSequence); d == nil {
				continue
			}
		}
		width, ok1 := d.number(tag.WindowWidth)
		level, ok2 := d.number(tag.WindowCenter)
		if ok1 && ok2 && width > 1 {
			w = [2]float64{width - 1, level - 0.5}
		}
	}
	return w
}
