package cli

import (
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// Who has the key is told what pseudonyms stand for, by whatever is left of what was written with it, and nobody else is.
func TestIdentify(t *testing.T) {
	dir := t.TempDir()
	in, out, key := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "key")
	dicomFile(t, filepath.Join(in, "1.dcm"), "Zebra^Hua", "ID-7781", "1.2.3.9.1")
	if c := call(t, "deidentify", in, "-o", out, "--key", key); c.status != 0 {
		t.Fatalf("%+v", c)
	}
	found, err := ct.Open(t.Context(), []string{out}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := found.Series[0]
	file := s.Sources[0].File
	for asked, want := range map[string]string{
		s.Patient.ID: "patient ID-7781", s.Sources[0].SOPInstanceUID: "uid 1.2.3.9.1", filepath.Base(filepath.Dir(file)): "series ",
		file: "file " + ct.FullPath(filepath.Join(in, "1.dcm")), s.Patient.ID + "_s00000000_1": "patient ID-7781",
	} {
		call(t, "identify", "--key", key, asked).want(t, 0, want, "")
	}
	c := call(t, "identify", "--key", key, "--json", s.Patient.ID)
	var got []identified
	if c.decode(t, &got); len(got) != 1 || got[0] != (identified{s.Patient.ID, "patient", "ID-7781"}) {
		t.Errorf("%+v", got)
	}
	call(t, "identify", "--key", key, s.Patient.ID, "p00000000").want(t, 1, "ID-7781", "p00000000 is not in the key")
	call(t, "identify", "--key", filepath.Join(dir, "none"), s.Patient.ID).want(t, 1, "", "there is no key")
	write(t, filepath.Join(dir, "bad"), []byte("{}"))
	call(t, "identify", "--key", filepath.Join(dir, "bad"), s.Patient.ID).want(t, 1, "", "no key file")
	call(t, "identify").want(t, 2, "", "a pseudonym is needed")
	if c := call(t, "help", "identify"); !strings.Contains(c.out, "PSEUDONYM") {
		t.Error(c.out)
	}
}
