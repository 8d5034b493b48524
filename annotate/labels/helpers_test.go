package labels

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// straight is a series of w*h pixels and n slices, 1x2 mm wide and 5 mm apart,
// that lies askew of nothing. Its files are named IM0001 and so on, and its
// instances 1.2.3.1 and so on.
func straight(w, h, n int) *ct.Series {
	meta := ct.Series{
		UID: "1.2.3", Rows: h, Columns: w, FrameOfReferenceUID: "1.2.3.9",
		Geometry: ct.Geometry{
			Row: vector{1, 0, 0}, Column: vector{0, 1, 0}, Origin: vector{-100, -120, 40}, Step: vector{0, 0, 5},
			Spacing: [3]float64{2, 1, 5}, Known: true,
		},
	}
	for i := range n {
		meta.Sources = append(meta.Sources, ct.Source{
			File: fmt.Sprintf("/scans/p7/IM%04d.dcm", i+1), SOPInstanceUID: fmt.Sprintf("1.2.3.%d", i+1),
			PositionMM: 40 + 5*float64(i), HasPosition: true,
		})
	}
	return ct.NewSeries(meta, func(int) (*ct.Slice, error) { return &ct.Slice{W: w, H: h, HU: make([]int16, w*h)}, nil })
}

// read reads paths, which must be possible.
func read(t testing.TB, s *ct.Series, o Options, paths ...string) *Labels {
	t.Helper()
	l, err := Read(context.Background(), s, paths, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// picture draws a plane: a digit a pixel, '.' for the background.
func picture(plane []uint8, w int) string {
	var b strings.Builder
	for i, v := range plane {
		if v == 0 {
			b.WriteByte('.')
		} else {
			b.WriteByte('0' + v)
		}
		if i%w == w-1 {
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func wantPlane(t testing.TB, l *Labels, i int, rows ...string) {
	t.Helper()
	want := strings.Join(rows, "\n") + "\n"
	if got := picture(l.Plane(i), len(rows[0])); got != want {
		t.Errorf("slice %d is\n%swant\n%s%s", i, got, want, strings.Join(l.Report.Lines(), "\n"))
	}
}

// wantLine checks that a sentence of the report has all of the parts.
func wantLine(t testing.TB, l *Labels, parts ...string) {
	t.Helper()
	lines := append(l.Report.Lines(), l.Report.Summary())
next:
	for _, line := range lines {
		for _, p := range parts {
			if !strings.Contains(line, p) {
				continue next
			}
		}
		return
	}
	t.Errorf("no line has %q:\n%s", parts, strings.Join(lines, "\n"))
}

func writeFile(t testing.TB, path string, data []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func writePNG(t testing.TB, path string, m image.Image) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return writeFile(t, path, b.Bytes())
}

// grey is a grey picture of rows of values.
func grey(rows ...[]uint8) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, len(rows[0]), len(rows)))
	for y, r := range rows {
		copy(m.Pix[y*m.Stride:], r)
	}
	return m
}

// python is where Debian's python3-pydicom and python3-nibabel, the judges, are
// installed.
const python = "/usr/bin/python3"

// judge runs a Python script and returns what it prints. The test is skipped
// where a module is not installed.
func judge(t testing.TB, modules, script string, args ...string) string {
	t.Helper()
	imports := "import " + strings.Join(strings.Fields(modules), ", ")
	cmd := exec.Command(python, append([]string{"-c", "import sys\ntry:\n    " + imports + "\nexcept ImportError: sys.exit(77)\n" + script}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.As(err, &exit) && exit.ExitCode() == 77:
		t.Skipf("python3-%s, the judge of this test, is not installed", strings.Fields(modules)[0])
	case err != nil:
		t.Fatalf("the judge failed: %v", err)
	}
	return string(out)
}

// judgeAll has a script of the judge's write a file of each specification, and
// returns the files and what the script prints, in which they are called by
// their names without folder and ending.
func judgeAll[S any](t testing.TB, script string, specs []S) (files []string, said string) {
	t.Helper()
	named, dir := map[string]S{}, t.TempDir()
	for i, s := range specs {
		name := fmt.Sprint("case", i)
		named[name] = s
		files = append(files, filepath.Join(dir, name+".dcm"))
	}
	all, err := json.Marshal(named)
	if err != nil {
		t.Fatal(err)
	}
	return files, judge(t, "pydicom numpy", script, string(all), dir)
}

// wantBy checks that all labels came in one way, or none where it is "", and tells
// whether any did.
func wantBy(t testing.TB, l *Labels, by By) bool {
	t.Helper()
	if by == "" {
		if len(l.Slices()) > 0 {
			t.Errorf("slices %v have labels", l.Slices())
		}
		return false
	}
	for _, m := range l.Report.Matches {
		if m.By != by {
			t.Errorf("%+v", m)
		}
	}
	return true
}
