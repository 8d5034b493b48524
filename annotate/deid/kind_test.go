package deid

import (
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// Pictures of screens, reports and documents are left out, localizers and labels are
// not, and text is warned of where it is likely.
func TestLeftOut(t *testing.T) {
	set := func(tag uint32, vr, v string) func(dicomtest.Dataset) {
		return func(d dicomtest.Dataset) { d.Set(tag, vr, v) }
	}
	const root = "1.2.840.10008.5.1.4.1.1."
	for name, c := range map[string]struct {
		change  func(dicomtest.Dataset)
		out     bool
		warning bool
	}{
		"CT":                 {func(dicomtest.Dataset) {}, false, false},
		"localizer":          {set(imageType, "CS", `ORIGINAL\PRIMARY\LOCALIZER`), false, false},
		"secondary capture":  {set(classUID, "UI", root+"7"), true, false},
		"of colours":         {set(classUID, "UI", root+"7.4"), true, false},
		"dose report":        {set(classUID, "UI", root+"88.67"), true, false},
		"PDF":                {set(classUID, "UI", root+"104.1"), true, false},
		"presentation state": {set(classUID, "UI", root+"11.1"), true, false},
		"raw data":           {set(classUID, "UI", root+"66"), true, false},
		"segmentation":       {set(classUID, "UI", root+"66.4"), false, false},
		"dose page":          {set(imageType, "CS", `DERIVED\SECONDARY\DOSE_INFO`), true, true},
		"screen":             {set(imageType, "CS", `DERIVED\PRIMARY\SCREEN SAVE`), true, false},
		"scanned film":       {set(conversionType, "CS", "DF"), true, false},
		"no pixels":          {func(d dicomtest.Dataset) { delete(d, 0x7fe00010) }, true, false},
		"pixels cut off":     {func(d dicomtest.Dataset) { d.Set(pixelData, "OW", make([]byte, 6)) }, false, true},
		"ultrasound":         {set(modality, "CS", "US"), false, true},
		"says so":            {set(burnedIn, "CS", "YES"), false, true},
		"derived":            {set(imageType, "CS", `DERIVED\SECONDARY\AXIAL`), false, true},
	} {
		d := ctImage()
		c.change(d)
		_, _, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
		if (r.LeaveOut != "") != c.out || (len(r.Warnings) > 0) != c.warning {
			t.Errorf("%s: left out: %q; warnings: %q", name, r.LeaveOut, r.Warnings)
		}
	}
}

// A picture that is cut off is not taken for something else, and what is missing is said.
func TestCutOff(t *testing.T) {
	d := ctImage()
	delete(d, pixelData)
	_, _, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	if !strings.HasPrefix(r.LeaveOut, "it is cut off") {
		t.Errorf("without pixels it says %q", r.LeaveOut)
	}
	d = ctImage()
	d.Set(pixelData, "OW", make([]byte, 6))
	_, _, r = cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	if want := "the picture is cut off: 6 of 16 bytes are there, and written as they are"; !slices.Contains(r.Warnings, want) {
		t.Errorf("with a part of them it says %q", r.Warnings)
	}
}
