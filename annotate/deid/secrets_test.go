package deid

import (
	"bytes"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// What should not be there is found, wherever it is; what may be there is not
// complained of.
func TestSecrets(t *testing.T) {
	clean := func() dicomtest.Dataset {
		d := dicomtest.CT(4, 2, 5, words16(8, 1000))
		d.Set(instanceUID, "UI", "2.25.1")
		return d
	}
	var s Secrets
	s.Add(Report{Secrets: []Secret{
		{"Meyerbeer", true, ""}, {"Gia B", true, "p1"}, {"20040119", false, ""}, {"1.2.3.4.777", false, ""}, {"ZEBRA Corp", false, ""},
	}})
	for name, c := range map[string]struct {
		change  func(d dicomtest.Dataset)
		patient string
		leak    bool
	}{
		"nothing":                    {func(dicomtest.Dataset) {}, "p1", false},
		"a name in other letters":    {func(d dicomtest.Dataset) { d.Set(0x00081090, "LO", "of MEYERBEERS") }, "p2", true},
		"a short one of the patient": {func(d dicomtest.Dataset) { d.Set(0x00081090, "LO", "gia b") }, "p1", true},
		"of another patient":         {func(d dicomtest.Dataset) { d.Set(0x00081090, "LO", "gia b") }, "p2", false},
		"a short one in a word":      {func(d dicomtest.Dataset) { d.Set(0x00081090, "LO", "gia bb") }, "p1", false},
		"a day":                      {func(d dicomtest.Dataset) { d.Set(0x00080020, "DA", "20040119") }, "p1", true},
		"digits of a number":         {func(d dicomtest.Dataset) { d.Set(0x00180060, "DS", "1.9200401190") }, "p1", false},
		"a UID in a sequence": {func(d dicomtest.Dataset) {
			d.Set(0x52009229, "SQ", []dicomtest.Dataset{{0x00081155: {Tag: 0x00081155, VR: "UI", Value: "1.2.3.4.777"}}})
		}, "p1", true},
		"a private attribute":    {func(d dicomtest.Dataset) { d.Set(0x00091001, "OB", []byte("..20040119..")) }, "p1", true},
		"an institution":         {func(d dicomtest.Dataset) { d.Set(0x00080080, "LO", "Zebra Corp") }, "p1", true},
		"a maker of that name":   {func(d dicomtest.Dataset) { d.Set(0x00080070, "LO", "Zebra Corp") }, "p1", false},
		"a name in the pixels":   {func(d dicomtest.Dataset) { d.Set(0x7fe00010, "OW", []byte("...Meyerbeer....")) }, "p1", true},
		"a coded word as a name": {func(d dicomtest.Dataset) { d.Set(0x00180015, "CS", "MEYERBEER") }, "p1", false},
	} {
		d := clean()
		c.change(d)
		data := dicomtest.Write(dicomtest.ExplicitLittle, d)
		found, _, err := s.Check(bytes.NewReader(data), int64(len(data)), c.patient, Options{})
		if err != nil || (len(found) > 0) != c.leak {
			t.Errorf("%s: found %q, %v", name, found, err)
		}
	}
	data := dicomtest.Write(dicomtest.ExplicitLittle, clean())
	copy(data[20:], "20040119")
	if found, _, err := s.Check(bytes.NewReader(data), int64(len(data)), "p1", Options{}); len(found) != 1 || err != nil {
		t.Errorf("in the preamble: %q, %v", found, err)
	}
	if found := s.Name("a/meyerbeer_1.dcm"); len(found) != 1 {
		t.Errorf("in a file's name: %q", found)
	}
}

// Values at the seams of the pieces that are read are found too.
func TestSecretsAtSeams(t *testing.T) {
	var s Secrets
	s.Add(Report{Secrets: []Secret{{strings.Repeat("Meyerbeer", 7), true, ""}}})
	pixels := make([]byte, 600<<10)
	for at := 255 << 10; at < 257<<10; at += 7 {
		b := bytes.Clone(pixels)
		copy(b[at:], strings.Repeat("Meyerbeer", 7))
		d := dicomtest.CT(600, 512, 5, nil)
		d.Set(0x7fe00010, "OW", b)
		data := dicomtest.Write(dicomtest.ExplicitLittle, d)
		if found, _, err := s.Check(bytes.NewReader(data), int64(len(data)), "", Options{}); len(found) != 1 || err != nil {
			t.Fatalf("at %d: %q, %v", at, found, err)
		}
	}
}
