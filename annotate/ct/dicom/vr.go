package dicom

import "github.com/suyashkumar/dicom/pkg/tag"

// longVR tells the value representations whose length takes 32 bits in
// explicit VR (DICOM PS3.5 table 7.1-1).
func longVR(vr string) bool {
	switch vr {
	case "OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV":
		return true
	}
	return false
}

// knownVR tells whether the standard has a value representation.
func knownVR(vr string) bool {
	switch vr {
	case "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "PN",
		"SH", "SL", "SS", "ST", "TM", "UI", "UL", "US":
		return true
	}
	return longVR(vr)
}

// relayed returns the value representation of an element that a relay did not
// know and marked UN (PS3.5 6.2.2): the dictionary's, but for sequences, which
// keep the mark.
func relayed(t tag.Tag) string {
	if vr := dictionaryVR(t); vr != "SQ" {
		return vr
	}
	return "UN"
}

// dictionaryVR returns the value representation of a tag in the standard's
// dictionary; "UN" for private and unknown ones. Where it depends on the
// pixels, the first alternative is returned, which is the unsigned one.
func dictionaryVR(t tag.Tag) string {
	if t.Group%2 == 1 {
		return "UN"
	}
	if info, err := tag.Find(t); err == nil && len(info.VRs) > 0 {
		return info.VRs[0]
	}
	return "UN"
}
