package derived

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image/color"
	"io"
	"io/fs"
	"iter"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/contour"
	"groundglass/annotate/ct"
	"groundglass/annotate/labels"
)

// scan is a source and the series that it stands for.
type scan struct {
	source Source
	series *ct.Series
}

// newScan has n slices of w by h pixels. Tilted, the gantry is; uneven, a slice is
// missing; many, all slices are frames of one file.
func newScan(w, h, n int, tilted, uneven, many bool) scan {
	s := Source{
		PatientName: "Müller^Jörg", PatientID: "P 7", BirthDate: "19500203", Sex: "M",
		StudyUID: "1.2.3", StudyDate: "20200102", StudyTime: "101112.5", StudyID: "S1", AccessionNumber: "A 1",
		SeriesUID: "1.2.3.4", FrameOfReferenceUID: "1.2.3.5",
		Rows: h, Columns: w, Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0}, Spacing: [2]float64{0.703125, 0.6640625},
		Thickness: 1.25, Between: 2.5,
	}
	step := [3]float64{0, 0, 2.5}
	if tilted { // as with a gantry: slices lie askew to the table, and are stacked along it
		sin, cos := math.Sincos(12 * math.Pi / 180)
		s.Column = [3]float64{0, cos, -sin}
		step = [3]float64{0, 0, 2.5 / cos}
	}
	meta := ct.Series{
		UID: s.SeriesUID, StudyUID: s.StudyUID, FrameOfReferenceUID: s.FrameOfReferenceUID, Rows: h, Columns: w,
		Geometry: ct.Geometry{Row: s.Row, Column: s.Column, Step: step, Spacing: [3]float64{s.Spacing[0], s.Spacing[1], 2.5}, Known: true, Uneven: uneven},
	}
	for i := range n {
		at, z := [3]float64{-170.3, -165.7, -301.25}, float64(i)
		if uneven && i >= n/2 {
			z++
		}
		for k := range at {
			at[k] += z * step[k]
		}
		m := Image{ClassUID: "1.2.840.10008.5.1.4.1.1.2", UID: fmt.Sprintf("1.2.3.4.%d", i+1), Position: at}
		if many {
			m = Image{ClassUID: "1.2.840.10008.5.1.4.1.1.2.1", UID: "1.2.3.4.1", Frame: i + 1, Position: at}
		}
		s.Images = append(s.Images, m)
		meta.Sources = append(meta.Sources, ct.Source{SOPInstanceUID: m.UID, SOPClassUID: m.ClassUID, Frame: m.Frame, HasPosition: true, PositionMM: 2.5 * z, Corner: &at})
	}
	meta.Geometry.Origin = s.Images[0].Position
	if uneven {
		s.Between = 0
	}
	load := func(int) (*ct.Slice, error) { return nil, errors.New("no slice is looked at") }
	return scan{s, ct.NewSeries(meta, load)}
}

var testLabels = []Label{
	{1, "Ground glass", color.NRGBA{0x2e, 0xc4, 0xff, 0xff}, Code{"SCT", "1217294009", "Ground glass lung opacity"}, Code{}, Semiautomatic},
	{2, "Consolidation", color.NRGBA{0xff, 0xa0, 0x2e, 0xff}, Code{"SCT", "95436008", "Lung consolidation"}, Code{}, Automatic},
	{3, `Gefäß\links`, color.NRGBA{0xc8, 0x7d, 0xff, 0xff}, Code{}, Code{}, Manual},
	{4, "Lung", color.NRGBA{0x10, 0x80, 0x20, 0xff}, Code{"SCT", "39607008", "Lung"}, Code{}, Manual},
}

var testMaker = Maker{Program: "Groundglass", Version: "1.0", Model: "TV-UNet 2", Creator: "Reader^One", Title: "Labels of Groundglass", Date: time.Date(2021, 3, 4, 5, 6, 7, 0, time.UTC)}

// planes are labels 1 to 3 with holes, single pixels and diagonals; slice 1 is empty.
func planes(w, h, n int) [][]uint8 {
	all := make([][]uint8, n)
	for i := range all {
		all[i] = make([]uint8, w*h)
		for p := range all[i] {
			x, y := float64(p%w)-float64(w)/2, float64(p/w)-float64(h)/2
			switch r := math.Hypot(x/float64(w), y/float64(h)); {
			case i == 1:
			case r < 0.12 || r > 0.2 && r < 0.3:
				all[i][p] = 1
			case (p*7+i)%11 == 0:
				all[i][p] = 2
			case p%w == 0 || p/w == h-1 && p%3 > 0:
				all[i][p] = 3
			}
		}
	}
	return all
}

// segmentation is the binary segmentation of planes.
func segmentation(s Source, all [][]uint8) *Segmentation {
	out := &Segmentation{Source: s, By: testMaker, Labels: testLabels, Content: bytes.Join(all, nil)}
	var p Packer
	for i, plane := range all {
		for k := range testLabels {
			if bytes.IndexByte(plane, uint8(k+1)) >= 0 {
				p.Add(plane, uint8(k+1))
				out.Frames = append(out.Frames, Frame{k, i})
			}
		}
	}
	out.Pixels = p.Write
	return out
}

// structures are the contours of planes, with holes joined to them.
func structures(s Source, all [][]uint8) *StructureSet {
	return &StructureSet{Source: s, By: testMaker, Labels: testLabels, Content: bytes.Join(all, nil), Outline: func(label int) iter.Seq[Contour] {
		return func(yield func(Contour) bool) {
			for i, plane := range all {
				for _, p := range contour.Trace(s.Columns, s.Rows, func(x, y int) bool { return plane[y*s.Columns+x] == uint8(label+1) }) {
					if !yield(Contour{i, p.Keyhole()}) {
						return
					}
				}
			}
		}
	}}
}

// save writes an object to a file.
func save(t *testing.T, write func(w io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "object.dcm")
	if err := os.WriteFile(path, b.Bytes(), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

// wantValid has dciodvfy (dicom3tools) look for errors.
func wantValid(t *testing.T, path string) {
	t.Helper()
	out, err := exec.Command("dciodvfy", path).CombinedOutput()
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("dciodvfy, a judge of this test, is not installed")
	}
	for line := range strings.Lines(string(out)) {
		if strings.Contains(line, "Error") {
			t.Errorf("dciodvfy: %s", line)
		}
	}
	if !strings.Contains(string(out), "Segmentation") && !strings.Contains(string(out), "RTStructureSet") {
		t.Errorf("dciodvfy does not tell what it looked at: %s", out)
	}
}

// wantLabels reads an object as labels of the series and compares them.
func wantLabels(t *testing.T, s scan, path string, want [][]uint8) {
	t.Helper()
	got, err := labels.Read(context.Background(), s.series, []string{path}, labels.Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	names := map[uint8]string{1: "Ground glass", 2: "Consolidation", 3: "Gefäß links"}
	value := map[uint8]uint8{}
	for v, name := range names {
		for _, l := range got.Table {
			if l.Name == name {
				value[v] = l.Value
			}
		}
	}
	for i, plane := range want {
		read := got.Plane(i)
		for p, v := range plane {
			if read[p] != value[v] {
				t.Fatalf("pixel %d of slice %d is %d, want %d (%s)\n%s", p, i, read[p], value[v], names[v], strings.Join(got.Report.Lines(), "\n"))
			}
		}
	}
	if n := len(got.Report.LeftOut); n > 0 {
		t.Errorf("left out: %v", got.Report.LeftOut)
	}
}

// judge runs a script by python3 with pydicom and numpy, and returns what it prints.
func judge(t *testing.T, script string, args ...string) string {
	t.Helper()
	cmd := exec.Command("/usr/bin/python3", append([]string{"-c", "import sys\ntry:\n    import pydicom, numpy as np\nexcept ImportError: sys.exit(77)\n" + script}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.As(err, &exit) && exit.ExitCode() == 77:
		t.Skip("python3-pydicom, a judge of this test, is not installed")
	case err != nil:
		t.Fatalf("the judge failed: %v", err)
	}
	return string(out)
}
