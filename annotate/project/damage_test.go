package project

import (
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// twoGenerations is a disk with two snapshots, the journals between and after,
// and maps; and what was done.
func twoGenerations(t testing.TB) (*memFS, *editor) {
	t.Helper()
	fs := newMemFS()
	o := testOptions(fs)
	s, _, st, _ := keep(t, o, "work")
	e := newEditor(s, 8)
	e.kept(st)
	for part := range 3 {
		for range 8 {
			e.act()
		}
		if part < 2 {
			st.Snapshot(s.State())
		}
		if err := st.Flush(); err != nil {
			t.Fatal(err)
		}
	}
	if err := st.Close(nil); err != nil {
		t.Fatal(err)
	}
	return fs, e
}

// Each byte of each file is changed in turn: what it held is lost at most, and
// told. A snapshot's loss is none, since it is made of journals that are there.
func TestEachByteChanged(t *testing.T) {
	fs, e := twoGenerations(t)
	full := e.after(t, len(e.steps))
	kinds := map[string]int{}
	for _, path := range fs.files() {
		kind, _, _ := splitName(filepath.Base(path))
		data := fs.nodes[path].data
		for i := range data {
			data[i] ^= 1 << (i % 8)
			state, step, report := recovered(t, fs, "work")
			switch {
			case len(report.Damage) == 0 && state != full:
				t.Fatalf("%s: byte %d is changed, the state is another, and nothing is said", path, i)
			case kind == snapshots && state != full:
				t.Fatalf("%s: byte %d is changed, and the state is another: %q", path, i, report.Damage)
			case step < len(e.steps)-1:
				t.Fatalf("%s: byte %d is changed, and only %d steps of %d are there", path, i, step, len(e.steps))
			}
			if len(report.Damage) > 0 {
				kinds[kind]++
			}
			data[i] ^= 1 << (i % 8)
		}
	}
	if got := slices.Sorted(maps.Keys(kinds)); !slices.Equal(got, []string{journals, mapFiles, snapshots}) {
		t.Errorf("damage was told of %v only", got)
	}
}

// Each file is missing, or cut off somewhere, in turn.
func TestFileMissingOrCutOff(t *testing.T) {
	fs, e := twoGenerations(t)
	full := e.after(t, len(e.steps))
	r := rand.New(rand.NewPCG(1, 2))
	files := fs.files()
	for _, path := range files {
		data := fs.nodes[path].data
		for range 30 {
			at := r.IntN(len(data))
			fs.nodes[path].data = data[:at]
			state, step, report := recovered(t, fs, "work")
			if state != full && len(report.Damage) == 0 && state != e.after(t, step) {
				t.Fatalf("%s ends at byte %d of %d, the state is another, and nothing is said", path, at, len(data))
			}
			if strings.Contains(path, snapshots) && state != full {
				t.Fatalf("%s ends at byte %d: the state is another: %q", path, at, report.Damage)
			}
		}
		fs.nodes[path].data = data
		gone := fs.nodes[path]
		delete(fs.nodes, path)
		state, _, report := recovered(t, fs, "work")
		if state != full && len(report.Damage) == 0 {
			t.Errorf("without %s the state is another, and nothing is said", path)
		}
		fs.nodes[path] = gone
	}
}

// What was damaged is kept under another name, and the work goes on safely.
func TestDamagedFileIsPutAside(t *testing.T) {
	damaged := 0
	for n := range 5 {
		fs, _ := twoGenerations(t)
		path := fs.files()[n]
		data := fs.nodes[path].data
		data[len(data)/2] ^= 4
		s, _, st, report := keep(t, testOptions(fs), "work")
		e := newEditor(s, 1)
		e.kept(st)
		e.stroke()
		if err := st.Close(nil); err != nil {
			t.Fatal(err)
		}
		if len(report.Damage) > 0 {
			damaged++
			if fs.nodes[path+asideEnding] == nil {
				t.Errorf("%s was damaged and is not kept: %q", path, report.Damage)
			}
		}
		if state, _, again := recovered(t, fs, "work"); state != canonical(s) || len(again.Damage) > 0 {
			t.Errorf("after %s was damaged, the work was not safe: %q", path, again.Damage)
		}
	}
	if damaged < 3 {
		t.Errorf("only %d files were of any use", damaged)
	}
}

func TestNewerFilesAreRefused(t *testing.T) {
	fs, _ := twoGenerations(t)
	for _, path := range fs.files() {
		data := fs.nodes[path].data
		h := head{Format: "groundglass journal", Version: Version + 1}
		fs.nodes[path].data = appendFrame(nil, h.payload())
		if _, err := load(fs, filepath.Dir(path), testSession()); err == nil || !strings.Contains(err.Error(), "newer") {
			t.Errorf("%s of version %d gives %v", path, Version+1, err)
		}
		fs.nodes[path].data = data
	}
}

func FuzzFiles(f *testing.F) {
	fs, _ := twoGenerations(f)
	for _, path := range fs.files() {
		f.Add(fs.nodes[path].data)
	}
	dir := filepath.Dir(fs.files()[0])
	f.Fuzz(func(t *testing.T, data []byte) {
		fs := newMemFS()
		_ = fs.MkdirAll(dir)
		for n, kind := range []string{snapshots, journals, mapFiles} {
			fs.nodes[filepath.Join(dir, fileName(kind, n+1))] = &node{data: data}
		}
		s := testSession()
		_, _ = load(fs, dir, s)
		for i := range testSlices {
			s.Mask(i)
		}
		_ = canonical(s)
	})
}
