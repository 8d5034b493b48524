package export

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

func decode(t *testing.T, path string) *image.Gray {
	t.Helper()
	p, err := png.Decode(bytes.NewReader(read(t, path)))
	if err != nil {
		t.Fatal(err)
	}
	g, ok := p.(*image.Gray)
	if !ok {
		t.Fatalf("%s is no 8-bit grey picture", path)
	}
	return g
}

func TestMasksRoundTrip(t *testing.T) {
	for _, values := range []bool{false, true} {
		s := newTestSession()
		dir := filepath.Join(t.TempDir(), "out")
		mustExport(t, dir, input(s), Options{Values: values})
		for i, name := range []string{"IM1_mask.png", "IM2_mask.png", "IM3_mask.png"} {
			g := decode(t, filepath.Join(dir, name))
			for k, l := range s.Mask(i).Label {
				want := l
				if !values && l != 0 {
					want = 255
				}
				if g.Pix[k] != want {
					t.Fatalf("values %v: %s pixel %d is %d, want %d", values, name, k, g.Pix[k], want)
				}
			}
		}
		wantFiles(t, dir, "IM1_mask.png", "IM2_mask.png", "IM3_mask.png", "manifest.json", "groundglass/case.json")
	}
}

func TestImagesHoldTheStatedWindow(t *testing.T) {
	for _, w := range []ct.Window{{}, {Width: 400, Level: 40}} {
		s := newTestSession()
		dir := filepath.Join(t.TempDir(), "out")
		mustExport(t, dir, input(s), Options{Images: true, Window: w})
		if w == (ct.Window{}) {
			w = ct.Lung
		}
		g := decode(t, filepath.Join(dir, "IM2_image.png"))
		slice, _ := s.Series().Slice(1)
		for k, hu := range slice.HU {
			grey := 255 * (float64(hu) - (w.Level - w.Width/2)) / w.Width
			if want := uint8(math.Round(min(max(grey, 0), 255))); g.Pix[k] != want {
				t.Fatalf("window %v: pixel of %d HU is %d, want %d", w, hu, g.Pix[k], want)
			}
		}
		m, err := ReadManifest(dir)
		if err != nil {
			t.Fatal(err)
		}
		if m.Window == nil || *m.Window != (WindowEntry{w.Width, w.Level}) {
			t.Errorf("the manifest says %+v of window %v", m.Window, w)
		}
	}
}

func TestManifestTellsWhereFromAndWho(t *testing.T) {
	s := newTestSession()
	s.Accept(1)
	s.SetThreshold(0.7)
	dir := filepath.Join(t.TempDir(), "out")
	mustExport(t, dir, input(s), Options{Values: true})
	m, c := oneCase(t, dir)
	if m.Program != "groundglass test" || m.Model != "tv-unet 1" || m.Cut != 0.7 || c.Series.UID != "1.2.3" || len(m.Labels) != 3 {
		t.Errorf("the manifests say %+v, %+v", m, c.Series)
	}
	e := c.Slices[1]
	if e.Source != "IM2.dcm" || e.SOPInstanceUID != "1.2.3.1" || *e.PositionMM != 5 || e.Status != "accepted" || e.Cut != annotate.DefaultThreshold {
		t.Errorf("slice 2 is %+v", e)
	}
	if c.Slices[0].Connectivity != nil {
		t.Errorf("without a Connector, slice 1 has %+v", c.Slices[0].Connectivity)
	}
	p := s.Mask(1).Provenance()
	share := float64(p.Added+p.Removed) / float64(p.Added+p.Removed+p.Model)
	if e.Provenance != (ProvenanceEntry{p.Model, p.Added, p.Removed, share}) || p.Added == 0 || p.Removed == 0 {
		t.Errorf("provenance is %+v, want %+v", e.Provenance, p)
	}
	if e.ForegroundPx != s.Foreground(1) || e.LabelPx["1"]+e.LabelPx["2"] != e.ForegroundPx || e.LabelPx["2"] == 0 {
		t.Errorf("pixels are %d, %v", e.ForegroundPx, e.LabelPx)
	}
}

// The report of the series goes with its export.
func TestManifestReportsTheSeries(t *testing.T) {
	in := input(newTestSession())
	in.Series.Warnings = []string{"slices are missing: 2 after slice 1"}
	in.Series.LeftOut = []ct.LeftOut{{File: "/scans/case/scout.dcm", Reason: "a localizer, not a slice"}}
	in.Series.Values = "8-bit grey"
	dir := filepath.Join(t.TempDir(), "out")
	mustExport(t, dir, in, Options{})
	_, c := oneCase(t, dir)
	if s := c.Series; !slices.Equal(s.Warnings, in.Series.Warnings) || s.Values != "8-bit grey" || len(s.LeftOut) != 1 ||
		s.LeftOut[0] != (LeftOutEntry{"scout.dcm", "a localizer, not a slice"}) {
		t.Errorf("the manifest reports %+v", s)
	}
}

func TestManifestTellsConnectivity(t *testing.T) {
	s := newTestSession()
	s.SetConnector(func(prob []uint8, _ uint8, _ annotate.Connectivity, _ bool) []uint8 { return prob })
	s.SetConnectivity(annotate.Connectivity{TV: 0.5})
	s.Accept(1)
	s.SetConnectivity(annotate.Connectivity{LeastArea: 20, FillHoles: true})
	s.Accept(2)
	s.SetConnectivity(annotate.Connectivity{})
	dir := filepath.Join(t.TempDir(), "out")
	mustExport(t, dir, input(s), Options{})
	_, m := oneCase(t, dir)
	if m.Slices[0].Connectivity != nil || *m.Slices[1].Connectivity != (ConnectEntry{TV: 0.5}) || *m.Slices[2].Connectivity != (ConnectEntry{LeastArea: 20, FillHoles: true}) {
		t.Errorf("the slices have %+v, %+v and %+v", m.Slices[0].Connectivity, m.Slices[1].Connectivity, m.Slices[2].Connectivity)
	}
}

func TestSameInputSameBytes(t *testing.T) {
	a, b := export(t, Options{Images: true}), export(t, Options{Images: true})
	for _, name := range listing(t, a) {
		if !bytes.Equal(read(t, filepath.Join(a, name)), read(t, filepath.Join(b, name))) {
			t.Errorf("%s differs between two exports of the same", name)
		}
	}
}

func TestExistingExportIsNotOverwritten(t *testing.T) {
	dir := export(t, Options{})
	before := read(t, filepath.Join(dir, "IM1_mask.png"))
	s := newTestSession()
	s.SetThreshold(0.9)
	_, err := writePNG(context.Background(), dir, input(s), Options{}, nil)
	if !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), dir) {
		t.Errorf("the error is %v", err)
	}
	if !bytes.Equal(before, read(t, filepath.Join(dir, "IM1_mask.png"))) {
		t.Error("the old export changed")
	}
}

func TestOverwriteReplacesTheOldExportAndNothingElse(t *testing.T) {
	dir := export(t, Options{Images: true})
	write(t, filepath.Join(dir, "notes.txt"), []byte("mine"))
	s := newTestSession("/x/IM2.dcm", "/x/new.dcm")
	mustExport(t, dir, input(s), Options{Overwrite: true})
	wantFiles(t, dir, "IM2_mask.png", "new_mask.png", "manifest.json", "groundglass/x.json", "notes.txt")
	if r, err := Verify(context.Background(), dir); err != nil || !slices.Equal(r.Problems, []string{"notes.txt is not in the manifest."}) {
		t.Errorf("afterwards: %v, %v", r.Problems, err)
	}
}

func TestExportIntoAFolderWithOtherFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "thesis.txt"), []byte("draft"))
	r := mustExport(t, dir, input(newTestSession()), Options{})
	if len(r.Remarks) != 1 || !strings.Contains(r.Remarks[0], "stays: thesis.txt.") {
		t.Errorf("it says %q", r.Remarks)
	}
	wantFiles(t, dir, "IM1_mask.png", "IM2_mask.png", "IM3_mask.png", "manifest.json", "groundglass/case.json", "thesis.txt")
}

// cancelAt makes a context that ends when progress reaches step n.
func cancelAt(n int) (context.Context, func(done, total int)) {
	ctx, cancel := context.WithCancel(context.Background())
	return ctx, func(done, _ int) {
		if done >= n {
			cancel()
		}
	}
}

func TestCancelLeavesNothing(t *testing.T) {
	for step := 1; step <= 5; step++ {
		parent := t.TempDir()
		ctx, progress := cancelAt(step)
		_, err := writePNG(ctx, filepath.Join(parent, "out"), input(newTestSession()), Options{Images: true}, progress)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at step %d: %v", step, err)
		}
		wantFiles(t, parent)
	}
}

func TestFailuresLeaveAnOldExportAlone(t *testing.T) {
	broken := input(newTestSession())
	broken.Mask = func(i int) *annotate.Mask {
		if i == 2 {
			return annotate.NewMask(3, 3)
		}
		return annotate.NewMask(testW, testH)
	}
	dir := export(t, Options{})
	before := listing(t, dir)
	if _, err := writePNG(context.Background(), dir, broken, Options{Overwrite: true}, nil); err == nil {
		t.Fatal("a mask of the wrong size was exported")
	}
	wantFiles(t, dir, before...)
	if r, err := Verify(context.Background(), dir); err != nil || !r.OK() {
		t.Errorf("the old export is damaged: %v, %v", r.Problems, err)
	}
}

func TestInstallIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "a_mask.png"), []byte("old"))
	f, err := openFolder(dir, nil, &Options{Overwrite: true})
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.out, "a_mask.png"), []byte("new"))
	write(t, filepath.Join(f.out, "b_mask.png"), []byte("new"))
	if err := os.Mkdir(filepath.Join(f.out, "c"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.out, "c", "d.png"), []byte("new"))
	write(t, filepath.Join(dir, "c"), []byte("a file where a folder is needed"))
	if err := f.install(&Manifest{}); err == nil {
		t.Error("a folder went where a file is")
	}
	f.drop()
	wantFiles(t, dir, "a_mask.png", "c")
	if got := string(read(t, filepath.Join(dir, "a_mask.png"))); got != "old" {
		t.Errorf("the old file holds %q", got)
	}
}

func TestProgress(t *testing.T) {
	var last, total int
	_, err := writePNG(context.Background(), filepath.Join(t.TempDir(), "out"), input(newTestSession()), Options{}, func(d, n int) {
		if d < last || d > n {
			t.Errorf("progress went from %d to %d of %d", last, d, n)
		}
		last, total = d, n
	})
	if err != nil || last != total || total == 0 {
		t.Errorf("ended at %d of %d: %v", last, total, err)
	}
}

func TestUnicodePaths(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Бригада 7 – größe", "結果")
	files := []string{"/Öst/скан №1.dcm", "/Öst/胸部 CT.dcm", "/Öst/e\u0301.dcm"}
	mustExport(t, dir, input(newTestSession(files...)), Options{})
	wantFiles(t, dir, "скан №1_mask.png", "胸部 CT_mask.png", "e\u0301_mask.png", "manifest.json", "groundglass/Öst.json")
	if r, err := Verify(context.Background(), dir); err != nil || !r.OK() {
		t.Errorf("%v, %v", r.Problems, err)
	}
}

func TestErrorsAreSentences(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the reasons are worded by Unix errors")
	}
	file := filepath.Join(t.TempDir(), "file")
	write(t, file, nil)
	locked := filepath.Join(t.TempDir(), "locked")
	if err := os.Mkdir(locked, 0o555); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, dir, want string }{
		{"a file", file, "is a file, not a folder"},
		{"below a file", filepath.Join(file, "x"), "a part of the path is a file"},
		{"read-only folder", locked, "it is not allowed to write there"},
		{"long name", filepath.Join(t.TempDir(), strings.Repeat("x", 300)), "too long"},
	} {
		if c.dir == locked && os.Getuid() == 0 {
			continue // nothing is forbidden to root
		}
		_, err := writePNG(context.Background(), c.dir, input(newTestSession()), Options{}, nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.dir) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	for errno, want := range map[error]string{
		syscall.ENOSPC: "the disk is full", syscall.EROFS: "the disk is read-only", syscall.EACCES: "not allowed to write",
	} {
		err := explain("/out/a.png", &os.PathError{Op: "write", Path: "/out/a.png", Err: errno})
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "/out/a.png") || !errors.Is(err, errno) {
			t.Errorf("%v reads %q", errno, err)
		}
	}
}

func TestBadOptions(t *testing.T) {
	empty := annotate.NewSession(ct.NewSeries(ct.Series{Rows: 1, Columns: 1}, nil))
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := writePNG(context.Background(), dir, input(empty), Options{}, nil); err == nil {
		t.Error("an empty series was exported")
	}
	wantFiles(t, filepath.Dir(dir))
}
