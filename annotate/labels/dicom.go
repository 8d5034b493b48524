package labels

import (
	"errors"
	"image/color"

	"groundglass/annotate/ct/dicom"
)

// UIDs of the kinds of objects that hold labels.
const (
	segmentationStorage = "1.2.840.10008.5.1.4.1.1.66.4"
	labelMapStorage     = "1.2.840.10008.5.1.4.1.1.66.7"
	structureSetStorage = "1.2.840.10008.5.1.4.1.1.481.3"
)

// Tags of elements that segmentations and structure sets share.
const (
	tagSOPClassUID              = 0x00080016
	tagReferencedSOPInstanceUID = 0x00081155
	tagReferencedFrameNumber    = 0x00081160
	tagCodeValue                = 0x00080100
	tagCodingScheme             = 0x00080102
	tagFrameOfReferenceUID      = 0x00200052
	tagRows                     = 0x00280010
	tagColumns                  = 0x00280011
	tagPatientID                = 0x00100020
	tagIssuerOfPatientID        = 0x00100021
	tagPatientIdentityRemoved   = 0x00120062
)

// readDICOM reads an object by its kind.
func (in *intake) readDICOM(o *dicom.Object) error {
	before := len(in.report.Matches)
	in.stranger = in.ofAnother(o)
	err := in.readObject(o)
	if in.stranger && len(in.report.Matches) > before {
		why := "since it refers to their slices by UID"
		if in.o.OtherImages {
			why = "all the same"
		}
		in.remark("it names another patient (Patient ID) than the images, and is taken %s", why)
	}
	return err
}

func (in *intake) readObject(o *dicom.Object) error {
	switch o.Text(tagSOPClassUID) {
	case segmentationStorage, labelMapStorage:
		return in.readSegmentation(o)
	case structureSetStorage:
		return in.readStructures(o)
	}
	return errors.New("a DICOM file that is neither a segmentation nor a structure set")
}

// ofAnother reports whether an object is known to be of another patient than the series: by
// the patient's ID and who issued it, where neither is a pseudonym of the other by the key,
// or of an unknown one. What an export of this program holds unchanged, its manifest tells.
func (in *intake) ofAnother(o *dicom.Object) bool {
	if own, ok := in.own[in.file]; ok && own.file.SHA256 != "" && !own.from.isChanged(in.file) {
		return false
	}
	id, issuer, key := o.Text(tagPatientID), o.Text(tagIssuerOfPatientID), in.target.key
	removed := o.Text(tagPatientIdentityRemoved) == "YES"
	switch mine := in.target.s.Patient; {
	case id == "" || mine.ID == "":
		return false
	case removed || mine.Removed:
		return id != mine.ID && key.made(id) && key.made(mine.ID)
	case id == mine.ID:
		return issuer != "" && mine.Issuer != "" && issuer != mine.Issuer
	default:
		return key.patient(id) != mine.ID && key.patient(dicom.PersonOf(o).Whom()) != mine.ID &&
			key.patient(mine.ID) != id && key.patient(in.target.s.Person().Whom()) != id
	}
}

// estranged says why what is placed by its position alone is left out, where the file at
// hand is of another patient.
func (in *intake) estranged() string {
	if !in.stranger || in.o.OtherImages {
		return ""
	}
	in.report.OfOthers = true
	return otherPatient
}

// sources are the slices of the series that an item's references name, each once.
func (t *target) sources(references []dicom.Item) (found []int) {
	seen := map[int]bool{}
	for _, ref := range references {
		if i, ok := t.byUID(ref.Text(tagReferencedSOPInstanceUID), ref.Integer(tagReferencedFrameNumber, 0)); ok && !seen[i] {
			seen[i] = true
			found = append(found, i)
		}
	}
	return found
}

// elsewhere tells whether an object's frame of reference is known to be another
// than the series'.
func (t *target) elsewhere(uid string) bool {
	return uid != "" && t.s.FrameOfReferenceUID != "" && uid != t.s.FrameOfReferenceUID
}

// Reasons why a part of a DICOM object is left out.
const (
	otherReference = "it is in another frame of reference than the series, and refers to none of its slices"
	otherPatient   = "it names another patient (Patient ID) than the images, and refers to none of their slices"
	noPlace        = "it does not say where it lies, or the series does not, and it refers to no single slice"
	notPlanar      = "it is no closed contour in the plane of a slice"
	badPoints      = "its points are damaged, or too many"
	farFromSlice   = "it refers to a slice of the series but does not lie on it"
)

// codes are the coded terms that name findings: scheme and code value.
var codes = map[[2]string]string{
	{"SCT", "1217294009"}: groundGlass,
	{"DCM", "112120"}:     groundGlass,
	{"SCT", "95436008"}:   consolidation,
	{"SCT", "60046008"}:   effusion,
	{"SCT", "39607008"}:   lung,
}

// codeOf is the label of a coded term; "" where it is none of those.
func codeOf(term dicom.Item) string {
	return codes[[2]string{term.Text(tagCodingScheme), term.Text(tagCodeValue)}]
}

// isBackground tells the term for what is in no segment.
func isBackground(term dicom.Item) bool {
	return term.Text(tagCodingScheme) == "DCM" && term.Text(tagCodeValue) == "125040"
}

// lab converts a colour of the CIELab space as DICOM encodes it (PS3.3
// C.10.7.1.1, white point D50) to sRGB; a transparent one where it is none.
func lab(v []int) color.NRGBA {
	if len(v) != 3 {
		return color.NRGBA{}
	}
	l := float64(v[0]) * 100 / 65535
	a, b := float64(v[1])*255/65535-128, float64(v[2])*255/65535-128
	fy := (l + 16) / 116
	x, y, z := 0.9642*cube(fy+a/500), cube(fy), 0.8251*cube(fy-b/200)
	return color.NRGBA{ // the matrix from D50 to linear sRGB, adapted by Bradford
		R: gamma(3.1338561*x - 1.6168667*y - 0.4906146*z),
		G: gamma(-0.9787684*x + 1.9161415*y + 0.0334540*z),
		B: gamma(0.0719453*x - 0.2289914*y + 1.4052427*z),
		A: 255,
	}
}
