package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/deid"
	"groundglass/annotate/export"
	"groundglass/app/internal/cli"
	"groundglass/ui"
)

// An export is replaced only by one of the same open series: a series that was opened anew has lost the strokes.
func TestExporterReplacesItsOwn(t *testing.T) {
	p := phantom.New(phantom.Options{Size: 64, Slices: 2})
	e := &exporter{model: "m", written: map[string]*ct.Series{}}
	dir := filepath.Join(t.TempDir(), "masks")
	run := func(s *annotate.Session) (ui.Exported, error) {
		return e.Export(t.Context(), dir, []annotate.Snapshot{s.Snapshot()}, ui.ExportOptions{Preset: "png", Identity: true, People: true}, nil)
	}
	s := annotate.NewSession(p.Series())
	for range 2 {
		said, err := run(s)
		if err != nil || !strings.HasPrefix(said.Summary, "2 slices, in 2 files and their manifests.") || said.Key != "" {
			t.Errorf("%+v, %v", said, err)
		}
		s.Press(annotate.Point{X: 30, Y: 30})
		s.Release()
	}
	other := ui.ExportOptions{Preset: "nifti", Identity: true}
	if _, err := e.Export(t.Context(), dir, []annotate.Snapshot{s.Snapshot()}, other, nil); !errors.Is(err, ui.ErrExists) {
		t.Errorf("another format replaces it unasked: %v", err)
	}
	before, err := export.Verify(t.Context(), dir)
	if err != nil || before.Foreground == 0 {
		t.Fatalf("%+v, %v", before, err)
	}
	if _, err := run(annotate.NewSession(p.Series())); !errors.Is(err, ui.ErrExists) {
		t.Errorf("another session: %v", err)
	}
	if after, err := export.Verify(t.Context(), dir); err != nil || after.Foreground != before.Foreground {
		t.Errorf("the export changed: %+v, %v", after, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := e.Export(stopped, filepath.Join(t.TempDir(), "x"), []annotate.Snapshot{s.Snapshot()}, ui.ExportOptions{Preset: "png", Identity: true}, nil); err == nil {
		t.Error("a cancelled export went through")
	}
}

// The key of pseudonyms is made when it is needed, lies where the window says, and is told to be new once.
func TestExportTellsOfTheKey(t *testing.T) {
	for _, home := range []string{"XDG_DATA_HOME", "LocalAppData", "HOME"} {
		t.Setenv(home, t.TempDir())
	}
	series := phantom.New(phantom.Options{Size: 64, Slices: 2}).Series()
	series.Patient = ct.Patient{ID: "7781234", Name: "Miller^Ann"}
	all := []annotate.Snapshot{annotate.NewSession(series).Snapshot()}
	dir := filepath.Join(t.TempDir(), "Miller")
	e := &exporter{written: map[string]*ct.Series{}}
	file, there := e.Key()
	if there || file == "" {
		t.Fatalf("before it is made, the key is %q, %t", file, there)
	}
	if said := e.Naming(dir, "", []*ct.Series{series}); len(said) != 1 || !strings.HasPrefix(said[0], "The folder's name") {
		t.Errorf("of the names it says %q", said)
	}
	if said := e.Naming(filepath.Join(dir, "labels"), "", []*ct.Series{series, series}); len(said) != 1 || !strings.HasPrefix(said[0], "The path") {
		t.Errorf("of the folders around it says %q", said)
	}
	for _, made := range []bool{true, false} {
		o := ui.ExportOptions{Preset: "png"}
		e.Leaving(dir, all, o) // which needs the key already
		done, err := e.Export(t.Context(), dir, all, o, nil)
		if err != nil || done.Key != file || done.KeyMade != made {
			t.Errorf("%+v, %v", done, err)
		}
		if data, err := os.ReadFile(file); err != nil || !strings.Contains(string(data), "7781234") {
			t.Errorf("the key holds %q, %v", data, err)
		}
		if _, there := e.Key(); !there {
			t.Error("the key is not there")
		}
	}
}

// The gate says what becomes of the UIDs of images that were de-identified before.
func TestGateOfDeidentifiedImages(t *testing.T) {
	for _, home := range []string{"XDG_DATA_HOME", "LocalAppData", "HOME"} {
		t.Setenv(home, t.TempDir())
	}
	series := phantom.New(phantom.Options{Size: 64, Slices: 2}).Series()
	all := []annotate.Snapshot{annotate.NewSession(series).Snapshot()}
	e := &exporter{written: map[string]*ct.Series{}}
	for by, want := range map[string]string{deid.Method: "leave as they are", "Another": "mapped all the same"} {
		series.Patient.Removed, series.Patient.RemovedBy = true, by
		if l := e.Leaving("/data/out", all, ui.ExportOptions{Preset: "png"}); len(l.Notes) != 1 || !strings.Contains(l.Notes[0], want) {
			t.Errorf("%s: %q", by, l.Notes)
		}
	}
	if l := e.Leaving("/data/out", all, ui.ExportOptions{Preset: "png", Identity: true}); len(l.Notes) != 0 {
		t.Errorf("%q", l.Notes)
	}
}

// Nothing is exported among the images, around them, or around the key; folders that only have the images' somewhere
// above are free where all that is the user's lies there.
func TestExportKeepsApart(t *testing.T) {
	for _, name := range []string{"XDG_DATA_HOME", "LocalAppData", "HOME", "USERPROFILE"} {
		t.Setenv(name, filepath.Join(t.TempDir(), name))
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	of := func(files ...string) []*ct.Series {
		meta := ct.Series{Rows: 8, Columns: 8}
		for _, file := range files {
			meta.Sources = append(meta.Sources, ct.Source{File: file})
		}
		return []*ct.Series{ct.NewSeries(meta, func(int) (*ct.Slice, error) { return nil, errors.New("none") })}
	}
	e := &exporter{written: map[string]*ct.Series{}}
	file, _ := e.Key()
	stack, volume := of(filepath.Join(home, "a", "1.dcm"), filepath.Join(home, "a", "2.dcm")), of(filepath.Join(home, "a", "ct.nii.gz"))
	loose := of(filepath.Join(home, "1.png"), filepath.Join(home, "2.png"))
	for _, c := range []struct {
		what     string
		series   []*ct.Series
		dir      string
		identity bool
		want     string
	}{
		{"beside the images", stack, filepath.Join(home, "a out"), false, ""},
		{"among the images", stack, filepath.Join(home, "a", "b", "out"), false, "read as a part of it"},
		{"the images' folder", stack, filepath.Join(home, "a"), false, "made of"},
		{"around the images", stack, home, true, "lies in"},
		{"beside a volume", volume, filepath.Join(home, "a", "out"), false, ""},
		{"a volume's folder", volume, filepath.Join(home, "a"), false, "lies in"},
		{"images in the user's folder", loose, filepath.Join(home, "groundglass-export", "x"), false, ""},
		{"the demo", []*ct.Series{phantom.New(phantom.Options{Size: 64, Slices: 2}).Series()}, home, true, ""},
		{"around the key", stack, filepath.Dir(filepath.Dir(file)), false, "leave with it"},
		{"around the key that is not used", stack, filepath.Dir(file), true, ""},
	} {
		err := e.Apart(c.dir, c.series, c.identity)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.what, err)
		}
	}
	all := []annotate.Snapshot{annotate.NewSession(stack[0]).Snapshot()}
	if _, err := e.Export(t.Context(), filepath.Join(home, "a"), all, ui.ExportOptions{Preset: "png"}, nil); err == nil {
		t.Error("it exports into the images' folder")
	}
	if _, there := e.Key(); there {
		t.Error("a key was made for nothing")
	}
}

func TestServicesWithoutModel(t *testing.T) {
	s := newServices(cli.ModelChoice{File: filepath.Join(t.TempDir(), "gone.onnx")})
	if s.Proposer != nil || !strings.Contains(s.NoModel, "gone.onnx") || s.Opener == nil || s.Exporter == nil {
		t.Errorf("%+v", s)
	}
	found, err := s.Demo(t.Context())
	if err != nil || len(found.Series) != 1 || found.Series[0].Len() < 2 {
		t.Errorf("the demo case: %+v, %v", found, err)
	}
}

func TestTracer(t *testing.T) {
	var b bytes.Buffer
	trace := tracer(&b)
	trace("one", map[string]any{"x": 1.5})
	trace("two", nil)
	var events []map[string]any
	for line := range strings.Lines(b.String()) {
		var e map[string]any
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		events = append(events, e)
	}
	if len(events) != 2 || events[0]["event"] != "one" || events[0]["x"] != 1.5 || events[1]["event"] != "two" {
		t.Errorf("%v", events)
	}
}

func TestToolkitLog(t *testing.T) {
	var b bytes.Buffer
	var failed []string
	l := &toolkitLog{out: &b, failed: func(cause string) { failed = append(failed, cause) }}
	for _, line := range []string{"Fyne error:  a theme\n", "  Cause: none\n", "Fyne error:  window creation error\n", "  Cause: no GLX\n", "  At: x\n", "  Cause: y\n"} {
		if n, err := l.Write([]byte(line)); n != len(line) || err != nil {
			t.Errorf("wrote %d, %v", n, err)
		}
	}
	if len(failed) != 1 || failed[0] != "no GLX" || strings.Count(b.String(), "\n") != 6 {
		t.Errorf("%q of %q", failed, b.String())
	}
}

// The crash log keeps the last crash and the one before, and where the work stood.
func TestCrashLog(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	t.Setenv("LocalAppData", t.TempDir())
	t.Setenv("HOME", t.TempDir())
	data, err := dataFolder()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(data, "crashes", "crash.log")
	for range 2 {
		c, stop, err := logCrashes()
		if err != nil || c.fresh {
			t.Fatalf("without a crash: %+v, %v", c, err)
		}
		stop()
	}
	if err := os.WriteFile(path, []byte("panic: it broke"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, stop, err := logCrashes()
	if err != nil || !c.fresh {
		t.Fatalf("after a crash: %+v, %v", c, err)
	}
	stop()
	c.recovered("/data/project", 41)
	kept, err := os.ReadFile(filepath.Join(c.dir, crashBefore))
	if err != nil || !strings.HasPrefix(string(kept), "panic: it broke\n") || !strings.Contains(string(kept), "/data/project was recovered up to step 41") {
		t.Errorf("kept %q, %v", kept, err)
	}
}

// The version is in two places, since packaging tools read theirs.
func TestVersion(t *testing.T) {
	data, err := os.ReadFile("../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{`Version = "` + version + `"`, `ID = "` + appID + `"`} {
		if !strings.Contains(string(data), line) {
			t.Errorf("FyneApp.toml lacks %s", line)
		}
	}
}

// A model is let go only when nobody uses it, and comes back when it is wanted.
func TestModelIsLetGo(t *testing.T) {
	p, err := newProposer(cli.ModelChoice{File: writeModel(t)})
	if err != nil {
		t.Fatal(err)
	}
	series := phantom.New(phantom.Options{Size: 64, Slices: 2}).Series()
	propose := func() (maps [2][]byte) {
		each := func(i int, g annotate.Guess) {
			p.letGo()
			maps[i] = bytes.Clone(g.Prob)
		}
		if err := p.Propose(t.Context(), series, inOrder(2), each, func(int, int) {}); err != nil {
			t.Fatal(err)
		}
		return maps
	}
	first := propose()
	p.letGo()
	if p.model != nil {
		t.Error("the model stays loaded")
	}
	if again := propose(); !bytes.Equal(first[0], again[0]) || !bytes.Equal(first[1], again[1]) || len(first[1]) == 0 {
		t.Error("the model proposes otherwise when it is loaded again")
	}
}
