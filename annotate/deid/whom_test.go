package deid

import (
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// Patients whom two hospitals gave one number have pseudonyms of their own where the files
// say who issued it.
func TestIssuers(t *testing.T) {
	key := NewKey()
	seen := map[string]bool{}
	for _, issuer := range []string{"", "HospA", "HospB"} {
		d := ctImage()
		d.Set(0x00100021, "LO", issuer)
		_, _, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), key, Options{})
		if want := key.Patient(Person{ID: "ID-7771", Issuer: issuer}.Whom()); r.Patient != want || seen[want] {
			t.Errorf("issued by %q: %s, want %s", issuer, r.Patient, want)
		}
		seen[r.Patient] = true
	}
	if key.Patient("ID-7771") != key.Patient(Person{ID: "ID-7771", Name: "Meyerbeer"}.Whom()) {
		t.Error("an ID alone is not what it was")
	}
}

// One pseudonym with several names or birth dates is told once; spellings of one name are
// none.
func TestSeveralPatients(t *testing.T) {
	for _, c := range []struct {
		a, b Person
		told bool
	}{
		{Person{Name: "Müller^Jörg"}, Person{Name: "MUELLER, JOERG"}, false},
		{Person{Name: "Meyer-Landrut^Anna"}, Person{Name: "MeyerLandrut^Anna"}, false},
		{Person{Name: "Smith^John^Q"}, Person{Name: "SMITH^J"}, false},
		{Person{Name: "Wang^Li=王^力"}, Person{Name: "王^力"}, false},
		{Person{Name: "Smith^John"}, Person{}, false},
		{Person{Birth: "19470823"}, Person{}, false},
		{Person{Name: "Smith^John"}, Person{Name: "Smith^Anna"}, true},
		{Person{Name: "Smith^John", Birth: "19470823"}, Person{Name: "Smith^John", Birth: "19800101"}, true},
	} {
		var p Patients
		first, then := p.Add("p1", c.a), p.Add("p1", c.b)
		if again := p.Add("p1", c.b); first != "" || (then != "") != c.told || again != "" {
			t.Errorf("%v and %v: %q, %q, %q", c.a, c.b, first, then, again)
		}
		if other := p.Add("p2", Person{Name: "Zebra", Birth: "1"}); other != "" {
			t.Errorf("of another pseudonym: %q", other)
		}
	}
}
