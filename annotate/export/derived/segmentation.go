package derived

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"github.com/suyashkumar/dicom/pkg/tag"
)

const segmentationClass = "1.2.840.10008.5.1.4.1.1.66.4"

// Segmentation is a DICOM segmentation: of bits, or where it is Fractional of the
// probability of each pixel, 255 for certain (PS3.3 C.8.20.2).
type Segmentation struct {
	Source     Source
	By         Maker
	Labels     []Label // numbered from 1 on; no two of one pixel
	Fractional bool
	Frames     []Frame // at least one
	Content    []byte  // a digest of the pixels, of which the UIDs are made
	// Pixels writes those of all frames: of bits as a Packer gives them, or a byte each.
	Pixels func(w io.Writer) error
}

// Frame is a slice of one label. Label and Slice count from 0.
type Frame struct{ Label, Slice int }

// Packer gathers the frames of a binary segmentation, one bit a pixel, the lowest
// bit of a byte first, and frames without a gap (PS3.5 8.1.1, 8.2).
type Packer struct {
	bits []byte
	n    int
}

// Add packs a frame: the pixels that hold a value.
func (p *Packer) Add(plane []uint8, value uint8) {
	for _, v := range plane {
		if p.n&7 == 0 {
			p.bits = append(p.bits, 0)
		}
		if v == value {
			p.bits[p.n>>3] |= 1 << (p.n & 7)
		}
		p.n++
	}
}

// Write writes all frames.
func (p *Packer) Write(w io.Writer) error {
	_, err := w.Write(p.bits)
	return err
}

// Write writes the segmentation as a file.
func (s *Segmentation) Write(w io.Writer) error {
	for i, l := range s.Labels {
		if l.Number != i+1 {
			return fmt.Errorf("label %d has the number %d", i+1, l.Number)
		}
	}
	if len(s.Frames) == 0 {
		return errors.New("a segmentation needs at least one frame")
	}
	return writeFile(w, explicitLittle, segmentationClass, s.uid("instance"), s.dataset())
}

func (s *Segmentation) uid(of string) string {
	return UID("segmentation", of, s.Source.SeriesUID, s.By.Program, s.By.Version, s.By.Date.String(), fmt.Sprint(s.Labels, s.Frames, s.Fractional), hex.EncodeToString(s.Content))
}

func (s *Segmentation) dataset() dataset {
	by, date, clock := &s.By, s.By.Date.Format("20060102"), s.By.Date.Format("150405")
	d := object(&s.Source, by, segmentationClass, "SEG", s.uid("series"), s.uid("instance"))
	d = append(d,
		text(tag.ImageType, "DERIVED", "PRIMARY"),
		text(tag.ContentDate, date), text(tag.ContentTime, clock),
		sequenceOf(tag.ReferencedSeriesSequence, dataset{text(tag.SeriesInstanceUID, s.Source.SeriesUID), sequenceOf(tag.ReferencedInstanceSequence, s.Source.instances()...)}),
		short(tag.SamplesPerPixel, 1), text(tag.PhotometricInterpretation, "MONOCHROME2"),
		integer(tag.NumberOfFrames, len(s.Frames)),
		short(tag.Rows, uint16(s.Source.Rows)), short(tag.Columns, uint16(s.Source.Columns)),
		short(tag.PixelRepresentation, 0), text(tag.LossyImageCompression, "00"),
		text(tag.SegmentsOverlap, "NO"), // no pixel is in two segments
		text(tag.ContentLabel, "SEGMENTATION"), cleaned(tag.ContentDescription, by.Title), cleaned(tag.ContentCreatorName, by.Creator),
		sequence(tag.SegmentSequence, s.segments),
	)
	d = append(d, s.dimensions()...)
	d = append(d, s.pixels()...)
	return append(d, sequenceOf(tag.SharedFunctionalGroupsSequence, s.shared()), sequence(tag.PerFrameFunctionalGroupsSequence, s.frames))
}

// pixels are the pixels and what says how they are stored.
func (s *Segmentation) pixels() dataset {
	bits, n := 1, int64(len(s.Frames))*int64(s.Source.Rows)*int64(s.Source.Columns)
	kind := dataset{text(tag.SegmentationType, "BINARY")}
	if s.Fractional {
		bits = 8
		kind = dataset{text(tag.SegmentationType, "FRACTIONAL"), text(tag.SegmentationFractionalType, "PROBABILITY"), short(tag.MaximumFractionalValue, 255)}
	}
	return append(kind,
		short(tag.BitsAllocated, uint16(bits)), short(tag.BitsStored, uint16(bits)), short(tag.HighBit, uint16(bits-1)),
		element{tag: tag.PixelData, vr: "OB", bulk: &bulk{(n*int64(bits) + 7) / 8, s.Pixels}},
	)
}

// dimensions say by what frames are told apart (PS3.3 C.7.6.17): by position, and
// at one position by segment.
func (s *Segmentation) dimensions() dataset {
	uid := s.uid("dimensions")
	index := func(to, group tag.Tag, name string) dataset {
		return dataset{text(tag.DimensionOrganizationUID, uid), pointer(tag.DimensionIndexPointer, to), pointer(tag.FunctionalGroupPointer, group), text(tag.DimensionDescriptionLabel, name)}
	}
	return dataset{
		sequenceOf(tag.DimensionOrganizationSequence, dataset{text(tag.DimensionOrganizationUID, uid)}),
		sequenceOf(tag.DimensionIndexSequence,
			index(tag.ImagePositionPatient, tag.PlanePositionSequence, "ImagePositionPatient"),
			index(tag.ReferencedSegmentNumber, tag.SegmentIdentificationSequence, "ReferencedSegmentNumber")),
	}
}

// segments describe the labels (PS3.3 C.8.20.2.1).
func (s *Segmentation) segments(yield func(dataset) bool) {
	for _, l := range s.Labels {
		lab := cielab(l.Color)
		d := dataset{
			short(tag.SegmentNumber, uint16(l.Number)), cleaned(tag.SegmentLabel, l.Name), text(tag.SegmentAlgorithmType, string(l.By)),
			short(tag.RecommendedDisplayCIELabValue, lab[:]...), l.category().sequence(tag.SegmentedPropertyCategoryCodeSequence), l.code().sequence(tag.SegmentedPropertyTypeCodeSequence),
		}
		if l.By != Manual {
			d = append(d, cleaned(tag.SegmentAlgorithmName, s.By.algorithm()))
		}
		if !yield(d) {
			return
		}
	}
}

// shared are the functional groups of all frames.
func (s *Segmentation) shared() dataset {
	measures := dataset{decimals(tag.PixelSpacing, s.Source.Spacing[:]...), decimals(tag.SliceThickness, s.Source.Thickness)}
	if s.Source.Between > 0 {
		measures = append(measures, decimals(tag.SpacingBetweenSlices, s.Source.Between))
	}
	r, c := s.Source.Row, s.Source.Column
	return dataset{
		sequenceOf(tag.PlaneOrientationSequence, dataset{decimals(tag.ImageOrientationPatient, r[0], r[1], r[2], c[0], c[1], c[2])}),
		sequenceOf(tag.PixelMeasuresSequence, measures),
	}
}

// frames are the functional groups of each frame.
func (s *Segmentation) frames(yield func(dataset) bool) {
	for _, f := range s.Frames {
		from := s.Source.Images[f.Slice]
		source := append(from.reference(),
			Code{"DCM", "121322", "Source image for image processing operation"}.sequence(tag.PurposeOfReferenceCodeSequence),
			text(tag.SpatialLocationsPreserved, "YES")) // its pixels are these pixels
		number := s.Labels[f.Label].Number
		if !yield(dataset{
			sequenceOf(tag.DerivationImageSequence, dataset{sequenceOf(tag.SourceImageSequence, source), Code{"DCM", "113076", "Segmentation"}.sequence(tag.DerivationCodeSequence)}),
			sequenceOf(tag.FrameContentSequence, dataset{long(tag.DimensionIndexValues, uint32(f.Slice+1), uint32(number))}),
			sequenceOf(tag.PlanePositionSequence, dataset{decimals(tag.ImagePositionPatient, from.Position[:]...)}),
			sequenceOf(tag.SegmentIdentificationSequence, dataset{short(tag.ReferencedSegmentNumber, uint16(number))}),
		}) {
			return
		}
	}
}
