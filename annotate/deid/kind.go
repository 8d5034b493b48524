package deid

import (
	"fmt"
	"slices"
	"strings"

	"groundglass/annotate/ct/dicom"
)

// storage is the root of the UIDs of storage SOP classes.
const storage = "1.2.840.10008.5.1.4.1.1."

// leftOut are SOP classes, by the beginning of their UIDs behind the root, whose
// files say more of the patient than a picture does, or hold none.
var leftOut = []struct{ class, what string }{
	{"7", "a secondary capture: a picture of a screen or of paper"},
	{"11", "a presentation state"},
	{"88", "a structured report, such as a dose report"},
	{"104", "a document"},
	{"9", "a waveform"},
	{"66.1", "a registration"},
	{"66.2", "fiducials"},
	{"66", "raw data"},
}

// labelClasses are those of labels, which belong to pictures.
var labelClasses = []string{"66.4", "66.5", "66.7", "481.3"}

// within tells whether a UID is a root or below it.
func within(uid, root string) bool { return uid == root || strings.HasPrefix(uid, root+".") }

// HoldsLabels tells the SOP classes of labels: segmentations and structure sets.
func HoldsLabels(class string) bool {
	behind, ok := strings.CutPrefix(class, storage)
	return ok && slices.ContainsFunc(labelClasses, func(label string) bool { return within(behind, label) })
}

// leaveOut says why a file should be left out; "" where it should not.
func leaveOut(o *dicom.Object) string {
	class := o.Text(classUID)
	if HoldsLabels(class) {
		return ""
	}
	if behind, ok := strings.CutPrefix(class, storage); ok {
		for _, l := range leftOut {
			if within(behind, l.class) {
				return l.what
			}
		}
	}
	switch m := o.Text(modality); m {
	case "SR", "DOC", "PR", "KO", "AU", "PLAN", "REG":
		return fmt.Sprintf("no image: its modality is %s", m)
	}
	for _, kind := range types(o) {
		for _, word := range []string{"DOSE", "SCREEN", "REPORT", "PROTOCOL"} {
			if strings.Contains(kind, word) {
				return fmt.Sprintf("a dose page or a picture of a screen: its image type is %s", kind)
			}
		}
	}
	if how := o.Text(conversionType); how != "" && how != "DI" && how != "SYN" {
		return fmt.Sprintf("a secondary capture: its conversion type is %s", how)
	}
	if _, ok := o.PixelData(); !ok {
		if o.Has(pictureRows) {
			return "it is cut off, or was emptied: it says how large its picture is, and there are no pixels"
		}
		return "no image"
	}
	return ""
}

// cutOff says how much of a picture is missing; "" where nothing is.
func cutOff(o *dicom.Object) string {
	px, ok := o.PixelData()
	if need := pixelBytesNeeded(o); ok && !px.Encapsulated && px.Length < need {
		return fmt.Sprintf("the picture is cut off: %d of %d bytes are there, and written as they are", px.Length, need)
	}
	return ""
}

// pixelBytesNeeded is how many bytes the pixels of all frames take that are not
// compressed; 0 where that is not known.
func pixelBytesNeeded(o *dicom.Object) int64 {
	need := int64(o.Integer(pictureRows, 0)) * int64(o.Integer(pictureColumns, 0)) * int64(o.Integer(samplesPerPixel, 1))
	frames := int64(1)
	if o.Has(frameCount) {
		frames = int64(o.Integer(frameCount, 0))
	}
	if need <= 0 || need > dicom.MaxPixels*4 || frames < 0 {
		return 0
	}
	return (need*int64(o.Integer(bitsAllocated, 0))*frames + 7) / 8
}

// types are the values of the Image Type.
func types(o *dicom.Object) []string {
	for _, e := range o.Elements() {
		if e.Tag == imageType {
			text, _ := e.Text()
			return strings.Split(strings.ToUpper(text), `\`)
		}
	}
	return nil
}

// textModalities are those whose pictures often have text in them.
var textModalities = map[string]string{
	"US": "ultrasound", "SC": "a secondary capture", "OT": "another kind of picture", "XA": "angiography", "RF": "fluoroscopy",
	"ES": "endoscopy", "GM": "microscopy", "XC": "a photograph", "IVUS": "ultrasound", "OP": "a photograph", "DMS": "a photograph",
}

// warnings say why text may be burned into the picture.
func warnings(o *dicom.Object) (out []string) {
	if o.Text(burnedIn) == "YES" {
		out = append(out, "the file says that text is burned into the picture")
	}
	if what, ok := textModalities[o.Text(modality)]; ok {
		out = append(out, "pictures of the modality "+o.Text(modality)+" ("+what+") often have text burned in")
	}
	if t := types(o); len(t) > 1 && strings.TrimSpace(t[0]) == "DERIVED" && strings.TrimSpace(t[1]) == "SECONDARY" {
		out = append(out, "the picture is derived from others (DERIVED, SECONDARY) and may have text burned in")
	}
	if cut := cutOff(o); cut != "" {
		out = append(out, cut)
	}
	return out
}
