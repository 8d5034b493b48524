package ct

import (
	"fmt"
	"slices"

	"groundglass/annotate/ct/dicom"
)

// describe fills a series' data from its planes, apart from the geometry.
func describe(planes []plane) Series {
	im := planes[0].image
	meta := Series{
		UID:                 planes[0].seriesID(),
		Description:         im.SeriesDescription,
		Modality:            im.Modality,
		Rows:                im.Rows,
		Columns:             im.Columns,
		Geometry:            unknownGeometry(),
		Window:              initialWindow(planes),
		Warnings:            valueWarnings(planes),
		Inverted:            im.Inverted,
		StudyUID:            im.StudyUID,
		Patient:             patientOf(planes),
		FrameOfReferenceUID: im.FrameOfReferenceUID,
		Made:                madeOf(planes[0]),
	}
	for _, p := range planes {
		src := Source{
			File:           p.path,
			SOPInstanceUID: p.image.SOPInstanceUID,
			SOPClassUID:    p.image.SOPClassUID,
			InstanceNumber: p.image.InstanceNumber,
			entry:          p.entry,
		}
		if len(p.image.Frames) > 1 {
			src.Frame = p.frame + 1
		}
		meta.Sources = append(meta.Sources, src)
		if !slices.Contains(meta.TransferSyntaxes, p.image.TransferSyntax) {
			meta.TransferSyntaxes = append(meta.TransferSyntaxes, p.image.TransferSyntax)
		}
	}
	return meta
}

// patientOf is the patient of the first plane. Of what all planes should say, the least
// counts.
func patientOf(planes []plane) Patient {
	im := planes[0].image
	p := Patient{ID: im.PatientID, Name: im.PatientName, Issuer: im.IssuerOfPatientID, Birth: im.PatientBirthDate, Removed: true, RemovedBy: im.RemovedBy}
	for _, other := range planes {
		p.Removed = p.Removed && other.image.IdentityRemoved
		if other.image.RemovedBy != p.RemovedBy {
			p.RemovedBy = ""
		}
	}
	if !p.Removed {
		p.RemovedBy = ""
	}
	return p
}

func madeOf(p plane) Made {
	f := p.data()
	return Made{Kernel: f.Apart[dicom.ApartKernel], BodyPart: p.image.BodyPart, Type: f.Type, ThicknessMM: f.SliceThickness}
}

// loneSeries makes a series of one image that has no place in the patient.
func loneSeries(p plane) *Series {
	meta := describe([]plane{p})
	if s := p.data().Spacing; s[0] > 0 && s[1] > 0 {
		meta.Geometry.Spacing = [3]float64{s[0], s[1], 1}
	}
	meta.Warnings = append(meta.Warnings, "the image does not say where it lies in the patient")
	return NewSeries(meta, loader([]plane{p}))
}

// initialWindow is the lung window for CT, and what the file asks for, or all
// of its values, for anything else.
func initialWindow(planes []plane) Window {
	im := planes[0].image
	if im.Modality == "CT" || im.Modality == "" {
		return Lung
	}
	if im.Window[0] > 0 {
		return Window{im.Window[0], im.Window[1]}
	}
	width := float64(uint64(1) << min(im.BitsStored, 15))
	return Window{width, width / 2}
}

// valueWarnings says what is doubtful about the values of a series.
func valueWarnings(planes []plane) (w []string) {
	im := planes[0].image
	if im.Modality != "CT" {
		kind := im.Modality
		if kind == "" {
			kind = "unknown"
		}
		w = append(w, fmt.Sprintf("the modality is %s, not CT: values are not Hounsfield units", kind))
	}
	first := planes[0].data()
	mixed, unscaled := false, 0
	for i := range planes {
		f := planes[i].data()
		mixed = mixed || f.Slope != first.Slope || f.Intercept != first.Intercept
		if !f.Rescaled {
			unscaled++
		}
	}
	if unit := first.Unit; unit != "" && unit != "HU" && unit != "US" && im.Modality == "CT" {
		w = append(w, fmt.Sprintf("the file gives its values in %q: they are not Hounsfield units", unit))
	}
	if mixed {
		w = append(w, "the scale of the values (rescale slope and intercept) differs between slices; each is read by its own")
	}
	if unscaled > 0 && im.Modality == "CT" && im.LookupTable == "" {
		w = append(w, fmt.Sprintf("%s without rescale slope and intercept: stored values are taken as Hounsfield units", Count(unscaled, "slice")))
	}
	switch table := im.LookupTable; table {
	case "":
	case "HU":
		w = append(w, "its values go through a lookup table, which gives Hounsfield units")
	default:
		w = append(w, fmt.Sprintf("its values go through a lookup table, whose unit is %q: they are not Hounsfield units", table))
	}
	if im.Inverted {
		w = append(w, "it is shown with black and white exchanged, as the file asks (MONOCHROME1); its values are not changed")
	}
	return w
}
