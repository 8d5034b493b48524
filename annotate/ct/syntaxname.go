package ct

import "groundglass/annotate/ct/dicom"

// SyntaxNames names each of a series' transfer syntaxes as people know it; what is
// no DICOM UID, as "NIfTI-1", stays.
func SyntaxNames(syntaxes []string) []string {
	var names []string
	for _, s := range syntaxes {
		names = append(names, dicom.SyntaxName(s))
	}
	return names
}
