package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// Deidentify and export give a patient one pseudonym: one without an ID, and one of two
// with the same ID and different issuers.
func TestOnePseudonym(t *testing.T) {
	issuer := func(name string) dicomtest.Element { return dicomtest.Element{Tag: 0x00100021, VR: "LO", Value: name} }
	seen := map[string]bool{}
	for i, c := range []struct {
		name, id string
		more     dicomtest.Element
	}{
		{"Zebra^Anna", "", dicomtest.Element{Tag: 0x00100030, VR: "DA", Value: "19470823"}},
		{"Zebra^Anna", "7781", issuer("HospA")},
		{"Zebra^Anna", "7781", issuer("HospB")},
	} {
		dir, out := t.TempDir(), filepath.Join(t.TempDir(), "out")
		dicomFile(t, filepath.Join(dir, "1.dcm"), c.name, c.id, fmt.Sprint("1.2.3.9.", i), c.more)
		r, called := deidentified1(t, dir, "-o", out)
		if called.status != 0 || len(r.Files) != 1 {
			t.Fatalf("%+v", called)
		}
		patient, _, _ := strings.Cut(r.Files[0].File, "/")
		if seen[patient] {
			t.Errorf("%v: %s is another patient's", c, patient)
		}
		seen[patient] = true
		masks := filepath.Join(t.TempDir(), "masks")
		call(t, "export", dir, "-o", masks, "--model", model(t), "--preset", "png").want(t, 0, "", "")
		seg := filepath.Join(t.TempDir(), "seg")
		call(t, "export", dir, "-o", seg, "--model", model(t), "--preset", "seg").want(t, 0, "", "")
		for _, file := range filesIn(t, seg) {
			if filepath.Ext(file) != ".dcm" {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			alone := filepath.Join(t.TempDir(), "alone.dcm") // without the manifest
			write(t, alone, data)
			if c := call(t, "import", dir, "--labels", alone, "-o", filepath.Join(t.TempDir(), "again")); strings.Contains(c.out+c.errors, "another patient") {
				t.Errorf("the own labels come back as %+v", c)
			}
		}
		found := false
		for _, file := range filesIn(t, masks) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			found = found || strings.Contains(string(data), patient+"_s")
		}
		if !found {
			t.Errorf("%v: the export does not call the patient %s", c, patient)
		}
	}
}

// One ID with several names is told, by the pseudonym and not by a name; spellings of one
// name are not.
func TestSeveralPatientsAreTold(t *testing.T) {
	dir := t.TempDir()
	dicomFile(t, filepath.Join(dir, "a", "1.dcm"), "Müller^Hans", "7781", "1.2.3.9.1")
	dicomFile(t, filepath.Join(dir, "b", "1.dcm"), "MUELLER^HANS", "7781", "1.2.3.9.2")
	const told = "stands for one patient ID with different names"
	if r, _ := deidentified1(t, dir, "-o", filepath.Join(t.TempDir(), "out")); strings.Contains(strings.Join(r.Warnings, " "), told) {
		t.Errorf("%q", r.Warnings)
	}
	dicomFile(t, filepath.Join(dir, "c", "1.dcm"), "Zebra^Anna", "7781", "1.2.3.9.3")
	r, _ := deidentified1(t, dir, "-o", filepath.Join(t.TempDir(), "out"))
	if w := strings.Join(r.Warnings, " "); strings.Count(w, told) != 1 || strings.Contains(w, "Zebra") || strings.Contains(w, "7781") {
		t.Errorf("%q", r.Warnings)
	}
	for i, name := range []string{"Müller^Hans", "Zebra^Anna"} {
		dicomFile(t, filepath.Join(dir, fmt.Sprint("d", i), "1.dcm"), name, "9981", fmt.Sprint("1.2.3.10.", i),
			dicomtest.Element{Tag: 0x0020000e, VR: "UI", Value: fmt.Sprint("1.2.3.11.", i)})
	}
	call(t, "export", filepath.Join(dir, "d0"), filepath.Join(dir, "d1"), "-o", filepath.Join(t.TempDir(), "masks"), "--model", model(t), "--preset", "png").want(t, 0, "", told)
}
