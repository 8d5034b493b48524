package cli

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/killtest"
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

// dicomFile writes a small CT image of a patient.
func dicomFile(t *testing.T, path, name, id, uid string, more ...dicomtest.Element) {
	t.Helper()
	d := dicomtest.CT(4, 4, 5, make([]uint16, 16))
	d.Set(0x00100010, "PN", name)
	d.Set(0x00100020, "LO", id)
	d.Set(0x00080018, "UI", uid)
	for _, e := range more {
		d.Set(e.Tag, e.VR, e.Value)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	write(t, path, dicomtest.Write(dicomtest.ExplicitLittle, d))
}

func deidentified1(t *testing.T, args ...string) (deidentifyReport, called) {
	t.Helper()
	c := call(t, append([]string{"deidentify", "--json"}, args...)...)
	var r deidentifyReport
	c.decode(t, &r)
	return r, c
}

// What was written can be cleaned again by the same key, alone and among originals, and stays as it is; by another key it
// can be cleaned, too.
func TestDeidentifyAgain(t *testing.T) {
	in, dir := t.TempDir(), t.TempDir()
	dicomFile(t, filepath.Join(in, "a", "1.dcm"), "Müller^Hans", "ID-7781", "1.2.3.9.1", dicomtest.Element{Tag: 0x00080023, VR: "DA", Value: "20040119"})
	dicomFile(t, filepath.Join(in, "b", "1.dcm"), "Li^Hua", "00001", "1.2.3.9.2")
	first := filepath.Join(dir, "first")
	if r, c := deidentified1(t, in, "-o", first); c.status != 0 || len(r.Files) != 2 {
		t.Fatalf("%+v", c)
	}
	again := filepath.Join(dir, "again")
	r, c := deidentified1(t, first, "-o", again)
	if c.status != 0 || len(r.Files) != 2 || !maps.Equal(killtest.Files(t, first), killtest.Files(t, again)) {
		t.Errorf("%+v", c)
	}
	for _, key := range []string{"", filepath.Join(dir, "another key")} {
		out := filepath.Join(t.TempDir(), "mixed")
		args := []string{first, in, "-o", out}
		if key != "" {
			args = append(args, "--key", key)
		}
		if r, c := deidentified1(t, args...); c.status != 0 || len(r.Files) != 4 || len(r.LeftOut) != 0 {
			t.Errorf("with the key %q: %+v", key, c)
		}
	}
}

// A value that was taken out and stands in an attribute that stays is told; what is typed into other attributes goes.
func TestDeidentifyTellsWhatStands(t *testing.T) {
	in := filepath.Join(t.TempDir(), "1.dcm")
	dicomFile(t, in, "Li^Hua", "12", "1.2.3.9.1", dicomtest.Element{Tag: 0x00081030, VR: "LO", Value: "CHEST"}, dicomtest.Element{Tag: 0x00180015, VR: "CS", Value: "CHEST"},
		dicomtest.Element{Tag: 0x00201040, VR: "LO", Value: "CHEST of Li"})
	out := filepath.Join(t.TempDir(), "out")
	call(t, "deidentify", in, "-o", out).want(t, 0, `see whether they tell a person: "CHEST" in BodyPartExamined of 1 file`, "")
	for name, data := range killtest.Files(t, out) {
		if strings.Contains(data, "of Li") {
			t.Errorf("%s tells the name", name)
		}
	}
	dicomFile(t, in, "Zebra^Hua", "1290", "1.2.3.9.1")
	call(t, "deidentify", in, "-o", out+"2").want(t, 0, "the spellings that README tells: found none", "")
}

// What a killed call left is told, and a key among the images is refused.
func TestDeidentifyLeftovers(t *testing.T) {
	in, dir := t.TempDir(), t.TempDir()
	dicomFile(t, filepath.Join(in, "1.dcm"), "Zebra", "ID-7781", "1.2.3.9.1")
	left, going := filepath.Join(dir, ".groundglass-unfinished-123"), filepath.Join(dir, ".groundglass-unfinished-set")
	for _, d := range []string{left, going} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(t, filepath.Join(going, "plan.json"), []byte("{}"))
	r, c := deidentified1(t, in, "-o", filepath.Join(dir, "out"))
	if c.status != 0 || len(r.Warnings) != 1 || !strings.Contains(r.Warnings[0], left+" was left by a call that was stopped") {
		t.Errorf("%+v", c)
	}
	call(t, "deidentify", in, "-o", filepath.Join(dir, "out2"), "--key", filepath.Join(in, "a.key")).want(t, 1, "", "among what it is to be kept apart from")
	if found := filesIn(t, in); len(found) != 1 {
		t.Errorf("among the images are %v", found)
	}
}

// That names of labels are lost is told.
func TestDeidentifyTellsOfLabels(t *testing.T) {
	in := filepath.Join(t.TempDir(), "1.dcm")
	dicomFile(t, in, "Zebra", "ID-7781", "1.2.3.9.1", dicomtest.Element{Tag: 0x00080016, VR: "UI", Value: "1.2.840.10008.5.1.4.1.1.481.3"},
		dicomtest.Element{Tag: 0x00080060, VR: "CS", Value: "RTSTRUCT"})
	call(t, "deidentify", in, "--dry-run").want(t, 0, "1 file of labels: regions lose their names", "")
}

// Zip archives and links to folders are sources as for exports.
func TestDeidentifySources(t *testing.T) {
	dir := t.TempDir()
	dicomFile(t, filepath.Join(dir, "a", "1.dcm"), "Zebra", "ID-7781", "1.2.3.9.1")
	link, archive := filepath.Join(dir, "link"), filepath.Join(dir, "images.zip")
	if err := os.Symlink(filepath.Join(dir, "a"), link); err != nil {
		t.Skip("skipped: links to folders cannot be made here")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"x/1.dcm", "x/notes.txt"} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(filepath.Join(dir, "a", "1.dcm"))
		if err != nil {
			t.Fatal(err)
		}
		if name != "x/1.dcm" {
			data = []byte("of the patient")
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, archive, b.Bytes())
	for source, left := range map[string]int{link: 0, archive: 1} {
		r, c := deidentified1(t, source, "-o", filepath.Join(t.TempDir(), "out"))
		if c.status != 0 || len(r.Files) != 1 || len(r.LeftOut) != left || !strings.HasPrefix(r.Files[0].Source, source) {
			t.Errorf("%s: %+v", source, c)
		}
	}
	call(t, "deidentify", archive, "-o", filepath.Join(dir, "Zebra"), "--dry-run").want(t, 0, `"Zebra" in it`, "")
}

// A dry run tells each attribute once, and each file only where that is asked for.
func TestDeidentifyDryRunIsShort(t *testing.T) {
	dir := t.TempDir()
	for i := range 3 {
		dicomFile(t, filepath.Join(dir, fmt.Sprint(i, ".dcm")), "Zebra", "ID-7781", fmt.Sprint("1.2.3.9.", i), dicomtest.Element{Tag: 0x00081140, VR: "SQ", Value: []dicomtest.Dataset{{}}})
	}
	c := call(t, "deidentify", dir, "--dry-run")
	c.want(t, 0, "(0010,0010) Z PatientName: in 3 files, as Zebra -> ", "")
	if n := strings.Count(c.out, "PatientName"); n != 1 || strings.Contains(c.out, "1 items") || strings.Contains(c.out, `""`) {
		t.Errorf("%d times: %s", n, c.out)
	}
	if c := call(t, "deidentify", dir, "--dry-run", "--verbose"); strings.Count(c.out, "PatientName") != 3 || strings.Contains(c.out, `""`) {
		t.Error(c.out)
	}
	text := filepath.Join(dir, "a.txt")
	write(t, text, []byte("of the patient"))
	c = call(t, "deidentify", text, "-o", filepath.Join(t.TempDir(), "out"), "--json")
	if !strings.Contains(c.out, `"file": `) || strings.Contains(c.out, `"File"`) {
		t.Error(c.out)
	}
}
