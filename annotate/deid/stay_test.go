package deid

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

const kernel, model, bodyPart, seriesNumber = 0x00181210, 0x00081090, 0x00180015, 0x00200011

// Names are found in texts that stay in all ways to write them without separators, in
// other scripts and in other character sets than the file says.
func TestNamesThatStay(t *testing.T) {
	const utf8, latin, greek = "ISO_IR 192", "ISO_IR 100", "ISO_IR 126"
	for _, c := range []struct {
		set, name, text string
		goes            bool
	}{
		{utf8, "Meyer-Landrut^Anna", "MeyerLandrut", true},
		{utf8, "Meyer-Landrut^Anna", "LANDRUTMEYER", true},
		{utf8, "Meyer-Landrut^Anna", "ANNAMEYERLANDRUT", true},
		{utf8, "Wang^XiaoDong=王^小東", "王小東", true},
		{utf8, "Wang^X=王^小", "王小", true},
		{utf8, "王^小東", "小東王 GE", true},
		{utf8, "Wang^XD=王^小東", "王小東GE", true},
		{utf8, "Kim^MinJun=金^民俊", "金民俊", true},
		{utf8, "O'Brien-Szűcs^Béla", "OBRIENSZUCS", true},
		{utf8, "Al-Hassan^Ali", "ALHASSAN", true},
		{utf8, "Schmidt-Rot^Ann", "SCHMIDTROT", true},
		{utf8, "Van Der Berg^Jo", "VANDERBERG", true},
		{utf8, "De La Cruz^Ana", "DELACRUZ", true},
		{utf8, "von der Tann^Anna", "vonderTann", true},
		{utf8, "Smith^John", "SmithJ", true},
		{utf8, "Smith^John", "SMITHJ", true},
		{utf8, "Smith^John", "JSMITH", true},
		{utf8, "Li^Bo", "LiBo1947", true},
		{utf8, "Li^Bo", "BOLI", true},
		{utf8, "Ødegård^Bjørn", "Oedegaard", true},
		{utf8, "Ødegård^Bjørn", "ODEGARD BJOERN", true},
		{utf8, "Nguyễn^Thị Hoa", "NGUYEN", true},
		{greek, "\xd0\xe1\xf0\xdc\xf2^\xcd\xdf\xea\xef\xf2", "\xd0\xc1\xd0\xc1\xd3", true}, // Παπάς^Νίκος, ΠΑΠΑΣ
		{utf8, "M\xfcller^J\xf6rg", "Müller", true},
		{utf8, "Müller^Jörg", "M\xfcller x", true},
		{latin, "Müller^Jörg", "M\xfcller", true},
		{latin, "M\xfcller^J\xf6rg", "Müller x", true},
		{utf8, "Smith^John", "Smithfield 3", false},
		{utf8, "Li^Bo", "LightSpeed VCT", false},
		{utf8, "Ng^An", "Angio B31f", false},
		{utf8, "Smith^John", "syngo CT 2011A", false},
	} {
		d := ctImage()
		d.Set(characterSet, "CS", c.set)
		d.Set(patientName, "PN", c.name)
		d.Set(model, "LO", c.text)
		object, _, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
		if got := object.Text(model); (got == anonymized) != c.goes {
			t.Errorf("with the name %q, %q became %q", c.name, c.text, got)
		}
	}
}

// What tells a person of the file goes from attributes of all kinds, and so does what
// their kind does not allow; what says nothing of anybody stays.
func TestValuesThatStay(t *testing.T) {
	for _, c := range []struct {
		tag        uint32
		vr         string
		was        any
		name, want string
	}{
		{bodyPart, "CS", "SMITHSON JOHN", "Smithson^John", ""},
		{bodyPart, "CS", "JOHN", "Smithson^John", ""},
		{bodyPart, "CS", "CHEST", "Chest^Anna", "CHEST"},
		{bodyPart, "CS", "Chest", "Smithson^John", "Chest"},
		{bodyPart, "CS", "Rabinowitz", "Smithson^John", ""},
		{bodyPart, "CS", "RABINOWITZ^R", "Smithson^John", ""},
		{bodyPart, "CS", "PAT770815", "Smithson^John", ""},
		{imageType, "CS", `ORIGINAL\PRIMARY\AXIAL\SMITHSON\19470823`, "Smithson^John", `ORIGINAL\PRIMARY\AXIAL\ANONYMIZED\ANONYMIZED`},
		{modality, "CS", "CT", "Ct^An^^Mr", "CT"},
		{seriesNumber, "IS", "900417", "Smithson^John", ""},
		{seriesNumber, "IS", "000900417", "Smithson^John", ""},
		{seriesNumber, "IS", "1", "Smithson^John", "1"},
		{0x00200013, "IS", "1", "Smithson^John", "1"},
		{0x00181151, "IS", "19470823", "Smithson^John", ""},
		{0x00181151, "IS", "194", "Smithson^John", "194"},
		{0x00180060, "DS", "SMITHSON^JOHN", "Smithson^John", ""},
		{0x00180060, "DS", "RABINOWITZ", "Smithson^John", ""},
		{0x00180060, "CS", "RABINOWITZ", "Smithson^John", ""},
		{model, "UN", []byte("of Smithson "), "Smithson^John", anonymized},
		{bodyPart, "UN", []byte("SMITHSON"), "Smithson^John", ""},
		{0x00180060, "UN", []byte("RABINOWITZ"), "Smithson^John", ""},
		{0x00180060, "UN", []byte("120 "), "Smithson^John", "120"},
		{0x00180060, "LO", "Rabinowitz", "Smithson^John", ""},
		{0x00180060, "DS", "120.0 ", "Smithson^John", "120.0"},
		{0x00281054, "LO", "HU", "Hu^Jintao", "HU"},
		{model, "LO", "born 23.08.1947", "Smithson^John", anonymized},
		{model, "LO", "23/08/1947", "Smithson^John", anonymized},
		{model, "LO", "08/23/1947", "Smithson^John", anonymized},
		{model, "LO", "1947-08-23", "Smithson^John", anonymized},
		{model, "LO", "23-AUG-1947", "Smithson^John", anonymized},
		{model, "LO", "x 23aug1947", "Smithson^John", anonymized},
		{model, "LO", "of 17.04.2023", "Smithson^John", anonymized},
		{model, "LO", "at 113742", "Smithson^John", anonymized},
		{model, "LO", "S77881 x", "Smithson^John", anonymized},
		{model, "LO", "7.08.2023", "Smithson^John", "7.08.2023"},
		{kernel, "SH", "770815", "Smithson^John", anonymized},
		{kernel, "SH", "000770815", "Smithson^John", anonymized},
		{kernel, "SH", "B12", "Smithson^John", "B12"},
	} {
		d := ctImage()
		d.Set(patientName, "PN", c.name)
		d.Set(patientID, "LO", "PAT770815")
		d.Set(0x00101000, "LO", `0000900417\770 815\12\1`)
		d.Set(birthDate, "DA", "19470823")
		d.Set(0x00080020, "DA", "20230417")
		d.Set(0x00080030, "TM", "113742.5")
		d.Set(0x00200010, "SH", "S77881")
		d.Set(c.tag, c.vr, c.was)
		object, out, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
		for _, e := range object.Elements() {
			if got, _ := e.Text(); e.Tag == c.tag && got != c.want {
				t.Errorf("%s, with the name %q, became %q, want %q", fmt.Sprint(c.was), c.name, got, c.want)
			}
		}
		var s Secrets
		s.Add(r)
		if found, _, err := s.Check(bytes.NewReader(out), int64(len(out)), r.Patient, Options{}); len(found) > 0 || err != nil {
			t.Errorf("%v: %q, %v", c.was, found, err)
		}
	}
}

// A file whose pixels or their places need what tells a person is refused, and so is one
// with a name in a table or a profile of colors.
func TestNeededValues(t *testing.T) {
	for name, c := range map[string]struct {
		tag   uint32
		vr    string
		value any
	}{
		"a place":       {0x00200032, "DS", `900417\0\0`},
		"a photometric": {0x00280004, "CS", "SMITHSON"},
		"a table":       {0x00281201, "OW", []byte("SMITHSON^JOHN  \x00")},
		"in UTF-16":     {0x00281201, "OW", []byte("S\x00M\x00I\x00T\x00H\x00S\x00O\x00N\x00 \x00J\x00")},
		"a profile":     {0x00282000, "OB", []byte("of Smithson\x00")},
		"offsets":       {0x7fe00001, "OV", []byte("SMITHSON^JOHN  \x00")},
	} {
		d := ctImage()
		d.Set(patientName, "PN", "Smithson^John")
		d.Set(patientID, "LO", "900417")
		d.Set(c.tag, c.vr, c.value)
		data := dicomtest.Write(dicomtest.ExplicitLittle, d)
		_, err := Clean(context.Background(), bytes.NewReader(data), int64(len(data)), io.Discard, NewKey(), Options{})
		if err == nil || !strings.Contains(err.Error(), "a name or number of a person is in it") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
