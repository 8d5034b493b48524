package cli

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// refersJudge holds what a DICOM object refers to against the images of a folder.
const refersJudge = `
import glob, sys
try:
    import pydicom
except ImportError:
    sys.exit(77)
images = [pydicom.dcmread(f) for f in glob.glob(sys.argv[1] + "/**/*.dcm", recursive=True)]
label = pydicom.dcmread(sys.argv[2])
known = {i.SOPInstanceUID for i in images}
met = set()
label.walk(lambda d, e: met.add(e.value) if e.keyword == "ReferencedSOPInstanceUID" and d.ReferencedSOPClassUID == images[0].SOPClassUID else None)
assert images and met == known, (met, known)
for keyword in "StudyInstanceUID", "FrameOfReferenceUID", "PatientID", "PatientName", "StudyDate":
    assert label.get(keyword) == images[0].get(keyword), (keyword, label.get(keyword), images[0].get(keyword))
`

// deidentifiedScan is a phantom without its identity.
func deidentifiedScan(t *testing.T, key string) (dir string, series *ct.Series) {
	t.Helper()
	_, from := patient(t, phantomOptions)
	dir = filepath.Join(t.TempDir(), "clean")
	call(t, "deidentify", from, "-o", dir, "--key", key).want(t, 0, "", "")
	return dir, seriesIn(t, dir)
}

func seriesIn(t *testing.T, dir string) *ct.Series {
	t.Helper()
	found, err := ct.Open(t.Context(), []string{dir}, nil)
	if err != nil || len(found.Series) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	return found.Series[0]
}

// Labels of images that this program de-identified refer to these images, so that who
// gets both finds that they belong together, whatever the key.
func TestLabelsOfDeidentifiedImages(t *testing.T) {
	out, m := t.TempDir(), model(t)
	images, series := deidentifiedScan(t, filepath.Join(out, "key"))
	other := filepath.Join(out, "another key")
	for preset, file := range map[string]string{"seg": "*_seg.dcm", "rtstruct": "*_rtstruct.dcm"} {
		dir := filepath.Join(out, preset)
		call(t, "export", images, "-o", dir, "--preset", preset, "--model", m, "--key", other).want(t, 0, "5 slices", "")
		found, err := filepath.Glob(filepath.Join(dir, file))
		if err != nil || len(found) != 1 {
			t.Fatalf("%q, %v", found, err)
		}
		said, err := exec.Command("/usr/bin/python3", "-c", refersJudge, images, found[0]).CombinedOutput()
		if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && exit.ExitCode() == 77 {
			t.Skip("skipped: pydicom, the judge, is not installed for /usr/bin/python3 (Debian: python3-pydicom)")
		}
		if err != nil {
			t.Errorf("%s: %s", preset, said)
		}
		call(t, "import", images, "--labels", found[0], "--key", filepath.Join(out, "a third key"), "-o", filepath.Join(out, preset+" again")).want(t, 0, "matched by UID", "")
	}
	masks := filepath.Join(out, "masks")
	call(t, "export", images, "-o", masks, "--model", m, "--key", other).want(t, 0, "5 slices", "")
	if c := caseNames(t, masks); !strings.HasPrefix(c[0], series.Patient.ID+"_") {
		t.Errorf("the case is called %q, and the patient %q", c, series.Patient.ID)
	}
	call(t, "import", images, "--labels", masks, "--key", filepath.Join(out, "a third key"), "-o", filepath.Join(out, "again")).want(t, 0, "matched by UID", "")
	dry := call(t, "export", images, "-o", filepath.Join(out, "dry"), "--preset", "seg", "--dry-run", "--key", other)
	for _, said := range []string{"Series UID: " + series.UID + " -> kept as it is", "so that the labels refer to these images", "Patient's ID: " + series.Patient.ID + " -> kept"} {
		dry.want(t, 0, said, "")
	}
}

// What others de-identified gets mapped UIDs, as all images do, and the way out is told.
func TestLabelsOfImagesOthersDeidentified(t *testing.T) {
	out := t.TempDir()
	images, series := deidentifiedScan(t, filepath.Join(out, "key"))
	for _, file := range filesIn(t, images) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		write(t, file, bytes.Replace(data, []byte("Groundglass: DICOM"), []byte("Other maker: DICOM"), 1))
	}
	dry := call(t, "export", images, "-o", filepath.Join(out, "dry"), "--dry-run", "--key", filepath.Join(out, "another key"))
	dry.want(t, 0, "--keep-identity would keep their UIDs", "")
	if strings.Contains(dry.out, "Series UID: "+series.UID+" -> kept") {
		t.Error(dry.out)
	}
	call(t, "export", images, "-o", filepath.Join(out, "dry"), "--dry-run", "--keep-identity").want(t, 0, "Series UID: "+series.UID+" -> kept", "")
}
