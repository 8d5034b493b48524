package dicom

import "github.com/suyashkumar/dicom/pkg/tag"

// Person is what files say of a patient; "" where they do not.
type Person struct{ ID, Issuer, Name, Birth, Study string }

// PersonOf is the patient of an object.
func PersonOf(o *Object) Person {
	text := func(t tag.Tag) string { return o.Text(uint32(t.Group)<<16 | uint32(t.Element)) }
	return Person{text(tag.PatientID), text(tag.IssuerOfPatientID), text(tag.PatientName), text(tag.PatientBirthDate), text(tag.StudyInstanceUID)}
}

// Whom is what tells a patient from others, and what pseudonyms are made of: the ID and who
// issued it, or else name and birth date, or else the study; "" where there is none of
// these.
func (p Person) Whom() string {
	switch {
	case p.ID != "" && p.Issuer != "":
		return p.ID + "\nissued by " + p.Issuer
	case p.ID != "":
		return p.ID
	case p.Name != "":
		return p.Name + "\n" + p.Birth
	}
	return p.Study
}
