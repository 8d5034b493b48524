package export

import (
	"context"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

const testW, testH = 12, 9

// newTestSession has three slices with two labels, model pixels and a removed
// one each; each slice differs.
func newTestSession(files ...string) *annotate.Session {
	if files == nil {
		files = []string{"/scans/case/IM1.dcm", "/scans/case/IM2.dcm", "/scans/case/IM3.dcm"}
	}
	meta := ct.Series{UID: "1.2.3", Modality: "CT", Rows: testH, Columns: testW, TransferSyntaxes: []string{"1.2.840.10008.1.2.1"}}
	for i, f := range files {
		meta.Sources = append(meta.Sources, ct.Source{
			File: f, SOPInstanceUID: fmt.Sprintf("1.2.3.%d", i), PositionMM: float64(i) * 5, HasPosition: true,
		})
	}
	s := annotate.NewSession(ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		hu := make([]int16, testW*testH)
		for k := range hu {
			hu[k] = int16(-1500 + 37*k + i)
		}
		return &ct.Slice{W: testW, H: testH, HU: hu}, nil
	}))
	g := s.BeginProposal()
	for i := range files {
		prob := make([]uint8, testW*testH)
		for k := range prob {
			prob[k] = uint8(k * (i + 3) * 7)
		}
		s.Propose(i, g, annotate.Guess{Prob: prob})
		s.SetCurrent(i)
		stroke(s, annotate.Brush{Radius: 1.5, Label: 2}, 3+float64(i), 4)
		stroke(s, annotate.Eraser{Radius: 1}, 8, 4+float64(i))
	}
	return s
}

func stroke(s *annotate.Session, t annotate.Tool, x, y float64) {
	s.SetTool(t)
	s.Press(annotate.Point{X: x, Y: y})
	s.Drag(annotate.Point{X: x + 2, Y: y + 1})
	s.Release()
}

func input(s *annotate.Session) *Case { return FromSnapshot(s.Snapshot()) }

// writePNG exports one case as PNG.
func writePNG(ctx context.Context, dir string, c *Case, o Options, progress func(done, total int)) (Report, error) {
	return Write(ctx, dir, pngPreset, One(c, "groundglass test", "tv-unet 1"), o, progress)
}

// oneCase is the manifest of the one case of an export, and the export's own.
func oneCase(t *testing.T, dir string) (*Manifest, *CaseEntry) {
	t.Helper()
	m, err := ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Cases) != 1 {
		t.Fatalf("there are %d cases", len(m.Cases))
	}
	c, err := ReadCase(dir, m.Cases[0])
	if err != nil {
		t.Fatal(err)
	}
	return m, c
}

// export writes a fresh test export and returns its folder.
func export(t *testing.T, o Options) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "out")
	mustExport(t, dir, input(newTestSession()), o)
	return dir
}

func mustExport(t *testing.T, dir string, in *Case, o Options) Report {
	t.Helper()
	r, err := writePNG(context.Background(), dir, in, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !r.OK() || r.Slices != in.Series.Len() {
		t.Fatalf("the report is %+v", r)
	}
	return r
}

// listing names all files below dir.
func listing(t *testing.T, dir string) []string {
	t.Helper()
	var out []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			out = append(out, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wantFiles(t *testing.T, dir string, want ...string) {
	t.Helper()
	slices.Sort(want)
	got := listing(t, dir)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("the folder holds\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

var red = color.NRGBA{R: 255, A: 255}
