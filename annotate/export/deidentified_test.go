package export

import (
	"context"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/killtest"
)

// doneBefore is an identity for images whose own was taken out before.
func doneBefore() Identity {
	d := anonymous()
	d.Done = func(s *ct.Series) bool { return s.Patient.Removed }
	return d
}

// pseudonymous is a case of such images.
func pseudonymous() *Case {
	c := miller()
	c.Series.Patient = ct.Patient{ID: "p12ab34cd", Name: "p12ab34cd", Removed: true}
	c.Patient, c.Audit = c.Series.Patient.ID, nil
	return c
}

// UIDs and pseudonyms of images that were de-identified before leave as they are, so that
// labels refer to them; names of files and of people do not.
func TestDeidentifiedBefore(t *testing.T) {
	c, o := pseudonymous(), Options{Identity: doneBefore()}
	kept := map[string]bool{"Patient's ID": true, "Series UID": true, "Instance UIDs": true}
	for _, f := range Leaving("p1", c, pngPreset, o) {
		if f.kept() != kept[f.What] {
			t.Errorf("%+v", f)
		}
	}
	set := One(c, "groundglass test", "")
	set.Cases[0] = "p1"
	dir, _ := mustWrite(t, pngPreset, set, o)
	_, e := oneCase(t, dir)
	if s := e.Series; s.UID != c.Series.UID || !s.Deidentified || e.Patient != c.Patient || e.Slices[1].SOPInstanceUID != c.Series.Sources[1].SOPInstanceUID {
		t.Errorf("%+v of %s", s, e.Patient)
	}
	for name, data := range killtest.Files(t, dir) {
		if strings.Contains(name+data, "MILLER") || strings.Contains(name+data, "reader one") {
			t.Errorf("%s tells whose it is:\n%s", name, data)
		}
	}
}

// Whom a list names is no pseudonym.
func TestDeidentifiedBeforeAndListed(t *testing.T) {
	c, o := pseudonymous(), Options{Identity: doneBefore()}
	c.Patient = "MR-7781234"
	fields := Leaving("p1", c, pngPreset, o)
	if k := slices.IndexFunc(fields, func(f Field) bool { return f.What == "Patient's ID" }); fields[k].Leaves != "p1" {
		t.Errorf("%+v", fields[k])
	}
	set := One(c, "groundglass test", "")
	set.Cases[0] = "p1"
	dir, _ := mustWrite(t, pngPreset, set, o)
	if _, e := oneCase(t, dir); e.Patient != "p1" || e.Series.UID != c.Series.UID {
		t.Errorf("%s, %s", e.Patient, e.Series.UID)
	}
}

// The work is compared with an export by the UIDs that it has, and with one of before, by
// those that it then got.
func TestCompareDeidentified(t *testing.T) {
	c := pseudonymous()
	for name, d := range map[string]Identity{"now": doneBefore(), "before": anonymous()} {
		set := One(c, "groundglass test", "")
		set.Cases[0] = "p1"
		dir, _ := mustWrite(t, pngPreset, set, Options{Identity: d})
		if problems, err := Compare(context.Background(), dir, []*Case{c}, doneBefore(), Shard{}); err != nil || len(problems) != 0 {
			t.Errorf("%s: %q, %v", name, problems, err)
		}
		other := pseudonymous()
		other.Series.UID = "1.2.9"
		if problems, err := Compare(context.Background(), dir, []*Case{other}, doneBefore(), Shard{}); name == "now" && (err != nil || len(problems) != 1) {
			t.Errorf("of another: %q, %v", problems, err)
		}
	}
}
