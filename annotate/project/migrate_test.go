package project

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"groundglass/annotate"
)

// version1 are projects in the layouts that version 1 had, made by the programs of
// their time, each with a text of what these saw in it.
var version1 = []string{"first", "looks", "spans", "rejected"}

// seen tells of a session what the texts beside the projects of version 1 do.
func seen(s *annotate.Session) string {
	var b strings.Builder
	for i := range testSlices {
		m := s.Mask(i)
		fmt.Fprintf(&b, "slice %d, status %d, threshold %g\n", i, s.Status(i), s.SliceThreshold(i))
		for j := range m.Label {
			b.WriteByte([]byte{'.', 'm', '0' + m.Label[j], 'x'}[m.Origin[j]])
			if j%testW == testW-1 {
				b.WriteByte('\n')
			}
		}
	}
	for _, l := range s.Labels() {
		fmt.Fprintf(&b, "label %d %s\n", l.Value, l.Name)
	}
	done, undone := s.History().Len()
	fmt.Fprintf(&b, "done %d undone %d\n", done, undone)
	return b.String()
}

// wantSeen is the text beside a project of version 1.
func wantSeen(t *testing.T, layout string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/version1/" + layout + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// oldProject is a disk with a project of version 1 in the folder work.
func oldProject(t *testing.T, layout string) *memFS {
	t.Helper()
	out, root := newMemFS(), "testdata/version1/"+layout
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		to := "work" + strings.TrimPrefix(filepath.ToSlash(path), root)
		if d.IsDir() {
			out.nodes[to] = &node{dir: true}
			return nil
		}
		data, err := os.ReadFile(path)
		out.nodes[to] = &node{data: data, synced: len(data)}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, n := range out.nodes {
		out.durable[path] = n
	}
	return out
}

// datedOptions are testOptions with a clock that stands still.
func datedOptions(disk FS) Options {
	o := testOptions(disk)
	o.Now = func() time.Time { return time.Date(2026, 12, 1, 9, 30, 0, 0, time.UTC) }
	return o
}

const kept1 = "work before version 2, 2026-12-01 093000"

// seenIn is what a session sees of a folder.
func seenIn(t *testing.T, disk FS, dir string) string {
	t.Helper()
	s := testSession()
	if _, err := load(disk, dir+"/series/"+SeriesID(s.Series()), s); err != nil {
		t.Fatalf("%s: %v", dir, err)
	}
	return seen(s)
}

// Each layout of version 1 is read as the program saw it that wrote it, and can be
// undone to the end.
func TestVersion1(t *testing.T) {
	for _, layout := range version1 {
		disk, want := oldProject(t, layout), wantSeen(t, layout)
		s, _, st, report := keep(t, datedOptions(disk), "work")
		if got := seen(s); got != want || len(report.Damage) > 0 {
			t.Errorf("%s: %q, the state is\n%swant\n%s", layout, report.Damage, got, want)
		}
		s.OnRecord(st.Record)
		edits, _ := s.History().Len()
		for s.Undo() {
		}
		s.GoTo(edits)
		if got := seen(s); got != want {
			t.Errorf("%s: undone and done again, the state is\n%s", layout, got)
		}
		if err := st.Close(nil); err != nil {
			t.Fatal(err)
		}
		if got := seenIn(t, disk, "work"); got != want {
			t.Errorf("%s: in version %d, the state is\n%s", layout, Version, got)
		}
	}
}

// A project of version 1 that is opened is one of this version, and what it was
// lies beside it.
func TestUpgrade(t *testing.T) {
	for _, linked := range []bool{false, true} {
		disk, old := oldProject(t, "rejected"), oldProject(t, "rejected")
		disk.linked = linked
		var aside []string
		_, p, st, _ := keep(t, datedOptions(disk), "work", Events{SetAside: func(dir string) { aside = append(aside, dir) }})
		if err := st.Close(nil); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(aside, []string{kept1}) {
			t.Errorf("told of %q", aside)
		}
		if d := p.Description(); d.Version != Version || len(d.Series) != 1 {
			t.Errorf("the project's file says %+v", d)
		}
		sameFiles(t, disk, kept1, old, "work")
		newest := slices.Collect(func(yield func(string) bool) {
			for _, path := range disk.files() {
				if strings.HasPrefix(path, "work/") && old.nodes[path] == nil && !yield(path) {
					return
				}
			}
		})
		if len(newest) != 2 { // maps and a snapshot
			t.Errorf("the new files are %q", newest)
		}
		for _, path := range newest {
			kind, _, _ := splitName(filepath.Base(path))
			if c, err := take(kind, disk.nodes[path].data); err != nil || c.head.Version != Version || !c.whole {
				t.Errorf("%s is of version %d, %v", path, c.head.Version, err)
			}
			delete(old.nodes, path)
		}
		for _, path := range disk.files() { // the new files alone are all of it
			if strings.HasPrefix(path, "work/") && !slices.Contains(newest, path) {
				delete(disk.nodes, path)
			}
		}
		if got := seenIn(t, disk, "work"); got != wantSeen(t, "rejected") {
			t.Errorf("the new files make\n%s", got)
		}
	}
}

// A second one of the same moment gets a name of its own.
func TestWhatWasSetAsideStays(t *testing.T) {
	disk := oldProject(t, "first")
	for path, n := range oldProject(t, "looks").nodes {
		disk.nodes[kept1+strings.TrimPrefix(path, "work")] = n
	}
	_, _, st, _ := keep(t, datedOptions(disk), "work")
	if err := st.Close(nil); err != nil {
		t.Fatal(err)
	}
	sameFiles(t, disk, kept1, oldProject(t, "looks"), "work")
	sameFiles(t, disk, kept1+" (2)", oldProject(t, "first"), "work")
}

// sameFiles compares a folder with another of another disk, but for its lock.
func sameFiles(t *testing.T, a *memFS, dir string, b *memFS, want string) {
	t.Helper()
	list := func(m *memFS, dir string) map[string]string {
		out := map[string]string{}
		for path, n := range m.nodes {
			if rest, in := strings.CutPrefix(path, dir+"/"); in && !n.dir {
				out[rest] = string(n.data)
			}
		}
		return out
	}
	got, all := list(a, dir), list(b, want)
	for name, data := range all {
		if got[name] != data {
			t.Errorf("%s/%s is another than it was", dir, name)
		}
	}
	if len(got) != len(all) {
		t.Errorf("%s has %d files, want %d", dir, len(got), len(all))
	}
}

// wholeAt checks a disk on which an upgrade was stopped: the work is there, and so
// is what the project was, in its place or beside it.
func wholeAt(t *testing.T, what string, disk *memFS, layout string) {
	t.Helper()
	if got := seenIn(t, disk, "work"); got != wantSeen(t, layout) {
		t.Fatalf("%s: the state is\n%s", what, got)
	}
	d, err := decode(disk.nodes["work/"+DescriptionFile].data)
	if err != nil || d.Format == "" {
		t.Fatalf("%s: the project's file is gone, %v", what, err)
	}
	if d.Version == Version || disk.nodes[kept1] != nil {
		sameFiles(t, disk, kept1, oldProject(t, layout), "work")
		return
	}
	for path, n := range oldProject(t, layout).nodes {
		if now := disk.nodes[path]; now == nil || !bytes.Equal(now.data, n.data) {
			t.Fatalf("%s: %s has changed, and the project is of version %d", what, path, d.Version)
		}
	}
}

// upgraded opens a project again, and checks that it is of this version now.
func upgraded(t *testing.T, what string, disk *memFS, layout string) {
	t.Helper()
	s, p, st, report := keep(t, datedOptions(disk), "work")
	if err := st.Close(nil); err != nil {
		t.Fatalf("%s: opened again: %v", what, err)
	}
	if got := seen(s); got != wantSeen(t, layout) || p.Description().Version != Version {
		t.Fatalf("%s: opened again: version %d, %q,\n%s", what, p.Description().Version, report.Damage, got)
	}
	wholeAt(t, what+", opened again", disk, layout)
	if part := "work before version 2" + partEnding; disk.nodes[part] != nil {
		t.Errorf("%s: %s is left", what, part)
	}
}

// An upgrade that the power cuts off at any call leaves the project whole, and is
// done when it is next opened.
func TestPowerCutInAnUpgrade(t *testing.T) {
	for n, layout := range []string{"first", "rejected"} {
		disk := oldProject(t, layout)
		disk.linked = n == 1
		var cuts []*memFS
		r := rand.New(rand.NewPCG(uint64(n), 9))
		disk.before = func(call int) { cuts = append(cuts, disk.image([]*rand.Rand{nil, r}[(call+n)%2])) }
		_, _, st, _ := keep(t, datedOptions(disk), "work")
		if err := st.Close(nil); err != nil {
			t.Fatal(err)
		}
		for k, cut := range cuts {
			what := fmt.Sprintf("%s, cut %d of %d", layout, k, len(cuts))
			wholeAt(t, what, cut, layout)
			cut.linked = disk.linked
			upgraded(t, what, cut, layout)
		}
	}
}

// Whatever call of an upgrade fails, once or from then on, and wherever the disk
// is full: the project is whole, and it is told that nothing can be written.
func TestFailureInAnUpgrade(t *testing.T) {
	const layout = "spans"
	clean := oldProject(t, layout)
	_, _, st, _ := keep(t, datedOptions(clean), "work")
	if err := st.Close(nil); err != nil {
		t.Fatal(err)
	}
	try := func(what string, lasting bool, prepare func(*memFS)) {
		disk := oldProject(t, layout)
		prepare(disk)
		_, _, st, _ := keep(t, datedOptions(disk), "work")
		err := st.Close(nil)
		if lasting && err == nil && disk.nodes[kept1] == nil {
			t.Fatalf("%s, and nothing is said", what)
		}
		disk.mu.Lock()
		disk.fail, disk.room = nil, -1
		disk.mu.Unlock()
		left := disk.afterPowerCut(nil)
		wholeAt(t, what, left, layout)
		if !lasting {
			upgraded(t, what, left, layout)
		}
	}
	broken := errors.New("input/output error")
	for n := 1; n <= clean.called(); n++ {
		for _, lasting := range []bool{false, true} {
			if lasting && n%3 > 0 {
				continue // it is much like what the next call gives
			}
			try(fmt.Sprintf("call %d fails (for good: %t)", n, lasting), lasting, func(m *memFS) {
				m.fail = func(call int) error {
					if call == n || lasting && call > n {
						return broken
					}
					return nil
				}
			})
		}
	}
	for room := 0; room < 12000; room += 397 {
		try(fmt.Sprintf("there is room for %d bytes", room), true, func(m *memFS) { m.room = room })
	}
}

func TestNewerProjectIsRefused(t *testing.T) {
	dir := t.TempDir()
	text := fmt.Sprintf(`{"format": %q, "version": %d}`, projectFormat, Version+1)
	if err := os.WriteFile(filepath.Join(dir, DescriptionFile), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(dir, testOptions(nil))
	_, also := Describe(dir)
	want := fmt.Sprintf("a newer version of the program wrote this: version %d; this one reads up to %d", Version+1, Version)
	for _, err := range []error{err, also} {
		if !errors.Is(err, ErrNewer) || !strings.Contains(err.Error(), want) {
			t.Errorf("a newer project gives %v", err)
		}
	}
}
