package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct/phantom"
	"groundglass/annotate/project"
	"groundglass/app/internal/cli"
	"groundglass/ui"
)

// tree is what a folder holds: the name, size, time and content of each file.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var out strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil || d.IsDir() {
			fmt.Fprintln(&out, path)
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintln(&out, path, info.ModTime(), string(data))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func newTestKeeper(t *testing.T) *keeper {
	t.Helper()
	k, err := newKeeper()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// The command line reads a project as the window shows it, also while the window
// has it open, and leaves no trace in it.
func TestCommandLineReadsAProject(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	images := writePhantom(t, phantom.Options{Size: 64, Slices: 4, Seed: 3})
	k := newTestKeeper(t)
	s, kept, _ := keptSession(t, k, images)
	s.SetConnector(cli.Connector(s.Series()))
	prob := make([]uint8, 64*64)
	for i := range prob {
		prob[i] = uint8(255 * (i / 64 % 9 / 5 * (i % 9 / 4)))
	}
	generation := s.BeginProposal()
	for i := range 3 {
		s.Propose(i, generation, annotate.Guess{Prob: prob})
	}
	c := annotate.DefaultConnectivity()
	c.LeastArea, c.FillHoles = 3, true
	s.SetConnectivity(c)
	dab(s, 10, 10)
	if _, err := s.AddLabel(annotate.Label{Name: "Nodule"}); err != nil {
		t.Fatal(err)
	}
	s.Accept(0)
	s.Reject(1)
	dab(s, 30, 30)
	read := func(path string) cli.ProjectWork {
		t.Helper()
		var warnings bytes.Buffer
		p := cli.Program{Stdout: &warnings, Stderr: &warnings}
		was := tree(t, kept.Place())
		work, err := p.OpenProject(t.Context(), path)
		if err != nil || len(work) != 1 || warnings.Len() > 0 {
			t.Fatalf("%s: %d series, %v\n%s", path, len(work), err, warnings.String())
		}
		if tree(t, kept.Place()) != was {
			t.Errorf("%s was read, and has changed", path)
		}
		return work[0]
	}
	check := func(path string) {
		t.Helper()
		got, want := read(path), s.Snapshot()
		for i := range want.Len() {
			if !got.Snapshot.Mask(i).Equal(want.Mask(i)) || got.Snapshot.Status(i) != want.Status(i) || got.Snapshot.SliceConnectivity(i) != want.SliceConnectivity(i) {
				t.Errorf("%s: slice %d is another than in the window", path, i)
			}
		}
		if !slices.Equal(got.Snapshot.Labels, want.Labels) {
			t.Errorf("%s: the labels are %v", path, got.Snapshot.Labels)
		}
		if got.Spent[1].Edits != 3 || len(got.Spent[1].By) != 1 || got.Spent[2].Edits != 1 || !bytes.Contains(got.Audit, []byte("Reject slice")) {
			t.Errorf("%s: the slices' work is %v, and the audit\n%s", path, got.Spent, got.Audit)
		}
	}
	if err := kept.Flush(); err != nil {
		t.Fatal(err)
	}
	check(kept.Place())
	if err := kept.Close(s.State()); err != nil {
		t.Fatal(err)
	}
	check(filepath.Join(kept.Place(), project.DescriptionFile))
	if _, err := (&cli.Program{}).OpenProject(t.Context(), images); !errors.Is(err, project.ErrNone) {
		t.Errorf("a folder of images gives %v", err)
	}
}

// Files that are others than those that were worked on are told of, and so are
// images that are gone.
func TestCommandLineTellsOfChangedImages(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	images := writePhantom(t, phantom.Options{Size: 64, Slices: 4, Seed: 3})
	s, kept, _ := keptSession(t, newTestKeeper(t), images)
	dab(s, 10, 10)
	var d project.Description
	for begun := time.Now(); len(d.Series) != 1 || d.Series[0].Sources[2].SHA256 == ""; time.Sleep(time.Millisecond) {
		if time.Since(begun) > 10*time.Second {
			t.Fatal("the images were not hashed")
		}
		d, _ = project.Describe(kept.Place())
	}
	if err := kept.Close(s.State()); err != nil {
		t.Fatal(err)
	}
	said := func() (string, error) {
		var warnings bytes.Buffer
		_, err := (&cli.Program{Stdout: &warnings, Stderr: &warnings}).OpenProject(t.Context(), kept.Place())
		return warnings.String(), err
	}
	file := d.Series[0].Sources[2].File
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data[len(data)-1] ^= 1 // a pixel
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if text, err := said(); err != nil || !strings.Contains(text, "the files of 1 slice of") {
		t.Errorf("a changed file gives %q, %v", text, err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if text, err := said(); err == nil || !strings.Contains(text, "not all where they were") {
		t.Errorf("a missing file gives %q, %v", text, err)
	}
}

// A copy of a project that another program has open has the audit log of what it
// holds, and so has an export from there.
func TestCopyOfAHeldProject(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	images := writePhantom(t, phantom.Options{Size: 64, Slices: 4, Seed: 3})
	s, kept, _ := keptSession(t, newTestKeeper(t), images)
	dab(s, 10, 10)
	dab(s, 30, 30)
	if err := kept.Flush(); err != nil {
		t.Fatal(err)
	}
	second := newTestKeeper(t)
	found, err := opener{second}.Open(t.Context(), []string{images}, nil)
	if err != nil {
		t.Fatal(err)
	}
	looks := annotate.NewSession(found.Series[0])
	options := ui.KeepOptions{Status: func(ui.KeepStatus) {}, Want: func() {}}
	if none, restored, err := second.Keep(looks, options); none != nil || restored.ReadOnly == "" || err != nil {
		t.Fatalf("the project is not held: %+v, %v", restored, err)
	}
	dab(s, 50, 50) // not in the copy
	if err := kept.Close(s.State()); err != nil {
		t.Fatal(err)
	}
	if audit, on := second.worked(looks.Series()); bytes.Count(audit, []byte("\n")) != 2 || on(0).Edits != 2 {
		t.Errorf("an export would say\n%s", audit)
	}
	dir := filepath.Join(t.TempDir(), "copy")
	adopted, err := second.Adopt(dir, looks, options)
	if err != nil {
		t.Fatal(err)
	}
	looks.OnRecord(adopted.Record)
	dab(looks, 20, 50)
	if err := adopted.Close(looks.State()); err != nil {
		t.Fatal(err)
	}
	audit := project.Audit(dir, project.SeriesID(looks.Series()), 99)
	if n := bytes.Count(audit, []byte("\n")); n != 3 || !bytes.Contains(audit, []byte(`"step":3,`)) {
		t.Errorf("the copy's audit file has %d lines:\n%s", n, audit)
	}
}
