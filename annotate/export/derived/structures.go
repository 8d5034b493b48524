package derived

import (
	"encoding/hex"
	"fmt"
	"image"
	"io"
	"iter"
	"strconv"

	"github.com/suyashkumar/dicom/pkg/tag"
)

const structureSetClass = "1.2.840.10008.5.1.4.1.1.481.3"

// StructureSet is a DICOM RT structure set (PS3.3 C.8.8.5, C.8.8.6).
type StructureSet struct {
	Source  Source
	By      Maker
	Labels  []Label // numbers need not follow each other
	Outline func(label int) iter.Seq[Contour]
	Content []byte // a digest of the contours, of which the UIDs are made
}

// Contour is a closed line on a slice, counted from 0: corners of pixels, where
// that in column x and row y covers [x, x+1) by [y, y+1).
type Contour struct {
	Slice   int
	Corners []image.Point
}

// Write writes the structure set as a file. It is in implicit VR, since contours
// may be longer than an explicit VR has room for.
func (s *StructureSet) Write(w io.Writer) error {
	return writeFile(w, implicitLittle, structureSetClass, s.uid("instance"), s.dataset())
}

func (s *StructureSet) uid(of string) string {
	return UID("structure set", of, s.Source.SeriesUID, s.By.Program, s.By.Version, s.By.Date.String(), fmt.Sprint(s.Labels), hex.EncodeToString(s.Content))
}

func (s *StructureSet) dataset() dataset {
	from, by := &s.Source, &s.By
	d := object(from, by, structureSetClass, "RTSTRUCT", s.uid("series"), s.uid("instance"))
	return append(d,
		cleaned(tag.OperatorsName, by.Creator), // who operates
		text(tag.StructureSetLabel, "GROUNDGLASS"), cleaned(tag.StructureSetName, by.Title),
		text(tag.StructureSetDate, by.Date.Format("20060102")), text(tag.StructureSetTime, by.Date.Format("150405")),
		text(tag.ApprovalStatus, "UNAPPROVED"),
		sequenceOf(tag.ReferencedFrameOfReferenceSequence, dataset{
			text(tag.FrameOfReferenceUID, from.FrameOfReferenceUID),
			sequenceOf(tag.RTReferencedStudySequence, dataset{
				text(tag.ReferencedSOPClassUID, "1.2.840.10008.3.1.2.3.1"), // as is usual: a class that is retired
				text(tag.ReferencedSOPInstanceUID, from.StudyUID),
				sequenceOf(tag.RTReferencedSeriesSequence, dataset{text(tag.SeriesInstanceUID, from.SeriesUID), sequenceOf(tag.ContourImageSequence, from.instances()...)}),
			}),
		}),
		sequence(tag.StructureSetROISequence, s.structures),
		sequence(tag.ROIContourSequence, s.contours),
		sequence(tag.RTROIObservationsSequence, s.observations),
	)
}

// structures name the labels.
func (s *StructureSet) structures(yield func(dataset) bool) {
	for _, l := range s.Labels {
		d := dataset{
			integer(tag.ROINumber, l.Number), text(tag.ReferencedFrameOfReferenceUID, s.Source.FrameOfReferenceUID),
			cleaned(tag.ROIName, l.Name), text(tag.ROIGenerationAlgorithm, string(l.By)),
		}
		if l.By != Manual {
			d = append(d, cleaned(tag.ROIGenerationDescription, s.By.algorithm()))
		}
		if !yield(d) {
			return
		}
	}
}

// contours are the lines of each label; one without any has no sequence of them.
func (s *StructureSet) contours(yield func(dataset) bool) {
	for i, l := range s.Labels {
		d := dataset{
			integer(tag.ROIDisplayColor, int(l.Color.R), int(l.Color.G), int(l.Color.B)),
			integer(tag.ReferencedROINumber, l.Number),
		}
		for range s.Outline(i) {
			d = append(d, sequence(tag.ContourSequence, s.lines(i)))
			break
		}
		if !yield(d) {
			return
		}
	}
}

func (s *StructureSet) lines(label int) iter.Seq[dataset] {
	return func(yield func(dataset) bool) {
		n := 0
		for c := range s.Outline(label) {
			n++
			if !yield(dataset{
				sequenceOf(tag.ContourImageSequence, s.Source.Images[c.Slice].reference()),
				text(tag.ContourGeometricType, "CLOSED_PLANAR"),
				integer(tag.NumberOfContourPoints, len(c.Corners)), integer(tag.ContourNumber, n),
				{tag: tag.ContourData, vr: "DS", value: s.Source.points(c)},
			}) {
				return
			}
		}
	}
}

// points are the places of a contour's corners, in mm, to the nearest 1e-6.
func (s *Source) points(c Contour) []byte {
	b := make([]byte, 0, 32*len(c.Corners))
	at := s.Images[c.Slice].Position
	for _, p := range c.Corners {
		x, y := (float64(p.X)-0.5)*s.Spacing[1], (float64(p.Y)-0.5)*s.Spacing[0]
		for k := range 3 {
			if len(b) > 0 {
				b = append(b, '\\')
			}
			b = appendMicro(b, at[k]+s.Row[k]*x+s.Column[k]*y)
		}
	}
	return b
}

// appendMicro appends a number with at most six digits after the point, and with
// 16 characters at most.
func appendMicro(b []byte, v float64) []byte {
	start := len(b)
	b = strconv.AppendFloat(b, v, 'f', 6, 64)
	if len(b)-start > 16 {
		return appendDecimal(b[:start], v, 10)
	}
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	if string(b[start:]) == "-0" {
		b = append(b[:start], '0')
	}
	return b
}

// observations say what the labels mean.
func (s *StructureSet) observations(yield func(dataset) bool) {
	for i, l := range s.Labels {
		if !yield(dataset{
			integer(tag.ObservationNumber, i+1), integer(tag.ReferencedROINumber, l.Number),
			l.code().sequence(tag.RTROIIdentificationCodeSequence),
			text(tag.RTROIInterpretedType, ""), text(tag.ROIInterpreter, ""),
		}) {
			return
		}
	}
}
