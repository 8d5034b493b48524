package ct

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// chestJudge writes the Hounsfield units of a folder's DICOM files, sorted by
// height, as pydicom has them.
const chestJudge = `
import glob, json, os, sys
import numpy, pydicom
files = sorted(((pydicom.dcmread(f), f) for f in glob.glob(sys.argv[1] + "/*.dcm")), key=lambda p: float(p[0].ImagePositionPatient[2]))
with open(sys.argv[2], "wb") as out:
    for ds, f in files:
        out.write((ds.pixel_array * float(ds.RescaleSlope) + float(ds.RescaleIntercept)).astype("<i2").tobytes())
json.dump([os.path.basename(f) for ds, f in files], sys.stdout)
`

func openOne(t testing.TB, path string) *Series {
	t.Helper()
	found, err := Open(context.Background(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Series) != 1 {
		t.Fatalf("%d series, left out: %v", len(found.Series), found.LeftOut)
	}
	return found.Series[0]
}

func TestChestEqualsPydicom(t *testing.T) {
	dir := filepath.Join(sharedData(t), "chest")
	needPython(t, "pydicom")
	s := openOne(t, dir)
	if s.Len() != 30 || s.Rows != 512 || s.Columns != 512 || len(s.Warnings) > 0 || s.Geometry.Uneven {
		t.Fatalf("%d slices of %dx%d, warnings %v", s.Len(), s.Columns, s.Rows, s.Warnings)
	}
	if want := [3]float64{0.646484375, 0.646484375, 8}; s.Geometry.Spacing != want {
		t.Errorf("spacing %v, want %v", s.Geometry.Spacing, want)
	}
	if l, r, top, bottom := s.Geometry.Letters(); l+r+top+bottom != "RLAP" {
		t.Errorf("letters %s %s %s %s", l, r, top, bottom)
	}
	raw := filepath.Join(t.TempDir(), "hu")
	out, err := exec.Command(python, "-c", chestJudge, dir, raw).Output()
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	if err := json.Unmarshal(out, &names); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	for i := range s.Len() {
		if got := filepath.Base(s.Sources[i].File); got != names[i] {
			t.Errorf("slice %d is %s, want %s", i, got, names[i])
		}
		v, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		for p, hu := range v.HU {
			if w := int16(binary.LittleEndian.Uint16(want[2*(i*len(v.HU)+p):])); hu != w {
				t.Fatalf("%s: pixel %d is %d HU, want %d", names[i], p, hu, w)
			}
		}
	}
}

func BenchmarkOpenChest(b *testing.B) {
	dir := filepath.Join(sharedData(b), "chest")
	for b.Loop() {
		openOne(b, dir)
	}
}

func BenchmarkSliceChest(b *testing.B) {
	s := openOne(b, filepath.Join(sharedData(b), "chest"))
	i := 0
	for b.Loop() {
		if _, err := s.cache.load(i % s.Len()); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
