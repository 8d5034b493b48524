package export

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/internal/testkit"
	"groundglass/annotate/labels"
)

// scanOf opens the one series in a folder.
func scanOf(t testing.TB, dir string) *ct.Series {
	t.Helper()
	found, err := ct.Open(context.Background(), []string{dir}, nil)
	if err != nil || len(found.Series) != 1 {
		t.Fatalf("%+v, %v", found, err)
	}
	return found.Series[0]
}

// labelled is a case of a series with all labels, holes, single pixels and others that
// touch by a corner, and a second slice without any. The model proposed label 1 and
// people corrected it; the model alone set 2, people alone 3.
func labelled(s *ct.Series) *Case {
	w, h := s.Columns, s.Rows
	at := func(p int) float64 { return math.Hypot(float64(p%w)/float64(w)-0.5, float64(p/w)/float64(h)-0.4) }
	return &Case{
		Series: s, Patient: s.Patient.ID, Labels: annotate.DefaultLabels(), Threshold: 0.5,
		Mask: func(i int) *annotate.Mask {
			m := annotate.NewMask(w, h)
			for p := range m.Label {
				switch r := at(p); {
				case i == 1:
				case r < 0.1 || r > 0.2 && r < 0.27:
					m.Label[p], m.Origin[p] = 1, annotate.Model
				case r >= 0.1 && r < 0.11:
					m.Label[p], m.Origin[p] = 1, annotate.HumanAdded
				case r < 0.4 && (p%w*32/w+p/w*32/h*2+i)%4 == 0 || p == 20*w+20:
					m.Label[p], m.Origin[p] = 2, annotate.Model
				case p%w < 4 || p/w == h-1:
					m.Label[p], m.Origin[p] = 3, annotate.HumanAdded
				}
			}
			return m
		},
		Probability: func(i int) []uint8 {
			if i == 2 {
				return nil
			}
			out := make([]uint8, w*h)
			for p := range out {
				if i != 1 {
					out[p] = uint8(max(0, 255-400*at(p)) + float64(i))
				}
			}
			return out
		},
	}
}

// dicomScans are series of DICOM files: of a phantom whose slices have an odd number
// of pixels, odd ones, and the real chest.
func dicomScans(t *testing.T, each func(t *testing.T, s *ct.Series)) {
	t.Run("phantom", func(t *testing.T) { each(t, phantomScan(t, 4)) })
	t.Run("frames of one file", func(t *testing.T) {
		each(t, scanIn(t, map[string][]byte{"enhanced": dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.Enhanced(3))}))
	})
	t.Run("tilted, distances not quite even", func(t *testing.T) { each(t, tilted(t, 0, 2.52, 5.04, 7.56, 10.06, 12.56)) })
	t.Run("tilted, a slice is missing, in an archive", func(t *testing.T) {
		s := tilted(t, 0, 2.5, 7.5, 10)
		if !s.Geometry.Uneven {
			t.Fatal("the distances are even")
		}
		each(t, s)
	})
	t.Run("chest", func(t *testing.T) { each(t, scanOf(t, filepath.Join(testkit.Data(t, "dicom"), "chest"))) })
}

// scanIn opens the one series of some files, which are in an archive if there are many.
func scanIn(t testing.TB, files map[string][]byte) *ct.Series {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	dir := t.TempDir()
	for name, data := range files {
		if len(files) == 1 {
			if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
				t.Fatal(err)
			}
			return scanOf(t, dir)
		}
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		f.Write(data)
	}
	z.Close()
	if err := os.WriteFile(filepath.Join(dir, "study.zip"), b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return scanOf(t, filepath.Join(dir, "study.zip"))
}

// tilted is a series with slices at some heights, tilted by 15 degrees as by a gantry.
func tilted(t testing.TB, heights ...float64) *ct.Series {
	files := map[string][]byte{}
	for i, z := range heights {
		d := dicomtest.CT(33, 21, z, make([]uint16, 33*21))
		d.Set(0x00200037, "DS", `1\0\0\0\0.9659258\-0.258819`)
		files[fmt.Sprint("IM", i)] = dicomtest.Write(dicomtest.ExplicitLittle, d)
	}
	return scanIn(t, files)
}

func phantomScan(t testing.TB, n int) *ct.Series {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "scan")
	if err := phantom.New(phantom.Options{Size: 65, Slices: n, Seed: 4}).WriteDICOM(context.Background(), dir, nil); err != nil {
		t.Fatal(err)
	}
	return scanOf(t, dir)
}

// exported writes a case by a preset, and returns the folder.
func exported(t *testing.T, p Preset, c *Case, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	s := One(c, "Groundglass 1.0", "TV-UNet 2")
	s.Cases = []string{"p1"}
	r, err := Write(context.Background(), dir, p, s, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := Verify(context.Background(), dir); err != nil || !v.OK() || v.Slices != c.Series.Len() || r.Files != 1 && c.Audit == nil {
		t.Fatalf("%+v, %v", v, err)
	}
	return dir
}

// wantImported reads an export as labels of its own series and compares them.
func wantImported(t *testing.T, c *Case, path string) {
	t.Helper()
	got, err := labels.Read(context.Background(), c.Series, []string{path}, labels.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Series.Len() {
		if !slices.Equal(got.Plane(i), c.Mask(i).Label) {
			t.Fatalf("slice %d comes back with other labels:\n%s", i, strings.Join(got.Report.Lines(), "\n"))
		}
	}
}

// wantValid has dciodvfy (dicom3tools) look for errors in a DICOM file.
func wantValid(t *testing.T, path, kind string) {
	t.Helper()
	out, err := exec.Command("dciodvfy", path).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("dciodvfy, a judge of this test, is not installed")
	}
	if said := string(out); !strings.Contains(said, kind+"\n") || strings.Contains(said, "Error") {
		t.Errorf("dciodvfy says %s", said)
	}
}
