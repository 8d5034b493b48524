package deid

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/internal/testkit"
)

// real is a real file and what became of it.
type real struct {
	path, cleaned string
	report        Report
}

// cleanReal cleans all real files that the reader accepts into a folder, and returns
// why it refused the others.
func cleanReal(t *testing.T, o Options) (all []real, refused map[string]error) {
	t.Helper()
	root, out, key := testkit.Data(t, "dicom"), t.TempDir(), NewKey()
	refused = map[string]error{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var b bytes.Buffer
		r, err := Clean(context.Background(), bytes.NewReader(data), int64(len(data)), &b, key, o)
		if err != nil {
			refused[path] = err
			return nil
		}
		to := filepath.Join(out, fmt.Sprintf("%04d.dcm", len(all)))
		all = append(all, real{path, to, r})
		return os.WriteFile(to, b.Bytes(), 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, refused
}

// All real files that the reader accepts are cleaned, and nothing of any of them is
// found in any other, in any byte; the others are refused as the reader refuses them.
func TestRealFilesLeakNothing(t *testing.T) {
	for name, o := range map[string]Options{"profile": {}, "options": {Dates: ShiftDates, KeepPatient: true, CleanDescriptors: true}, "UIDs and dates": {KeepUIDs: true, Dates: KeepDates, KeepDevice: true}} {
		t.Run(name, func(t *testing.T) {
			all, refused := cleanReal(t, o)
			var s Secrets
			changes := 0
			for _, f := range all {
				s.Add(f.report)
				changes += len(f.report.Changes)
			}
			if len(all) < 250 || s.Len() < 300 {
				t.Errorf("%d files, %d values to look for", len(all), s.Len())
			}
			for _, f := range all {
				data, err := os.ReadFile(f.cleaned)
				if err != nil {
					t.Fatal(err)
				}
				found, _, err := s.Check(bytes.NewReader(data), int64(len(data)), f.report.Patient, o)
				if err != nil || len(found) > 0 {
					t.Error(f.path, err, found)
				}
			}
			dicoms := 0
			for path, err := range refused {
				if err == dicom.ErrNotDICOM {
					continue
				}
				dicoms++
				data, _ := os.ReadFile(path)
				_, want := dicom.ReadObject(bytes.NewReader(data), int64(len(data)))
				if want != nil && want.Error() != err.Error() || want == nil && !strings.Contains(err.Error(), "directory") {
					t.Errorf("%s: refused with %v, but by the reader with %v", path, err, want)
				}
			}
			t.Logf("%d files cleaned, %d refused, %d of another kind; %d attributes changed; %d values looked for", len(all), dicoms, len(refused)-dicoms, changes, s.Len())
		})
	}
}

// The pixels of real files are the same bytes, but where bits beside the stored ones
// held something.
func TestRealPixelsStay(t *testing.T) {
	all, _ := cleanReal(t, Options{})
	same, cleared := 0, 0
	for _, f := range all {
		before, after := pixelBytes(t, f.path), pixelBytes(t, f.cleaned)
		if slices.ContainsFunc(f.report.Changes, func(c Change) bool { return c.Tag == pixelData }) {
			cleared++
			if len(before)+len(before)%2 > len(after) && bytes.HasPrefix(before, after) {
				continue // without what was behind the last pixel
			}
			if len(before)+len(before)%2 != len(after) {
				t.Errorf("%s: %d bytes of pixels became %d", f.path, len(before), len(after))
			}
			continue
		}
		same++
		if !bytes.Equal(before, bytes.TrimSuffix(after, make([]byte, len(after)-len(before)))) {
			t.Errorf("%s has other pixels", f.path)
		}
	}
	if same < 200 {
		t.Errorf("%d files have the same pixels", same)
	}
	t.Logf("%d files with the same pixels, %d with bits cleared", same, cleared)
}

// pixelBytes are the bytes of a file's pixel data, or nothing.
func pixelBytes(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	o, err := dicom.ReadObject(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	switch px, ok := o.PixelData(); {
	case !ok:
		return nil
	case px.Encapsulated:
		var b bytes.Buffer
		if _, err := o.WriteFragments(&b, false); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	r, err := o.Pixels()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Pydicom, which reads DICOM by code of its own, finds in every file what the table
// says, attribute by attribute at every depth.
func TestPydicomAgrees(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import pydicom").Run() != nil {
		t.Skip("skipped: pydicom, the judge, is not installed for /usr/bin/python3 (Debian: python3-pydicom)")
	}
	all, _ := cleanReal(t, Options{})
	var pairs strings.Builder
	for _, f := range all {
		fmt.Fprintf(&pairs, "%s\t%s\n", f.path, f.cleaned)
	}
	list := filepath.Join(t.TempDir(), "pairs")
	if err := os.WriteFile(list, []byte(pairs.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "testdata/judge.py", "table.csv", "texts.csv", list)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	counts, problems, _ := strings.Cut(string(out), "\n")
	if problems != "" {
		t.Error(problems)
	}
	var n int
	if _, err := fmt.Sscanf(counts, "files=%d", &n); err != nil || n < 250 {
		t.Errorf("pydicom compared %d files", n)
	}
	t.Log(counts)
}

// ours are what dciodvfy says of files whose content it does not get to: it cannot
// inflate, and the pixels of files that are cut short are as short as they were.
var ours = regexp.MustCompile(`PixelData has incorrect value length`)

// Dciodvfy finds no error in a cleaned file that it did not find in the original.
func TestNoNewErrors(t *testing.T) {
	tool, err := exec.LookPath("dciodvfy")
	if err != nil {
		t.Skip("skipped: dciodvfy, the judge, is not installed (Debian: dicom3tools)")
	}
	all, _ := cleanReal(t, Options{})
	compared := 0
	for _, f := range all {
		if f.report.LeaveOut != "" || strings.Contains(f.path, "hostile") || deflated(t, f.path) {
			continue // reports become dummies, and broken files are no measure
		}
		compared++
		before := iodErrors(tool, f.path)
		for e := range iodErrors(tool, f.cleaned) {
			if !before[e] && !ours.MatchString(e) {
				t.Errorf("%s: %s", f.path, e)
			}
		}
	}
	if compared < 150 {
		t.Errorf("%d files were compared", compared)
	}
	t.Logf("%d files compared", compared)
}

func deflated(t *testing.T, path string) bool {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	o, err := dicom.ReadObject(f, info.Size())
	return err == nil && o.Encoding().Deflated
}

var quoted = regexp.MustCompile(`<[^>]*>`)

// iodErrors are the errors that dciodvfy finds, without the values in them.
func iodErrors(tool, path string) map[string]bool {
	out, _ := exec.Command(tool, "-new", path).CombinedOutput() // it fails where it finds errors
	found := map[string]bool{}
	for line := range strings.Lines(string(out)) {
		if strings.HasPrefix(line, "Error") {
			path, rest, _ := strings.Cut(line, "> - ")
			found[path+quoted.ReplaceAllString(rest, "")] = true
		}
	}
	return found
}

// Dcmtk reads every cleaned file.
func TestDcmtkReads(t *testing.T) {
	tool, err := exec.LookPath("dcmftest")
	dump, err2 := exec.LookPath("dcmdump")
	if err != nil || err2 != nil {
		t.Skip("skipped: dcmtk, the judge, is not installed (Debian: dcmtk)")
	}
	all, _ := cleanReal(t, Options{})
	var args []string
	for _, f := range all {
		args = append(args, f.cleaned)
	}
	out, err := exec.Command(tool, args...).CombinedOutput()
	if err != nil {
		t.Errorf("dcmftest: %v\n%.2000s", err, out)
	}
	for _, f := range all {
		out, err := exec.Command(dump, "-q", f.cleaned).CombinedOutput()
		before, wasBad := exec.Command(dump, "-q", f.path).CombinedOutput()
		if err != nil && wasBad == nil || bytes.Contains(out, []byte("E:")) && !bytes.Contains(before, []byte("E:")) {
			t.Errorf("%s: %v\n%.500s", f.path, err, out)
		}
	}
}
