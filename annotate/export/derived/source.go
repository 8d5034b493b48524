package derived

import (
	"image/color"
	"regexp"
	"time"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// Source is the series that labels are of, as far as it is to be told. Text is
// UTF-8, and may be empty but for the UIDs.
type Source struct {
	PatientName, PatientID string
	BirthDate, Sex         string // as DICOM writes them

	StudyUID, StudyDate, StudyTime, StudyID string
	AccessionNumber, ReferringPhysician     string

	SeriesUID, FrameOfReferenceUID string
	PositionReference              string

	Rows, Columns int
	Row, Column   [3]float64 // unit directions in which the column index and the row index grow
	Spacing       [2]float64 // between rows, between columns
	Thickness     float64    // of the slab that a slice shows
	Between       float64    // slices, at right angles to them; 0 where it is not the same for all
	Images        []Image    // one a slice, by position
}

// Image is what a slice was read from.
type Image struct {
	ClassUID, UID string
	Frame         int        // from 1, of those with several; 0 for others
	Position      [3]float64 // of the centre of the first pixel
}

// Maker is who makes an object of what, and when.
type Maker struct {
	Program, Version string
	Creator          string    // who drew it; may be empty
	Model            string    // name and version of the model that proposed it; may be empty
	Title            string    // of the series and its content
	Date             time.Time // of the content
}

// Label is what pixels or contours of one kind are.
type Label struct {
	Number   int // from 1
	Name     string
	Color    color.NRGBA
	Code     Code // what it means; empty for what nobody has coded
	Category Code // of what it means; empty stands for what is altered in the body
	By       Algorithm
}

// Code is a coded meaning.
type Code struct{ Scheme, Value, Meaning string }

// Algorithm says who set the pixels of a label (PS3.3 C.8.20.2, C.8.8.5).
type Algorithm string

const (
	Manual        Algorithm = "MANUAL"        // people alone
	Semiautomatic Algorithm = "SEMIAUTOMATIC" // a model, and people who corrected it
	Automatic     Algorithm = "AUTOMATIC"     // a model alone
)

// code is a coded term in a sequence of one item (PS3.3 8).
func (c Code) sequence(t tag.Tag) element {
	value := text(tag.CodeValue, c.Value)
	if len(c.Value) > longest["SH"] {
		value = text(tag.LongCodeValue, c.Value)
	}
	return sequenceOf(t, dataset{value, cleaned(tag.CodingSchemeDesignator, c.Scheme), cleaned(tag.CodeMeaning, c.Meaning)})
}

// object is the elements that segmentations and structure sets share: of patient
// and study, as the source has them, and of the new series and its one instance.
func object(s *Source, by *Maker, class, modality, series, uid string) dataset {
	date, clock := by.Date.Format("20060102"), by.Date.Format("150405")
	return dataset{
		text(tag.SpecificCharacterSet, "ISO_IR 192"),
		text(tag.InstanceCreationDate, date), text(tag.InstanceCreationTime, clock),
		text(tag.SOPClassUID, class), text(tag.SOPInstanceUID, uid),
		text(tag.StudyDate, Date(s.StudyDate)), text(tag.StudyTime, Time(s.StudyTime)),
		text(tag.SeriesDate, date), text(tag.SeriesTime, clock),
		cleaned(tag.AccessionNumber, s.AccessionNumber),
		text(tag.Modality, modality),
		cleaned(tag.Manufacturer, by.Program), cleaned(tag.ManufacturerModelName, by.Program),
		text(tag.DeviceSerialNumber, "1"), cleaned(tag.SoftwareVersions, by.Version),
		cleaned(tag.ReferringPhysicianName, s.ReferringPhysician),
		cleaned(tag.SeriesDescription, by.Title),
		cleaned(tag.PatientName, s.PatientName), cleaned(tag.PatientID, s.PatientID),
		text(tag.PatientBirthDate, Date(s.BirthDate)), text(tag.PatientSex, sex(s.Sex)),
		text(tag.StudyInstanceUID, s.StudyUID), text(tag.SeriesInstanceUID, series),
		cleaned(tag.StudyID, s.StudyID), integer(tag.SeriesNumber, 300), integer(tag.InstanceNumber, 1),
		text(tag.FrameOfReferenceUID, s.FrameOfReferenceUID), cleaned(tag.PositionReferenceIndicator, s.PositionReference),
	}
}

// reference names an image, and the frame of one with several.
func (m Image) reference() dataset {
	d := dataset{text(tag.ReferencedSOPClassUID, m.ClassUID), text(tag.ReferencedSOPInstanceUID, m.UID)}
	if m.Frame > 0 {
		d = append(d, integer(tag.ReferencedFrameNumber, m.Frame))
	}
	return d
}

// instances name all images of the source, each file once.
func (s *Source) instances() (items []dataset) {
	seen := map[string]bool{}
	for _, m := range s.Images {
		if !seen[m.UID] {
			seen[m.UID] = true
			m.Frame = 0
			items = append(items, m.reference())
		}
	}
	return items
}

var clock = regexp.MustCompile(`^([01]\d|2[0-3])([0-5]\d([0-5]\d(\.\d{1,6})?)?)?$`)

// Date is a date as DICOM writes it (DA), or nothing where it is none.
func Date(s string) string {
	if _, err := time.Parse("20060102", s); err != nil {
		return ""
	}
	return s
}

// Time is a time of day as DICOM writes it (TM), or nothing where it is none.
func Time(s string) string {
	if !clock.MatchString(s) {
		return ""
	}
	return s
}

func sex(s string) string {
	if s == "M" || s == "F" || s == "O" {
		return s
	}
	return ""
}
