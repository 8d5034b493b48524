package deid

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
)

// The table has what Table E.1-1 of the edition has: counted in two listings of it
// made by others, which agree.
func TestTable(t *testing.T) {
	count := map[string]int{}
	options := map[string]int{}
	form := regexp.MustCompile(`^([0-9A-F]{8}|50xxxxxx|60xx[34]000|private)$`)
	for _, r := range Table() {
		if !form.MatchString(r.Tag) || r.Name == "" {
			t.Errorf("a row is %+v", r)
		}
		count[r.Basic]++
		for name, a := range map[string]Action{"UIDs": r.UIDs, "device": r.Device, "institution": r.Institution, "patient": r.Patient, "dates": r.Dates, "shifted": r.Shifted, "descriptors": r.Descriptors} {
			if a != "" && a != Keep && a != Tidy {
				t.Errorf("%s has the action %q for %s", r.Tag, a, name)
			}
			if a != "" {
				options[name]++
			}
		}
		if (r.Type != 0) != strings.Contains(r.Basic, "/") {
			t.Errorf("%s: actions %s, type %d", r.Tag, r.Basic, r.Type)
		}
	}
	if got, want := fmt.Sprint(count), "map[D:93 U:55 X:417 X/D:23 X/Z:11 X/Z/D:8 X/Z/U*:2 Z:42 Z/D:6]"; got != want {
		t.Errorf("actions %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(options), "map[UIDs:60 dates:169 descriptors:141 device:59 institution:10 patient:19 shifted:169]"; got != want {
		t.Errorf("options %s, want %s", got, want)
	}
}

// Values that say something, by value representation.
var telling = map[string]any{
	"AE": "ZEBRA_AE", "AS": "045Y", "CS": "ZEBRA", "DA": "20040119", "DS": "42.5", "DT": "20040119101112", "IS": "42", "LO": "Zebra chest",
	"LT": "Zebra chest", "PN": "Meyerbeer^Gia", "SH": "Zebra chest", "ST": "Zebra chest", "TM": "101112", "UC": "Zebra chest", "UI": "1.2.3.4.777",
	"UR": "http://zebra", "UT": "Zebra chest", "SQ": []dicomtest.Dataset{{0x00081155: {Tag: 0x00081155, VR: "UI", Value: "1.2.3.4.777"}}},
}

// valueOf is the value of an attribute in the files of these tests.
func valueOf(tag uint32, vr string) any {
	if numbersOfPeople[tag] {
		return "ID-7771"
	}
	if v, ok := telling[vr]; ok {
		return v
	}
	return []byte{1, 2, 3, 4, 5, 6, 7, 8}
}

// allListed is a data set of all attributes that the table lists by tag.
func allListed() dicomtest.Dataset {
	d := dicomtest.Dataset{}
	for _, r := range Table() {
		n, err := strconv.ParseUint(r.Tag, 16, 32)
		if err != nil || n>>16 < 8 {
			continue
		}
		_, vr := dicom.Describe(uint32(n))
		if vr == "UN" && !strings.Contains(r.Basic, "U") {
			vr = "LO" // new attributes, in files that say what they are
		} else if vr == "UN" {
			vr = "UI"
		}
		d.Set(uint32(n), vr, valueOf(uint32(n), vr))
	}
	return d
}

// nested are the same attributes at three depths.
func nested() dicomtest.Dataset {
	d := allListed()
	inner := allListed()
	inner.Set(0x00289110, "SQ", []dicomtest.Dataset{allListed(), allListed()})
	d.Set(0x52009229, "SQ", []dicomtest.Dataset{inner})
	d.Set(classUID, "UI", "1.2.840.10008.5.1.4.1.1.2")
	return d
}

// cleaned cleans bytes and reads them back.
func cleaned(t *testing.T, data []byte, key Mapper, o Options) (*dicom.Object, []byte, Report) {
	t.Helper()
	var out bytes.Buffer
	r, err := Clean(context.Background(), bytes.NewReader(data), int64(len(data)), &out, key, o)
	if err != nil {
		t.Fatal(err)
	}
	object, err := dicom.ReadObject(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return object, out.Bytes(), r
}

// outcome says what became of an attribute by what is in the file.
func outcome(item dicom.Item, tag uint32, vr string) Action {
	for _, e := range item.Elements() {
		if e.Tag != tag {
			continue
		}
		if e.VR == "SQ" {
			switch {
			case len(e.Items) == 0:
				return Zero
			case strings.HasPrefix(e.Items[0].Text(0x00081155), "2.25."):
				return Map
			}
			return Keep
		}
		b, err := e.Bytes()
		text := strings.TrimRight(string(b), " \x00")
		was, isText := valueOf(tag, vr).(string)
		switch {
		case err != nil:
			return ""
		case len(b) == 0, isText && text == "":
			return Zero
		case isText && text == was, !isText && bytes.Equal(b, valueOf(tag, vr).([]byte)):
			return Keep
		case text == "chest", strings.HasPrefix(text, "2002"), strings.HasPrefix(text, "2003"), strings.HasPrefix(text, "2001"), strings.HasPrefix(text, "2000"), strings.HasPrefix(text, "1999"):
			return Tidy
		case strings.HasPrefix(text, "2.25.") && len(text) > 20:
			return Map
		}
		return Dummy
	}
	return Remove
}

// wanted are the outcomes that the table allows, read from it anew.
func wanted(r Row, vr string, o Options) string {
	basic := r.Basic
	if r.Type == 1 {
		basic = strings.TrimPrefix(strings.TrimPrefix(basic, "X/"), "Z/") // what keeps the file valid
	}
	if r.Type == 2 {
		basic = strings.TrimPrefix(basic, "X/")
	}
	if vr == "SQ" && strings.Contains(basic, "D") {
		basic += "/U" // the dummy of a sequence has items, with new UIDs
		if o.KeepUIDs {
			basic += "/K"
		}
	}
	cleans := strings.Contains("LO LT SH ST UC UT", vr)
	switch {
	case o.Dates == ShiftDates && r.Shifted != "" && (vr == "DA" || vr == "DT"):
		return "C"
	case o.Dates == ShiftDates && r.Shifted != "" && vr == "TM":
		return "K"
	case o.Dates == ShiftDates && r.Shifted != "":
		return basic
	case o.KeepUIDs && r.UIDs == Keep, o.KeepDevice && r.Device == Keep, o.KeepPatient && r.Patient == Keep, o.Dates == KeepDates && r.Dates == Keep:
		return "K"
	case o.KeepDevice && r.Device == Tidy, o.KeepPatient && r.Patient == Tidy, o.CleanDescriptors && r.Descriptors == Tidy:
		if cleans {
			return "C"
		}
	}
	return basic
}

// Every attribute of the table is handled as it says, at each of three depths and
// with each option.
func TestEveryAttribute(t *testing.T) {
	data := dicomtest.Write(dicomtest.ExplicitLittle, nested())
	set := allListed()
	for name, o := range map[string]Options{
		"profile": {}, "UIDs": {KeepUIDs: true}, "shifted dates": {Dates: ShiftDates}, "dates": {Dates: KeepDates}, "patient": {KeepPatient: true},
		"device": {KeepDevice: true}, "descriptors": {CleanDescriptors: true}, "all": {true, ShiftDates, true, true, true},
	} {
		t.Run(name, func(t *testing.T) {
			object, out, report := cleaned(t, data, NewKey(), o)
			inner := object.First(0x52009229)
			depths := []dicom.Item{object.Item, inner, inner.Items(0x00289110)[0], inner.Items(0x00289110)[1]}
			checked := 0
			for _, r := range Table() {
				n, err := strconv.ParseUint(r.Tag, 16, 32)
				el, listed := set[uint32(n)]
				if err != nil || !listed {
					continue
				}
				for i, item := range depths {
					want := wanted(r, el.VR, o)
					if n == classUID {
						continue
					}
					got := outcome(item, uint32(n), el.VR)
					if n == patientName || n == patientID || n == trialSubjectID {
						want += "/D" // a pseudonym
					}
					if el.VR == "SQ" && want == "K" {
						want = "K/U" // its items are clean
					}
					if checked++; !strings.Contains(want, string(got)) {
						t.Errorf("%s %s (%s) at depth %d: %q, want %s", r.Tag, r.Name, el.VR, i, got, want)
					}
				}
			}
			if checked != 4*len(set) {
				t.Errorf("%d attributes were looked at, of %d", checked, 4*len(set))
			}
			if o == (Options{}) {
				for _, word := range []string{"zebra", "meyerbeer", "20040119", "1.2.3.4.777", "id-7771"} {
					if bytes.Contains(bytes.ToLower(out), []byte(word)) {
						t.Errorf("%s is still there", word)
					}
				}
			}
			if len(report.Changes) == 0 {
				t.Error("there is no report")
			}
		})
	}
}
