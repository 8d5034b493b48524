package cli

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// filesIn are the files below a folder.
func filesIn(t *testing.T, dir string) (files []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// A series comes out as it was, but for whom it is of; labels made of the one are found by
// the other, since the same key makes their UIDs.
func TestDeidentify(t *testing.T) {
	p, dir := patient(t, phantomOptions)
	write(t, filepath.Join(dir, "notes.txt"), []byte("of the patient"))
	out := filepath.Join(t.TempDir(), "out")
	c := call(t, "deidentify", dir, "-o", out, "--json")
	var r deidentifyReport
	if c.decode(t, &r); c.status != 0 || len(r.Files) != 5 || r.Searched == 0 || r.Dir != out || len(r.LeftOut) != 1 {
		t.Fatalf("%+v", c)
	}
	found, err := ct.Open(t.Context(), []string{out}, nil)
	if err != nil || len(found.Series) != 1 || len(found.LeftOut) != 0 {
		t.Fatalf("%+v, %v", found, err)
	}
	s, was := found.Series[0], p.Series()
	if s.UID == was.UID || s.Geometry != was.Geometry || s.Len() != was.Len() || !strings.HasPrefix(s.Patient.ID, "p") {
		t.Errorf("the series is %+v", s)
	}
	for i := range s.Len() {
		a, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		if b, _ := was.Slice(i); !slices.Equal(a.HU, b.HU) {
			t.Errorf("slice %d has other values", i+1)
		}
	}
	for _, file := range filesIn(t, out) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{was.UID, was.StudyUID, was.FrameOfReferenceUID, was.Sources[0].SOPInstanceUID, "phantom"} {
			if secret != "" && (bytes.Contains(bytes.ToLower(data), []byte(secret)) || strings.Contains(strings.TrimPrefix(file, out), secret)) {
				t.Errorf("%s has %s in it", file, secret)
			}
		}
	}
	masks := filepath.Join(t.TempDir(), "masks")
	call(t, "export", dir, "-o", masks, "--model", model(t)).want(t, 0, "5 slices", "")
	call(t, "import", out, "--labels", masks, "--keep-identity", "-o", filepath.Join(t.TempDir(), "again")).want(t, 0, "matched by UID", "")
	call(t, "deidentify", dir, "-o", out).want(t, 1, "", "is there already")
}

func TestDeidentifyDryRun(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	out := filepath.Join(t.TempDir(), "out")
	call(t, "deidentify", dir, "-o", out, "--dry-run").want(t, 0, "StudyInstanceUID", "")
	if left, err := os.ReadDir(filepath.Dir(out)); err != nil || len(left) > 0 {
		t.Errorf("a dry run leaves %v, %v", left, err)
	}
	c := call(t, "deidentify", filesIn(t, dir)[0], "--dry-run", "--json")
	var r deidentifyReport
	if err := json.Unmarshal([]byte(c.out), &r); err != nil || len(r.Files) != 1 || len(r.Files[0].Changes) == 0 || r.Files[0].File != "" {
		t.Errorf("%+v, %v", c, err)
	}
}

func TestDeidentifyRefuses(t *testing.T) {
	dir := t.TempDir()
	text := filepath.Join(dir, "a.dcm")
	write(t, text, []byte("not DICOM"))
	out := filepath.Join(dir, "out")
	call(t, "deidentify", text, "-o", out).want(t, 1, "left out", "no DICOM file")
	if _, err := os.Stat(out); err == nil {
		t.Error("an empty folder is there")
	}
	call(t, "deidentify", filepath.Join(dir, "none"), "-o", out).want(t, 1, "", "none: no such file")
	call(t, "deidentify", text).want(t, 2, "", "-o DIR")
	call(t, "deidentify", text, "-o", out, "--dates", "later").want(t, 2, "", "remove, shift or keep")
}
