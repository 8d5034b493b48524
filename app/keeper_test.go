package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/export"
	"groundglass/ui"
)

// keptSession opens images as the window does, and keeps the work on them.
func keptSession(t *testing.T, k *keeper, path string) (*annotate.Session, ui.Kept, ui.Restored) {
	t.Helper()
	found, err := opener{k}.Open(t.Context(), []string{path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := annotate.NewSession(found.Series[0])
	kept, restored, err := k.Keep(s, ui.KeepOptions{Status: func(ui.KeepStatus) {}, Want: func() {}})
	if err != nil || kept == nil {
		t.Fatalf("the work is not kept: %v, %+v", err, restored)
	}
	return s, kept, restored
}

func dab(s *annotate.Session, x, y float64) {
	s.SetTool(annotate.Brush{Radius: 3, Label: 1})
	s.Press(annotate.Point{X: x, Y: y})
	s.Release()
}

// Work on images is found again when they are opened, whether from where they
// were, from elsewhere, or by the project that it was saved as.
func TestWorkIsFoundAgain(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	images := writePhantom(t, phantom.Options{Size: 64, Slices: 4, Seed: 3})
	anew := func() *keeper {
		k, err := newKeeper()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	k := anew()
	s, kept, restored := keptSession(t, k, images)
	if restored.Found {
		t.Fatalf("on new images there is work: %+v", restored)
	}
	dab(s, 10, 10)
	if err := kept.Close(s.State()); err != nil {
		t.Fatal(err)
	}
	elsewhere := filepath.Join(t.TempDir(), "Bilder ü")
	if err := os.Rename(images, elsewhere); err != nil {
		t.Fatal(err)
	}
	k = anew()
	s, kept, restored = keptSession(t, k, elsewhere)
	if !restored.Found || s.Foreground(0) == 0 {
		t.Fatalf("the images have moved, and the work is not found: %+v", restored)
	}
	dir := filepath.Join(t.TempDir(), "Thorax 1")
	adopted, err := k.Adopt(dir, s, ui.KeepOptions{Status: func(ui.KeepStatus) {}, Want: func() {}})
	if err != nil {
		t.Fatal(err)
	}
	s.OnRecord(adopted.Record)
	kept.Moved(dir)
	dab(s, 30, 30)
	want := s.Foreground(0)
	if err := adopted.Close(s.State()); err != nil {
		t.Fatal(err)
	}
	audit, err := filepath.Glob(filepath.Join(dir, "series", "*", "audit.jsonl"))
	if err != nil || len(audit) != 1 {
		t.Fatalf("the new folder has the audit files %v, %v", audit, err)
	}
	if lines, err := os.ReadFile(audit[0]); err != nil || strings.Count(string(lines), "\n") != 2 {
		t.Errorf("of two strokes the audit file says %s, %v", lines, err)
	}
	for _, path := range []string{elsewhere, dir, filepath.Join(dir, "project.json")} {
		s, kept, restored := keptSession(t, anew(), path)
		if got := s.Foreground(0); !restored.Found || got != want || kept.Place() != dir {
			t.Errorf("%s opened, %d pixels are labelled in %s, want %d in %s", path, got, kept.Place(), want, dir)
		}
		if err := kept.Close(s.State()); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := anew().Adopt(dir, s, ui.KeepOptions{}); err == nil {
		t.Error("a project that holds work on the images takes other work on them")
	}
	if err := os.RemoveAll(elsewhere); err != nil {
		t.Fatal(err)
	}
	if _, err := (opener{anew()}).Open(t.Context(), []string{dir}, nil); err == nil {
		t.Error("the images are gone, and the project opens")
	}
}

// An export carries the audit log, and what it tells of each slice; both are
// verified.
func TestExportCarriesTheAudit(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	k, err := newKeeper()
	if err != nil {
		t.Fatal(err)
	}
	s, kept, _ := keptSession(t, k, writePhantom(t, phantom.Options{Size: 64, Slices: 4, Seed: 3}))
	dab(s, 10, 10)
	dab(s, 30, 30)
	s.Accept(0)
	e := &exporter{k: k, written: map[string]*ct.Series{}}
	dir := filepath.Join(t.TempDir(), "masks")
	for range 2 { // the second replaces the first
		if _, err := e.Export(t.Context(), dir, []annotate.Snapshot{s.Snapshot()}, ui.ExportOptions{Preset: "png", Identity: true, People: true}, nil); err != nil {
			t.Fatal(err)
		}
	}
	m, err := export.ReadManifest(dir)
	if err != nil {
		t.Fatal(err)
	}
	c, err := export.ReadCase(dir, m.Cases[0])
	if err != nil || c.Slices[0].Edits != 3 || len(c.Slices[0].By) != 1 || c.Slices[0].Status != "accepted" || c.Slices[1].Edits != 0 {
		t.Fatalf("the manifest says %+v of the slices, %v", c.Slices, err)
	}
	audit := c.Files[len(c.Files)-1]
	if audit.Kind != export.KindAudit {
		t.Fatalf("the last file is %+v", audit)
	}
	path := filepath.Join(dir, filepath.FromSlash(audit.File))
	lines, err := os.ReadFile(path)
	if err != nil || strings.Count(string(lines), "\n") != 3 {
		t.Errorf("the audit log is %s, %v", lines, err)
	}
	if err := os.WriteFile(path, append(lines, ' '), 0o600); err != nil {
		t.Fatal(err)
	}
	if r, err := export.Verify(t.Context(), dir); err != nil || r.OK() {
		t.Errorf("a changed audit log passes: %+v, %v", r, err)
	}
	if err := kept.Close(s.State()); err != nil {
		t.Fatal(err)
	}
}
