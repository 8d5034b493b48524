package ct

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// directoryOf is a DICOM directory that names files, whose parts are split by
// backslashes.
func directoryOf(names ...string) []byte {
	records := dicomtest.Group(dicomtest.Element{Tag: 0x00041430, VR: "CS", Value: "PATIENT"})
	for _, n := range names {
		records = append(records, dicomtest.Group(dicomtest.Element{Tag: 0x00041500, VR: "CS", Value: n})...)
	}
	return dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.Group(dicomtest.Element{Tag: 0x00041220, VR: "SQ", Value: records})[0])
}

func TestDirectoryStandsForItsFiles(t *testing.T) {
	dir := t.TempDir()
	disc := filepath.Join(dir, "disc")
	image := func(path string, z float64) {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		writeFile(t, path, dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.CT(2, 2, z, make([]uint16, 4))))
	}
	image(filepath.Join(disc, "DATA", "IM1"), 0)
	image(filepath.Join(disc, "DATA", "IM2"), 5)
	image(filepath.Join(disc, "data", "im3"), 10)
	image(filepath.Join(dir, "IM4"), 15)
	image(filepath.Join(disc, "IM5"), 20)
	if err := os.Symlink(dir, filepath.Join(disc, "OUT")); err != nil {
		t.Fatal(err)
	}
	index := filepath.Join(disc, "DICOMDIR")
	cases := []struct {
		name   string
		names  []string
		path   string // to open
		slices int
		left   string
	}{
		{"alone", []string{`DATA\IM2`, `DATA\IM1`}, index, 2, ""},
		{"other letters", []string{`DATA\IM1`, `DATA\IM3`}, index, 2, ""},
		{"in its folder", []string{`DATA\IM1`}, disc, 4, ""},
		{"missing", []string{`DATA\IM1`, `DATA\IM7`, "IM8"}, index, 1, `2 of the 3 files that it names are not there, the first: "DATA/IM7"`},
		{"outside", []string{`DATA\IM1`, `..\IM4`, `OUT\IM4`}, index, 1, "2 of the 3 files"},
		{"absolute", []string{`DATA\IM1`, filepath.Join(dir, "IM4")}, index, 1, "1 of the 2 files"},
		{"a folder", []string{"DATA", "IM5"}, index, 1, "1 of the 2 files"},
		{"itself", []string{"DICOMDIR", "IM5"}, index, 1, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			writeFile(t, index, directoryOf(c.names...))
			last := 0
			found, err := Open(context.Background(), []string{c.path}, func(done, total int) { last = max(last, done) })
			if err != nil {
				t.Fatal(err)
			}
			if len(found.Series) != 1 || found.Series[0].Len() != c.slices || last < c.slices {
				t.Fatalf("%d series, %d looked at, left out %v", len(found.Series), last, found.LeftOut)
			}
			var left []string
			for _, l := range found.LeftOut {
				if l.Reason != "a link to a folder; links to folders are not followed" {
					left = append(left, l.Reason)
				}
			}
			if all := strings.Join(left, "; "); !strings.Contains(all, c.left) || (c.left == "") != (all == "") {
				t.Errorf("left out %q, want %q", all, c.left)
			}
		})
	}
	writeFile(t, index, directoryOf())
	found, err := Open(context.Background(), []string{index}, nil)
	if err != nil || len(found.LeftOut) != 1 || !strings.Contains(found.LeftOut[0].Reason, "names no files") {
		t.Errorf("an empty one: %+v, %v", found, err)
	}
}

func TestRealDirectory(t *testing.T) {
	dir := filepath.Join(sharedData(t), "pydicom", "dicomdirtests")
	for _, name := range []string{"DICOMDIR", "DICOMDIR-bigEnd", "DICOMDIR-implicit", "DICOMDIR-nooffset", "DICOMDIR-reordered"} {
		found, err := Open(context.Background(), []string{filepath.Join(dir, name)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, s := range found.Series {
			n += s.Len()
		}
		if n != 29 || len(found.LeftOut) != 2 { // 31 files, of which 2 are localizers
			t.Errorf("%s: %d slices, left out %v", name, n, found.LeftOut)
		}
	}
}
