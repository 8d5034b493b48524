package phantom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"groundglass/annotate/ct"
)

// written is a small phantom and the folder that it was written to.
func written(t *testing.T) (*Phantom, string) {
	t.Helper()
	p, dir := New(Options{Size: 100, Slices: 7, Seed: 9}), filepath.Join(t.TempDir(), "case")
	steps := 0
	err := p.WriteDICOM(context.Background(), dir, func(done, total int) {
		if steps++; done != steps || total != 7 {
			t.Errorf("step %d reports %d of %d", steps, done, total)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if names, _ := os.ReadDir(dir); steps != 7 || len(names) != 7 {
		t.Errorf("%d steps, %d files, want 7", steps, len(names))
	}
	return p, dir
}

// TestReadsBack opens written files with the program's own reader.
func TestReadsBack(t *testing.T) {
	p, dir := written(t)
	found, err := ct.Open(context.Background(), []string{dir}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Series) != 1 || len(found.LeftOut) != 0 {
		t.Fatalf("found %d series, left out %v", len(found.Series), found.LeftOut)
	}
	got, want := found.Series[0], p.Series()
	if len(got.Warnings) > 0 {
		t.Errorf("warnings: %q", got.Warnings)
	}
	if got.UID != want.UID || got.Modality != want.Modality || got.Description != want.Description || got.Window != want.Window {
		t.Errorf("read %q %q %q %v", got.UID, got.Modality, got.Description, got.Window)
	}
	if got.StudyUID != want.StudyUID || got.FrameOfReferenceUID != want.FrameOfReferenceUID {
		t.Errorf("read study %q, frame of reference %q", got.StudyUID, got.FrameOfReferenceUID)
	}
	if got.Len() != want.Len() {
		t.Fatalf("read %d slices of %d", got.Len(), want.Len())
	}
	for _, c := range [][3]float64{{0, 0, 0}, {99, 99, 6}, {10, 50, 3}} {
		a, b := got.Geometry.At(c[0], c[1], c[2]), want.Geometry.At(c[0], c[1], c[2])
		for i := range a {
			if math.Abs(a[i]-b[i]) > 1e-9 {
				t.Errorf("index %v is at %v, want %v", c, a, b)
				break
			}
		}
	}
	for i := range want.Len() {
		a, err := got.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(a.HU, hu(t, p, i)) {
			t.Errorf("slice %d reads back different", i)
		}
		if a, b := got.Sources[i], want.Sources[i]; a.SOPInstanceUID != b.SOPInstanceUID || filepath.Base(a.File) != b.File {
			t.Errorf("slice %d comes from %+v", i, a)
		}
	}
}

// pydicom reads the files in its first argument and prints what they say.
const pydicom = `
import json, sys, pydicom
out = []
for name in sys.argv[1:]:
    d = pydicom.dcmread(name)
    hu = d.pixel_array.astype(int) * int(d.RescaleSlope) + int(d.RescaleIntercept)
    out.append({"patient": str(d.PatientName), "uid": d.SOPInstanceUID, "series": d.SeriesInstanceUID,
        "meta": d.file_meta.MediaStorageSOPInstanceUID, "spacing": [float(v) for v in d.PixelSpacing],
        "position": [float(v) for v in d.ImagePositionPatient], "bits": d.BitsStored, "hu": hu.ravel().tolist()})
print(json.dumps(out))
`

func TestPydicomReadsIt(t *testing.T) {
	python := "/usr/bin/python3"
	if exec.Command(python, "-c", "import pydicom, numpy").Run() != nil {
		t.Skip("skipped: pydicom, the judge, is not installed for /usr/bin/python3 (Debian: python3-pydicom python3-numpy)")
	}
	p, dir := written(t)
	files, _ := filepath.Glob(filepath.Join(dir, "*.dcm"))
	cmd := exec.Command(python, append([]string{"-c", pydicom}, files...)...)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var got []struct {
		Patient, UID, Series, Meta string
		Spacing, Position          []float64
		Bits                       int
		HU                         []int16
	}
	if err := json.Unmarshal(output, &got); err != nil {
		t.Fatal(err)
	}
	uids := map[string]bool{}
	for i, g := range got {
		if g.Patient != "Phantom^Chest" || g.Bits != 12 || g.Meta != g.UID || g.Series != got[0].Series {
			t.Errorf("slice %d: patient %q, %d bits, instance %q", i, g.Patient, g.Bits, g.UID)
		}
		if want := p.field / 100; g.Spacing[0] != want || g.Spacing[1] != want || math.Abs(g.Position[2]-p.height(i)) > 1e-9 {
			t.Errorf("slice %d: spacing %v, position %v", i, g.Spacing, g.Position)
		}
		if !slices.Equal(g.HU, hu(t, p, i)) {
			t.Errorf("slice %d: pydicom reads other pixels", i)
		}
		uids[g.UID] = true
	}
	if len(uids) != 7 {
		t.Errorf("%d different instance UIDs, want 7", len(uids))
	}
}

func TestDcmdumpReadsIt(t *testing.T) {
	tool, err := exec.LookPath("dcmdump")
	if err != nil {
		t.Skip("skipped: dcmdump, the judge, is not installed (Debian: dcmtk)")
	}
	_, dir := written(t)
	output, err := exec.Command(tool, "-q", filepath.Join(dir, fileName(0))).CombinedOutput()
	if err != nil || bytes.Contains(output, []byte("W:")) || bytes.Contains(output, []byte("E:")) || !bytes.Contains(output, []byte("Phantom^Chest")) {
		t.Errorf("dcmdump: %v\n%s", err, output)
	}
}

// TestSameFiles checks that a phantom writes the same bytes again, over what was there.
func TestSameFiles(t *testing.T) {
	p, dir := written(t)
	name := filepath.Join(dir, fileName(3))
	before, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.WriteDICOM(context.Background(), dir, nil); err != nil {
		t.Fatal(err)
	}
	if after, _ := os.ReadFile(name); !bytes.Equal(before, after) {
		t.Error("a second writing gave another file")
	}
}

func TestWriteStops(t *testing.T) {
	p := New(Options{Size: 64, Slices: 5})
	ctx, cancel := context.WithCancel(context.Background())
	dir := t.TempDir()
	err := p.WriteDICOM(ctx, dir, func(done, _ int) {
		if done == 2 {
			cancel()
		}
	})
	if names, _ := os.ReadDir(dir); !errors.Is(err, context.Canceled) || len(names) != 2 {
		t.Errorf("cancelled after 2 slices: %v, %d files", err, len(names))
	}
	blocked := filepath.Join(dir, fileName(0))
	if err := p.WriteDICOM(context.Background(), blocked, nil); err == nil {
		t.Error("a file served as the folder")
	}
}
