package export

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/suyashkumar/dicom/pkg/tag"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/export/derived"
)

// source is what DICOM objects made from the case tell of the images: what their
// headers say, as far as the identity may leave.
func (w *Writer) source() (derived.Source, error) {
	if err := refers(w.Series); err != nil {
		return derived.Source{}, err
	}
	s := w.Series
	out := derived.Source{Rows: s.Rows, Columns: s.Columns, Images: make([]derived.Image, s.Len())}
	if !s.Geometry.Uneven && s.Len() > 1 {
		out.Between = s.Geometry.Spacing[2]
	}
	files := map[string][]int{}
	for i, from := range s.Sources {
		files[from.File] = append(files[from.File], i)
	}
	for i, from := range s.Sources {
		own := files[from.File]
		if own[0] != i {
			continue
		}
		err := s.Header(i, func(o *dicom.Object) error {
			if i == 0 {
				w.subject(&out, o)
			}
			return w.images(&out, o, own)
		})
		if err != nil {
			return out, fmt.Errorf("%s: %w", from.File, err)
		}
	}
	return out, nil
}

// refers says why nothing can refer to the images of a series.
func refers(s *ct.Series) error {
	for _, from := range s.Sources {
		if from.SOPInstanceUID == "" || from.SOPClassUID == "" {
			return fmt.Errorf("%s is no DICOM image, to which DICOM segmentations and structure sets must refer; take another format", from.File)
		}
	}
	switch {
	case s.StudyUID == "":
		return fmt.Errorf("%s does not say of which study it is, as DICOM objects must", s.Sources[0].File)
	case !s.Geometry.Known:
		return fmt.Errorf("%s does not say where it lies in the patient, as DICOM segmentations and structure sets must", s.Sources[0].File)
	}
	return nil
}

// images notes where slices of one file lie.
func (w *Writer) images(out *derived.Source, o *dicom.Object, slices []int) error {
	for _, i := range slices {
		from := w.Series.Sources[i]
		at := o.Place(max(from.Frame, 1) - 1)
		switch {
		case o.Text(tag.SOPInstanceUID.Uint32()) != from.SOPInstanceUID:
			return errors.New("the file was changed since it was opened: it holds another image")
		case !at.Placed:
			return errors.New("it does not say where it lies in the patient")
		}
		if i == 0 {
			out.Row, out.Column, out.Spacing = at.Row, at.Column, at.Spacing
			if out.Thickness = at.SliceThickness; out.Thickness <= 0 { // which segmentations must give
				out.Thickness = w.Series.Geometry.Spacing[2]
			}
		}
		out.Images[i] = derived.Image{ClassUID: from.SOPClassUID, UID: with(w.Options.Identity.UID, from.SOPInstanceUID), Frame: from.Frame, Position: at.Position}
	}
	return nil
}

// subject notes whom and what the images show.
func (w *Writer) subject(out *derived.Source, o *dicom.Object) {
	d := w.Options.Identity
	text := func(t tag.Tag) string { return o.Text(t.Uint32()) }
	series, _, _ := strings.Cut(w.Series.UID, "#") // of several stacks in one series
	if text(tag.SeriesInstanceUID) == "" {
		series = derived.UID("series of", w.Series.Sources[0].SOPInstanceUID)
	}
	frame := w.Series.FrameOfReferenceUID
	if frame == "" {
		frame = derived.UID("frame of reference of", series)
	}
	out.SeriesUID, out.StudyUID, out.FrameOfReferenceUID = with(d.UID, series), with(d.UID, w.Series.StudyUID), with(d.UID, frame)
	out.StudyDate = text(tag.StudyDate)
	out.PatientID, out.PatientName = text(tag.PatientID), text(tag.PatientName)
	if d.Kept() {
		out.StudyTime = text(tag.StudyTime)
		out.PositionReference = text(tag.PositionReferenceIndicator) // which may be any text
		out.BirthDate, out.Sex = text(tag.PatientBirthDate), text(tag.PatientSex)
		out.StudyID, out.AccessionNumber, out.ReferringPhysician = text(tag.StudyID), text(tag.AccessionNumber), text(tag.ReferringPhysicianName)
		return
	}
	if !d.done || d.Patient != nil { // else the images have a pseudonym
		out.PatientID = with(d.Patient, cmp.Or(w.Patient, d.whose))
		out.PatientName = out.PatientID
	}
	out.StudyDate = d.shifted(out.StudyDate, w.Patient)
}

// shifted is a date as DICOM writes it, moved as the patient's dates are.
func (d Identity) shifted(date, patient string) string {
	t, err := time.Parse("20060102", date)
	if err != nil || d.Days == nil {
		return derived.Date(date)
	}
	return t.AddDate(0, 0, d.Days(patient)).Format("20060102")
}

// maker says who makes an object, with which title, and when: at the last step of the
// work, or where that is not known at the time of the study, so that the same work
// makes the same bytes.
func (w *Writer) maker(title string, from *derived.Source) derived.Maker {
	by := derived.Maker{Program: w.Program, Model: w.Model, Title: title, Creator: w.creator(), Date: time.Unix(0, 0).UTC()}
	if i := strings.LastIndexByte(w.Program, ' '); i > 0 {
		by.Program, by.Version = w.Program[:i], w.Program[i+1:]
	}
	last, ok := lastStep(w.Audit)
	if ok && w.Options.Identity.Days != nil {
		last = last.AddDate(0, 0, w.Options.Identity.Days(w.Patient))
	}
	if !ok {
		last, ok = studyTime(from)
	}
	if ok {
		by.Date = last
	}
	return by
}

func studyTime(s *derived.Source) (time.Time, bool) {
	clock := (derived.Time(s.StudyTime) + "000000")[:6]
	t, err := time.Parse("20060102150405", s.StudyDate+clock)
	return t, err == nil
}

// creator is who worked on the labels; "" for nobody, and for several.
func (w *Writer) creator() (who string) {
	for _, s := range w.Entry.Slices {
		for _, by := range s.By {
			if who != "" && by != who {
				return ""
			}
			who = by
		}
	}
	return who
}
