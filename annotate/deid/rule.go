package deid

import "groundglass/annotate/ct/dicom"

// Tags with rules of their own.
const (
	characterSet      = 0x00080005
	classUID          = 0x00080016
	instanceUID       = 0x00080018
	modality          = 0x00080060
	imageType         = 0x00080008
	conversionType    = 0x00080064
	codeMeaning       = 0x00080104
	studyDescription  = 0x00081030
	seriesDescription = 0x0008103e
	patientName       = 0x00100010
	patientID         = 0x00100020
	birthDate         = 0x00100030
	trialSubjectID    = 0x00120040
	identityRemoved   = 0x00120062
	method            = 0x00120063
	methodCodes       = 0x00120064
	studyUID          = 0x0020000d
	seriesUID         = 0x0020000e
	samplesPerPixel   = 0x00280002
	frameCount        = 0x00280008
	pictureRows       = 0x00280010
	pictureColumns    = 0x00280011
	bitsAllocated     = 0x00280100
	bitsStored        = 0x00280101
	highBit           = 0x00280102
	pixelSign         = 0x00280103
	paddingValue      = 0x00280120
	burnedIn          = 0x00280301
	datesModified     = 0x00280303
	pixelData         = 0x7fe00010
	directoryRecords  = 0x00041220
)

// decide returns what becomes of an attribute.
func decide(tag uint32, vr string, o Options) Action {
	switch group := tag >> 16; {
	case group%2 == 1, group>>8 == 0x50, group>>8 == 0x60:
		return Remove
	case group < 8 || group >= 0xfffa:
		return Remove // of commands, of the file, and what signs or pads it
	}
	if row := rowOf(tag); row != nil {
		return row.action(o)
	}
	return unlisted(tag, vr, o)[0]
}

// replaced are the attributes that say how the file was cleaned, or how its texts
// are written.
func replaced(tag uint32) bool {
	return tag == characterSet || tag == identityRemoved || tag == method || tag == methodCodes || tag == datesModified
}

// isText tells the value representations that the character set is for.
func isText(vr string) bool {
	switch vr {
	case "LO", "LT", "PN", "SH", "ST", "UC", "UT":
		return true
	}
	return false
}

// isLong tells those in which a backslash is a character like others.
func isLong(vr string) bool { return vr == "LT" || vr == "ST" || vr == "UT" || vr == "UR" }

// isString tells the value representations that are written in characters.
func isString(vr string) bool {
	switch vr {
	case "AE", "AS", "CS", "DA", "DS", "DT", "IS", "TM", "UI", "UR":
		return true
	}
	return isText(vr)
}

// nameOf is what a tag is called: its keyword, or what the table calls it.
func nameOf(tag uint32) string {
	if keyword, _ := dicom.Describe(tag); keyword != "" {
		return keyword
	}
	if row := rowOf(tag); row != nil {
		return row.Name
	}
	return ""
}
