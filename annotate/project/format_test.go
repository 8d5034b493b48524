package project

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate"
)

// python runs the reader. It is the system's own: a virtual environment lacks
// NumPy.
const python = "/usr/bin/python3"

// reader is the program in FORMAT.md, with a part added that writes the planes out.
func reader(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("FORMAT.md")
	if err != nil {
		t.Fatal(err)
	}
	_, code, ok := strings.Cut(string(text), "```python\n")
	if !ok {
		t.Fatal("there is no reader in FORMAT.md")
	}
	code, _, _ = strings.Cut(code, "```")
	path := filepath.Join(t.TempDir(), "reader.py")
	code += "for i, l, o in masks(sys.argv[1], series['rows'], series['columns']):\n" +
		"    open(sys.argv[2] + '/%d' % i, 'wb').write(l.tobytes() + o.tobytes())\n" +
		"for i, p in maps(sys.argv[1], series['rows'], series['columns']):\n" +
		"    open(sys.argv[2] + '/map%d' % i, 'wb').write(p.tobytes())\n"
	if err := os.WriteFile(path, []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// The file of the project has the labels that the masks have.
func TestDescriptionHasTheLabels(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "p")
	s, p, st, _ := keep(t, testOptions(Disk{}), dir)
	s.Do("Line", 0, func(on *annotate.Stroke) { on.Span(0, 0, 2, 1) })
	if _, err := s.AddLabel(annotate.Label{Name: "Nodule"}); err != nil {
		t.Fatal(err)
	}
	state := s.State()
	if err := st.Close(&state); err != nil {
		t.Fatal(err)
	}
	p.Close()
	d, err := Describe(dir)
	if err != nil || len(d.Series) != 1 || len(d.Series[0].Labels) != 4 || d.Series[0].Labels[3].Name != "Nodule" {
		t.Errorf("%v, %+v", err, d.Series)
	}
}

// Steps mean what they meant when they were done, also where sessions begin with
// other labels by the time they are done again.
func TestJournalKnowsTheFirstLabels(t *testing.T) {
	dir, o := filepath.Join(t.TempDir(), "p"), testOptions(Disk{})
	begin := func(name string) (*annotate.Session, *Project, *Store) {
		s := testSession()
		if err := s.StartLabels([]annotate.Label{{Value: 1, Name: name}, {Value: 2, Name: "Other"}}, nil); err != nil {
			t.Fatal(err)
		}
		p, err := Open(dir, o)
		if err != nil {
			t.Fatal(err)
		}
		st, report, err := p.Keep(s, Events{})
		if err != nil || len(report.Damage) > 0 {
			t.Fatal(err, report.Damage)
		}
		return s, p, st
	}
	s, p, st := begin("Nodule")
	s.Do("Line", 0, func(on *annotate.Stroke) { on.Span(0, 0, 2, 1) })
	if err := st.Close(nil); err != nil { // as if it had been killed
		t.Fatal(err)
	}
	p.Close()
	s, p, st = begin("Honeycombing")
	if l, _ := s.LabelOf(1); l.Name != "Nodule" || s.Foreground(0) != 2 {
		t.Errorf("what was a nodule is %q now, on %d pixels", l.Name, s.Foreground(0))
	}
	s.Undo()
	if l, _ := s.LabelOf(1); l.Name != "Nodule" {
		t.Errorf("undone, the label is %q", l.Name)
	}
	if err := st.Close(nil); err != nil {
		t.Fatal(err)
	}
	p.Close()
}

// Where the program was ended before it wrote masks, the reader says so, and what to do.
func TestReaderWithoutMasks(t *testing.T) {
	dir, out := filepath.Join(t.TempDir(), "p"), t.TempDir()
	s, p, st, _ := keep(t, testOptions(Disk{}), dir)
	e := newEditor(s, 6)
	e.kept(st)
	e.act()
	if err := st.Close(nil); err != nil { // as if it had been killed
		t.Fatal(err)
	}
	p.Close()
	series := filepath.Join(dir, "series", SeriesID(s.Series()))
	var exit *exec.ExitError
	said, err := exec.Command(python, reader(t), series, out).CombinedOutput()
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || string(said) != "no masks yet: open the images in the program, and close it\n" {
		t.Errorf("%v\n%s", err, said)
	}
	s, p, st, _ = keep(t, testOptions(Disk{}), dir)
	state := s.State()
	if err := st.Close(&state); err != nil {
		t.Fatal(err)
	}
	p.Close()
	if said, err := exec.Command(python, reader(t), series, out).CombinedOutput(); err != nil {
		t.Errorf("once it was closed: %v\n%s", err, said)
	}
}

// The reader in FORMAT.md gives the masks and the maps that the program has.
func TestReaderOfTheFormat(t *testing.T) {
	dir, out := filepath.Join(t.TempDir(), "p"), t.TempDir()
	s, p, st, _ := keep(t, testOptions(Disk{}), dir)
	e := newEditor(s, 6)
	e.kept(st)
	for range 30 {
		e.act()
	}
	state := s.State()
	if err := st.Close(&state); err != nil {
		t.Fatal(err)
	}
	p.Close()
	said, err := exec.Command(python, reader(t), filepath.Join(dir, "series", SeriesID(s.Series())), out).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, m := range state.Maps() {
		got, err := os.ReadFile(filepath.Join(out, fmt.Sprintf("map%d", m.ID)))
		if err != nil || e.probs[m.ID] == nil || string(got) != string(e.probs[m.ID]) {
			t.Errorf("map %d is another than the model made: %v", m.ID, err)
		}
	}
	counts := ""
	for i := range testSlices {
		m := s.Mask(i)
		got, err := os.ReadFile(filepath.Join(out, fmt.Sprint(i)))
		if s.Status(i) == annotate.New {
			if err == nil {
				t.Errorf("slice %d is new, and has a mask", i)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		want := append([]byte{}, m.Label...)
		var n [256][4]int
		for j, o := range m.Origin {
			want = append(want, byte(o))
			n[m.Label[j]][o]++
		}
		if string(got) != string(want) {
			t.Errorf("slice %d is another than the program's", i)
		}
		for value := 1; value < 256; value++ {
			if n[value] != [4]int{} {
				counts += fmt.Sprintln(i+1, value, n[value][annotate.Model], n[value][annotate.HumanAdded])
			}
		}
	}
	if string(said) != counts || counts == "" {
		t.Errorf("the reader says\n%swant\n%s", said, counts)
	}
}
