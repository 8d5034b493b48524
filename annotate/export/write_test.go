package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/killtest"
)

// several is a set of n cases; opened counts how often each was opened.
func several(n int, opened []int) Set {
	s := Set{Labels: annotate.DefaultLabels(), Program: "groundglass test", Threshold: 0.3}
	for k := range n {
		s.Cases = append(s.Cases, fmt.Sprintf("case_%d", k))
	}
	s.Open = func(k int) (*Case, func(), error) {
		opened[k]++
		return input(newTestSession(fmt.Sprintf("/scans/%d/IM1.dcm", k), fmt.Sprintf("/scans/%d/IM2.dcm", k))), nil, nil
	}
	return s
}

func TestSeveralCasesGetAFolderEach(t *testing.T) {
	dir, opened := filepath.Join(t.TempDir(), "out"), make([]int, 3)
	r, err := Write(context.Background(), dir, pngPreset, several(3, opened), Options{Workers: 2}, nil)
	if err != nil || r.Cases != 3 || r.Slices != 6 || r.Files != 6 || !slices.Equal(opened, []int{1, 1, 1}) {
		t.Fatalf("%+v, %v; opened %v", r, err, opened)
	}
	wantFiles(t, dir, "case_0/IM1_mask.png", "case_0/IM2_mask.png", "case_1/IM1_mask.png", "case_1/IM2_mask.png", "case_2/IM1_mask.png",
		"case_2/IM2_mask.png", "groundglass/case_0.json", "groundglass/case_1.json", "groundglass/case_2.json", "manifest.json")
	v, err := Verify(context.Background(), dir)
	if err != nil || !v.OK() || v.Cases != 3 || v.Foreground != r.Foreground {
		t.Errorf("%+v, %v", v, err)
	}
	write(t, filepath.Join(dir, "case_1", "IM0_mask.png"), nil)
	if v, err = Verify(context.Background(), dir); err != nil || !slices.Equal(v.Problems, []string{"case_1/IM0_mask.png is not in the manifest."}) {
		t.Errorf("with a stranger: %q, %v", v.Problems, err)
	}
}

// An export that was stopped goes on where it was, to the same bytes.
func TestStoppedAndResumed(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), whole, pngPreset, several(4, make([]int, 4)), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	for stop := 500; stop < 4000; stop += 700 {
		parent, opened := t.TempDir(), make([]int, 4)
		dir := filepath.Join(parent, "out")
		ctx, progress := cancelAt(stop)
		if _, err := Write(ctx, dir, pngPreset, several(4, opened), Options{Resume: true}, progress); !errors.Is(err, context.Canceled) {
			t.Fatalf("stopped at %d: %v", stop, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Fatal("half of an export is there")
		}
		if left := listing(t, parent); stop < 1000 { // no case was done
			if len(left) > 0 {
				t.Errorf("stopped at %d it keeps %q", stop, left)
			}
			continue
		}
		if _, err := Write(context.Background(), dir, pngPreset, several(4, opened), Options{Resume: true, Values: true}, nil); err == nil || !strings.Contains(err.Error(), "other options") {
			t.Errorf("it goes on with other options: %v", err)
		}
		r, err := Write(context.Background(), dir, pngPreset, several(4, opened), Options{Resume: true}, nil)
		if err != nil || r.Cases != 4 {
			t.Fatalf("%+v, %v", r, err)
		}
		killtest.SameFiles(t, whole, dir)
		if left := listing(t, parent); len(left) != len(listing(t, dir)) {
			t.Errorf("it leaves %q", left)
		}
		if opened[0] > 1 {
			t.Errorf("the case that was done was written %d times", opened[0])
		}
	}
}

// What was done of sources in another state is done anew when the export goes on.
func TestResumedOfOtherSources(t *testing.T) {
	dir, opened, now := filepath.Join(t.TempDir(), "out"), make([]int, 3), "before"
	s := several(3, opened)
	s.State = func(k int) string {
		if k == 0 {
			return now
		}
		return "as it is"
	}
	ctx, progress := cancelAt(2500)
	if _, err := Write(ctx, dir, pngPreset, s, Options{Resume: true}, progress); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	now = "after"
	r, err := Write(context.Background(), dir, pngPreset, s, Options{Resume: true}, nil)
	if err != nil || r.Anew != 1 || r.Earlier != 1 || opened[0] != 2 || opened[1] != 1 {
		t.Errorf("%+v, %v; opened %v", r, err, opened)
	}
}

// Programs that each write a part make, all together, what one makes alone.
func TestShards(t *testing.T) {
	whole := filepath.Join(t.TempDir(), "out")
	if _, err := Write(context.Background(), whole, pngPreset, several(5, make([]int, 5)), Options{}, nil); err != nil {
		t.Fatal(err)
	}
	dir, opened := filepath.Join(t.TempDir(), "out"), make([]int, 5)
	for i := range 3 {
		r, err := Write(context.Background(), dir, pngPreset, several(5, opened), Options{Shard: Shard{i, 3}}, nil)
		if err != nil || r.Unfinished != (i < 2) {
			t.Fatalf("part %d: %+v, %v", i, r, err)
		}
	}
	killtest.SameFiles(t, whole, dir)
	if !slices.Equal(opened, []int{1, 1, 1, 1, 1}) {
		t.Errorf("opened %v", opened)
	}
	files := 0
	for i := range 2 {
		r, err := VerifyShard(context.Background(), dir, Shard{i, 2}, nil)
		if err != nil || !r.OK() {
			t.Errorf("%+v, %v", r, err)
		}
		files += r.Files
	}
	if files != 10 {
		t.Errorf("the parts of a verification saw %d files", files)
	}
}

func TestACaseThatFailsIsLeftOut(t *testing.T) {
	s := several(3, make([]int, 3))
	open := s.Open
	s.Open = func(k int) (*Case, func(), error) {
		if k == 1 {
			return nil, nil, errors.New("its images are damaged")
		}
		return open(k)
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "out")
	if _, err := Write(context.Background(), dir, pngPreset, s, Options{}, nil); err == nil || !strings.Contains(err.Error(), "its images are damaged") {
		t.Fatal(err)
	}
	wantFiles(t, parent)
	r, err := Write(context.Background(), dir, pngPreset, s, Options{Skip: true}, nil)
	if err != nil || r.Cases != 2 || !slices.Equal(r.LeftOut, []LeftOut{{"case_1", "its images are damaged"}}) {
		t.Fatalf("%+v, %v", r, err)
	}
	if m, err := ReadManifest(dir); err != nil || !slices.Equal(m.LeftOut, r.LeftOut) {
		t.Errorf("%+v, %v", m, err)
	}
}

// What a case had written before it failed is not in the export, whatever the preset.
func TestFilesOfACaseThatFailsAreTakenAway(t *testing.T) {
	for _, p := range []Preset{pngPreset, nnunet2DPreset, cocoPreset, yoloPreset, vocPreset, semisupervisedPreset} {
		s := several(3, make([]int, 3))
		open := s.Open
		s.Open = func(k int) (*Case, func(), error) {
			c, closed, err := open(k)
			if k == 1 {
				read := c.Series.Slice
				c.Series = ct.NewSeries(*c.Series, func(i int) (*ct.Slice, error) {
					if i == c.Series.Len()-1 {
						return nil, errors.New("it ends too early")
					}
					return read(i)
				})
			}
			return c, closed, err
		}
		dir := filepath.Join(t.TempDir(), "out")
		r, err := Write(context.Background(), dir, p, s, Options{Skip: true, Images: true}, nil)
		if err != nil || r.Cases != 2 || len(r.LeftOut) != 1 || !strings.Contains(r.LeftOut[0].Reason, "ends too early") {
			t.Errorf("%s: %+v, %v", p.Name, r, err)
			continue
		}
		for _, name := range listing(t, dir) {
			if strings.Contains(name, "case_1") {
				t.Errorf("%s: %s is there", p.Name, name)
			}
		}
		if r, err := Verify(context.Background(), dir); err != nil || !r.OK() {
			t.Errorf("%s: %+v, %v", p.Name, r, err)
		}
	}
}

// Cases that make no set together are not kept to go on with: no further call would come to another end.
func TestCasesThatMakeNoSet(t *testing.T) {
	s := several(2, make([]int, 2))
	open := s.Open
	s.Open = func(k int) (*Case, func(), error) {
		c, closed, err := open(k)
		c.Status = func(int) annotate.Status { return annotate.Proposed }
		c.Mask = func(int) *annotate.Mask { return annotate.NewMask(testW, testH) }
		return c, closed, err
	}
	parent := t.TempDir()
	_, err := Write(context.Background(), filepath.Join(parent, "out"), semisegMultiPreset, s, Options{Resume: true, Skip: true}, nil)
	if stopped := (*Stopped)(nil); err == nil || errors.As(err, &stopped) || !strings.Contains(err.Error(), "no slice whose labels a person made") {
		t.Errorf("%v", err)
	}
	wantFiles(t, parent)
}

// Nothing of the sources' names is left where their identity is not kept.
func TestWithoutIdentity(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	c := input(newTestSession("/scans/MILLER^ANN/MILLER1.dcm", "/scans/MILLER^ANN/MILLER2.dcm"))
	c.Patient, c.Series.Description, c.Audit = "MILLER77", "Miller follow-up", []byte(`{"by":"miller"}`)
	c.Work = func(int) Work { return Work{By: []string{"miller"}} }
	s := One(c, "groundglass test", "")
	s.Cases = []string{"p1"}
	hidden := func(string) string { return "2.25.1" }
	o := Options{Identity: Identity{
		Method: "a test", UID: hidden, Patient: func(string) string { return "p1" }, Words: func(string) string { return "" },
		Person: func(string) string { return "one" }, Audit: func([]byte) []byte { return []byte("{}\n") },
	}}
	if _, err := Write(context.Background(), dir, pngPreset, s, o, nil); err != nil {
		t.Fatal(err)
	}
	for name, data := range killtest.Files(t, dir) {
		if bytes.Contains(bytes.ToLower([]byte(name+data)), []byte("miller")) || strings.Contains(data, "1.2.3") {
			t.Errorf("%s tells who it is of:\n%s", name, data)
		}
	}
	wantFiles(t, dir, "slice_0001_mask.png", "slice_0002_mask.png", "manifest.json", "groundglass/p1.json", "groundglass/p1.audit.jsonl")
	if r, err := Verify(context.Background(), dir); err != nil || !r.OK() {
		t.Errorf("%+v, %v", r, err)
	}
}

// The reason of a case that is left out is told to who exports, and does not leave.
func TestReasonsWithoutIdentity(t *testing.T) {
	s := several(2, make([]int, 2))
	open := s.Open
	s.Open = func(k int) (*Case, func(), error) {
		if k == 1 {
			return nil, nil, errors.New("/scans/MILLER/IM1.dcm: it is damaged")
		}
		return open(k)
	}
	dir := filepath.Join(t.TempDir(), "out")
	r, err := Write(context.Background(), dir, pngPreset, s, Options{Skip: true, Identity: anonymous()}, nil)
	if err != nil || len(r.LeftOut) != 1 || !strings.Contains(r.LeftOut[0].Reason, "MILLER") {
		t.Fatalf("%+v, %v", r, err)
	}
	for name, data := range killtest.Files(t, dir) {
		if strings.Contains(data, "MILLER") {
			t.Errorf("%s tells whose case is left out:\n%s", name, data)
		}
	}
}

func TestBadSets(t *testing.T) {
	for _, names := range [][]string{nil, {"a", "A"}, {""}, {"a/b"}, {".."}} {
		s := several(2, make([]int, 2))
		s.Cases = names
		if _, err := Write(context.Background(), filepath.Join(t.TempDir(), "out"), pngPreset, s, Options{}, nil); err == nil {
			t.Errorf("cases named %q were exported", names)
		}
	}
}
