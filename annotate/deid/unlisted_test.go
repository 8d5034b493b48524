package deid

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
)

// What texts.csv lists are texts of the dictionary that the standard's table leaves alone,
// each with a reason.
func TestTexts(t *testing.T) {
	lines, err := csv.NewReader(strings.NewReader(textsCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines[1:] {
		n, err := strconv.ParseUint(l[0], 16, 32)
		tag := uint32(n)
		keyword, vr := dicom.Describe(tag)
		if err != nil || keyword != l[1] || !isText(vr) && vr != "UR" || rowOf(tag) != nil || l[3] == "" {
			t.Errorf("%q is %s, %s", l, keyword, vr)
		}
		if !slices.Contains([]string{"K", "D", "C/D", "C/Z"}, l[2]) {
			t.Errorf("%s has the action %s", l[1], l[2])
		}
	}
	if len(texts()) != len(lines)-1 {
		t.Errorf("%d of %d lines are of different attributes", len(texts()), len(lines)-1)
	}
}

// A name that is too short to be told from other words leaves with no text that people
// type.
func TestUnlistedTexts(t *testing.T) {
	const reference, explanation, route, label, title = 0x00201040, 0x00281055, 0x00181040, 0x00620005, 0x00540400
	d := ctImage()
	d.Set(patientName, "PN", "L^I")
	d.Set(patientID, "LO", "1")
	for _, tag := range []uint32{reference, explanation, route, label} {
		d.Set(tag, "LO", "L I chest")
	}
	d.Set(0x00080055, "AE", "L_I_STATION")
	d.Set(title, "SH", "L I")
	d.Set(0x00081090, "LO", "Scanner 3")
	for descriptors, want := range map[bool]map[uint32]string{
		false: {reference: "", explanation: "chest", route: "", label: "chest", 0x00080055: "", title: "", 0x00081090: "Scanner 3"},
		true:  {reference: "chest", explanation: "chest", route: "chest", label: "chest", 0x00080055: "", title: "", 0x00081090: "Scanner 3"},
	} {
		object, _, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{CleanDescriptors: descriptors})
		for tag, want := range want {
			if got := object.Text(tag); got != want {
				t.Errorf("descriptors %v: %08X is %q, want %q", descriptors, tag, got, want)
			}
		}
		if !object.Has(reference) {
			t.Error("an attribute of type 2 is gone")
		}
	}
}

// Short names and numbers take a text that stays with them, as whole words.
func TestShortNames(t *testing.T) {
	d := ctImage()
	d.Set(patientName, "PN", "Li^Hua")
	d.Set(patientID, "LO", "12")
	d.Set(0x00081090, "LO", "Scanner of Li")
	d.Set(0x00181210, "SH", "B-12")
	d.Set(0x00181160, "SH", "Lilac B12")
	object, out, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	for tag, want := range map[uint32]string{0x00081090: anonymized, 0x00181210: anonymized, 0x00181160: "Lilac B12"} {
		if got := object.Text(tag); got != want {
			t.Errorf("%08X is %q, want %q", tag, got, want)
		}
	}
	var s Secrets
	s.Add(r)
	if found, _, err := s.Check(bytes.NewReader(out), int64(len(out)), r.Patient, Options{}); len(found) > 0 || err != nil {
		t.Error(found, err)
	}
}

// A text that a file marks as something else is still a text.
func TestMarkedAsOther(t *testing.T) {
	d := ctImage()
	d.Set(0x00201040, "UN", []byte("Li Hua"))
	d.Set(0x00540400, "OB", []byte("Li Hua"))
	d.Set(0x00181040, "CS", "LI HUA")
	d.Set(0x00081191, "UN", []byte("Li Hua")) // no such attribute
	object, out, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	for _, e := range object.Elements() {
		if b, err := e.Bytes(); err == nil && bytes.Contains(bytes.ToLower(b), []byte("li hua")) {
			t.Errorf("the name is still there, in %08X", e.Tag)
		}
	}
	if bytes.Contains(bytes.ToLower(out), []byte("li hua")) {
		t.Error("the name is still there")
	}
}

// Names in another spelling take a text that stays with them.
func TestSpellingsInTexts(t *testing.T) {
	d := ctImage()
	d.Set(characterSet, "CS", "ISO_IR 192")
	d.Set(patientName, "PN", "MÜLLER-LÜDENSCHEIDT^Hans")
	for _, text := range []string{"Scanner Mueller", "of muller", "Muellerluedenscheidt 3", "Lüdenscheidt"} {
		d.Set(0x00081090, "LO", text)
		object, _, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
		if got := object.Text(0x00081090); got != anonymized {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// What was cleaned can be cleaned again, alone or among originals, and stays as it is by
// the same key.
func TestCleanedAgain(t *testing.T) {
	for name, o := range map[string]Options{"profile": {}, "shifted": {Dates: ShiftDates}, "kept": {KeepUIDs: true, Dates: KeepDates, KeepPatient: true, KeepDevice: true, CleanDescriptors: true}} {
		key := NewKey()
		d := ctImage()
		d.Set(0x00080023, "DA", "20040120") // of type 1, with a dummy of its own
		d.Set(0x00080030, "TM", "101112")
		original := dicomtest.Write(dicomtest.ExplicitLittle, d)
		_, once, first := cleaned(t, original, key, o)
		_, twice, second := cleaned(t, once, key, o)
		if !bytes.Equal(once, twice) || first.Patient != second.Patient {
			t.Errorf("%s: cleaned again, a file is another one", name)
		}
		other := NewKey()
		_, third, byAnother := cleaned(t, once, other, o)
		s := Secrets{Made: func(id string) bool { return key.Made(id) || other.Made(id) }}
		for _, r := range []Report{second, first, byAnother} {
			s.Add(r)
		}
		for k, out := range [][]byte{once, twice, third} {
			patient := []string{first.Patient, second.Patient, byAnother.Patient}[k]
			if found, _, err := s.Check(bytes.NewReader(out), int64(len(out)), patient, o); len(found) > 0 || err != nil {
				t.Errorf("%s, file %d: %q, %v", name, k+1, found, err)
			}
		}
	}
}

// A value that was taken out of one attribute and stands in another is told of.
func TestStanding(t *testing.T) {
	d := ctImage()
	d.Set(studyDescription, "LO", "Chest")
	d.Set(0x00180015, "CS", "CHEST")
	_, out, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	var s Secrets
	s.Add(r)
	found, standing, err := s.Check(bytes.NewReader(out), int64(len(out)), r.Patient, Options{})
	if len(found) > 0 || err != nil || !slices.Contains(standing, Standing{"Chest", "BodyPartExamined", false}) {
		t.Errorf("%q, %v, %v", found, standing, err)
	}
}

// Times of the day stay where dates are shifted by whole days, and go otherwise.
func TestTimes(t *testing.T) {
	d := ctImage()
	d.Set(0x00080030, "TM", "101112")
	for dates, want := range map[Dates]string{RemoveDates: "", ShiftDates: "101112", KeepDates: "101112"} {
		object, _, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{Dates: dates})
		if got := object.Text(0x00080030); got != want {
			t.Errorf("dates %d: the time is %q, want %q", dates, got, want)
		}
	}
}
