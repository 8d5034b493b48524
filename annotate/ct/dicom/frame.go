package dicom

import (
	"math"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

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
			f.Unit = scale.text(tag.RescaleType)
		}
		f.setKind(d, part)
	}
	f.Apart[Aparts-1] = strings.Join(f.Type, `\`)
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

// setKind reads what kind of frame a layer says it is.
func (f *Frame) setKind(d *dataset, part func(tag.Tag) *dataset) {
	kind := d.texts(tag.ImageType)
	for _, sequence := range []tag.Tag{tag.CTImageFrameTypeSequence, tag.MRImageFrameTypeSequence, tag.PETFrameTypeSequence} {
		if item := d.item(sequence); item != nil {
			kind = item.texts(tag.FrameType)
		}
	}
	if len(kind) > 0 {
		f.Type = kind
	}
	content := part(tag.FrameContentSequence)
	for k, values := range [...][]string{
		{d.label(tag.AcquisitionNumber), content.label(tag.FrameAcquisitionNumber)},
		{d.label(tag.TemporalPositionIdentifier), content.label(tag.TemporalPositionIndex)},
		{content.label(tag.StackID)},
		{part(tag.CTReconstructionSequence).label(tag.ConvolutionKernel)},
	} {
		for _, v := range values {
			if v != "" {
				f.Apart[k] = v
			}
		}
	}
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
		switch exact := d.text(tag.VOILUTFunction) == "LINEAR_EXACT"; {
		case ok1 && ok2 && exact && width > 0:
			w = [2]float64{width, level}
		case ok1 && ok2 && !exact && width > 1:
			w = [2]float64{width - 1, level - 0.5}
		}
	}
	return w
}
