package export

import "groundglass/annotate/export/derived"

// leavingHeaders is what DICOM objects made from a case tell of the patient and the
// study, field by field; nothing where none can be made.
func leavingHeaders(c *Case, d Identity) []Field {
	here, err := headersOf(c, Identity{})
	if err != nil {
		return nil
	}
	leaves, err := headersOf(c, d)
	if err != nil {
		return nil
	}
	var out []Field
	for _, f := range []Field{
		{"Patient's name", here.PatientName, leaves.PatientName},
		{"Patient's ID", here.PatientID, leaves.PatientID},
		{"Date of birth", here.BirthDate, leaves.BirthDate},
		{"Sex", here.Sex, leaves.Sex},
		{"Date of the study", here.StudyDate, leaves.StudyDate},
		{"Time of the study", here.StudyTime, leaves.StudyTime},
		{"ID of the study", here.StudyID, leaves.StudyID},
		{"Accession number", here.AccessionNumber, leaves.AccessionNumber},
		{"Referring physician", here.ReferringPhysician, leaves.ReferringPhysician},
		{"Position reference", here.PositionReference, leaves.PositionReference},
		{"Study UID", here.StudyUID, leaves.StudyUID},
		{"Frame of reference UID", here.FrameOfReferenceUID, leaves.FrameOfReferenceUID},
	} {
		if f.Here != "" {
			out = append(out, f)
		}
	}
	return out
}

func headersOf(c *Case, d Identity) (derived.Source, error) {
	return (&Writer{Case: c, Options: &Options{Identity: d}}).source()
}

func (segFormat) leaving(c *Case, d Identity) []Field        { return leavingHeaders(c, d) }
func (fractionalFormat) leaving(c *Case, d Identity) []Field { return leavingHeaders(c, d) }
func (rtstructFormat) leaving(c *Case, d Identity) []Field   { return leavingHeaders(c, d) }
