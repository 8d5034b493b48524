package dicom

import (
	"math"
	"slices"
	"strings"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// framer collects what data sets, of which later ones overrule earlier ones, say
// of a frame: the file's own, the shared functional groups, the frame's
// functional groups.
type framer struct {
	f                              Frame
	position, orientation, spacing bool
	directions                     [6]float64
}

// newFrames describes n frames. Each, if not nil, holds the groups of each. What
// all frames share is read once, since it may be long.
func newFrames(n int, root, shared *dataset, each []*dataset) []Frame {
	base := framer{f: Frame{Slope: 1}}
	base.apply(root, func(tag.Tag) *dataset { return root })
	base.group(shared)
	if each == nil {
		return slices.Repeat([]Frame{base.frame()}, n)
	}
	frames := make([]Frame, n)
	for i := range frames {
		r := base
		r.group(each[i])
		frames[i] = r.frame()
	}
	return frames
}

// group applies the sequences of functional groups; d may be nil.
func (r *framer) group(d *dataset) {
	if d == nil {
		return
	}
	r.apply(d, func(sequence tag.Tag) *dataset {
		if item := d.item(sequence); item != nil {
			return item
		}
		return &dataset{}
	})
}

// apply reads a data set, whose attributes of a group are where part says.
func (r *framer) apply(d *dataset, part func(sequence tag.Tag) *dataset) {
	f := &r.f
	r.position = part(tag.PlanePositionSequence).vector(tag.ImagePositionPatient, f.Position[:]) || r.position
	r.orientation = part(tag.PlaneOrientationSequence).vector(tag.ImageOrientationPatient, r.directions[:]) || r.orientation
	measures := part(tag.PixelMeasuresSequence)
	r.spacing = measures.vector(tag.PixelSpacing, f.Spacing[:]) || r.spacing
	if v, ok := measures.number(tag.SliceThickness); ok && v > 0 {
		f.Thickness, f.SliceThickness = v, v
	}
	if v, ok := measures.number(tag.SpacingBetweenSlices); ok && v > 0 {
		f.Thickness = v
	}
	scale := part(tag.PixelValueTransformationSequence)
	slope, ok1 := scale.number(tag.RescaleSlope)
	intercept, ok2 := scale.number(tag.RescaleIntercept)
	if ok1 && ok2 && slope != 0 {
		f.Slope, f.Intercept, f.Rescaled = slope, intercept, true
		f.Unit = scale.text(tag.RescaleType)
	}
	f.setType(d)
	content := part(tag.FrameContentSequence)
	f.setApart(0, d.label(tag.AcquisitionNumber), content.label(tag.FrameAcquisitionNumber))
	f.setApart(1, d.label(tag.TemporalPositionIdentifier), content.label(tag.TemporalPositionIndex))
	f.setApart(2, content.label(tag.StackID))
	f.setApart(ApartKernel, part(tag.CTReconstructionSequence).label(tag.ConvolutionKernel))
}

// setType reads what kind of frame a data set says it is.
func (f *Frame) setType(d *dataset) {
	kind := d.texts(tag.ImageType)
	for _, sequence := range []tag.Tag{tag.CTImageFrameTypeSequence, tag.MRImageFrameTypeSequence, tag.PETFrameTypeSequence} {
		if item := d.item(sequence); item != nil {
			kind = item.texts(tag.FrameType)
		}
	}
	if len(kind) > 0 {
		f.Type = kind
		f.setApart(4, strings.Join(kind, `\`))
	}
}

// setApart keeps the last value that is there.
func (f *Frame) setApart(k int, values ...string) {
	for _, v := range values {
		if v != "" {
			f.Apart[k] = v
		}
	}
}

// frame returns the frame after the last data set.
func (r framer) frame() Frame {
	f := r.f
	if !(r.spacing && sensible(f.Spacing[0]) && sensible(f.Spacing[1])) {
		f.Spacing = [2]float64{}
		r.spacing = false
	}
	if r.orientation {
		f.Row, f.Column, r.orientation = axes(r.directions)
	}
	f.Placed = r.position && r.orientation && r.spacing && finite(f.Position)
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

// window returns the first window of the last of a frame's data sets that has
// one, as the width and the level of an exact linear function (PS3.3
// C.11.2.1.2). Groups may be nil.
func window(root *dataset, groups ...*dataset) (w [2]float64) {
	layers := []*dataset{root}
	for _, g := range groups {
		if g != nil && g.item(tag.FrameVOILUTSequence) != nil {
			layers = append(layers, g.item(tag.FrameVOILUTSequence))
		}
	}
	for _, d := range layers {
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
