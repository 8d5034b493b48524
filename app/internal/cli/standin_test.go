package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate"
	"groundglass/annotate/export"
	"groundglass/annotate/project"
)

// projectOf makes a project with a stroke on the series in a folder.
func projectOf(t *testing.T, images string) (work string) {
	t.Helper()
	work = filepath.Join(t.TempDir(), "work")
	p, err := project.Open(work, project.Options{Program: "test", User: "reader"})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	s := annotate.NewSession(seriesIn(t, images))
	store, _, err := p.Keep(s, project.Events{})
	if err != nil {
		t.Fatal(err)
	}
	s.SetTool(annotate.Brush{Radius: 3, Label: 1})
	s.Press(annotate.Point{X: 20, Y: 30})
	s.Release()
	if err := store.Close(nil); err != nil {
		t.Fatal(err)
	}
	return work
}

// A patient has one pseudonym: in the names of cases, in the manifest, in DICOM and in the key, whether a folder, a list or
// a project names the series, and is whom a list says where it says so.
func TestOnePseudonymByAnyWay(t *testing.T) {
	dir, _ := patients(t, 2)
	work, m, out := projectOf(t, filepath.Join(dir, "case0")), model(t), t.TempDir()
	key := filepath.Join(out, "key")
	exported := func(name string, args ...string) (patients []string) {
		to := filepath.Join(out, name)
		call(t, append([]string{"export", "-o", to, "--preset", "seg", "--key", key}, args...)...).want(t, 0, " of 2 cases", "")
		manifest, err := export.ReadManifest(to)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range manifest.Cases {
			patients = append(patients, c.Patient)
			file, err := os.ReadFile(filepath.Join(to, c.Case+"_seg.dcm"))
			if err != nil || !strings.HasPrefix(c.Case, c.Patient+"_s") || !bytes.Contains(file, append([]byte("LO\x0a\x00"), c.Patient...)) {
				t.Errorf("%s: the case %s is of the patient %s; %v", name, c.Case, c.Patient, err)
			}
		}
		return patients
	}
	called := func(name string) []string { return caseNames(t, filepath.Join(out, name)) }
	list := func(first string) string {
		return listOf(t, t.TempDir(), "path,patient,series", first+",", filepath.Join(dir, "case1")+",,")
	}
	who := exported("folder", filepath.Join(dir, "case0"), filepath.Join(dir, "case1"), "--model", m)
	if who[0] != who[1] {
		t.Errorf("the patients are %q", who)
	}
	call(t, "identify", who[0], "--key", key).want(t, 0, who[0]+": patient PHANTOM\n", "")
	for name, args := range map[string][]string{
		"list":           {"--list", list(filepath.Join(dir, "case0") + ","), "--model", m},
		"project":        {work, filepath.Join(dir, "case1"), "--model", m},
		"project listed": {"--list", list(work + ","), "--model", m},
	} {
		if got := exported(name, args...); !slices.Equal(got, who) || !slices.Equal(called(name), called("folder")) {
			t.Errorf("%s: the cases %q of %q; of the folder %q of %q", name, called(name), got, called("folder"), who)
		}
	}
	said := exported("said", "--list", list(work+",second"), "--model", m)
	slices.Sort(said)
	call(t, "identify", said[0], said[1], "--key", key).want(t, 0, ": patient second\n", "")
	call(t, "identify", said[0], said[1], "--key", key).want(t, 0, ": patient PHANTOM\n", "")
}

// Of the labels those are exported that a call names.
func TestExportOfSomeLabels(t *testing.T) {
	dir, _ := patients(t, 1)
	work, out := projectOf(t, filepath.Join(dir, "case0")), t.TempDir()
	call(t, "export", work, "-o", filepath.Join(out, "x"), "--labels", "lesion").want(t, 2, "", `there is no label "lesion"; there are 1 `+annotate.DefaultLabels()[0].Name)
	for name, labels := range map[string]string{"first": "1", "second": annotate.DefaultLabels()[1].Name} {
		to := filepath.Join(out, name)
		c := call(t, "export", work, "-o", to, "--labels", labels, "--preset", "nnunet")
		c.want(t, 0, "as they should be", "")
		if told := strings.Contains(c.errors, " of "+annotate.DefaultLabels()[0].Name+" left out, as was asked for."); told != (name == "second") {
			t.Errorf("%s: %s", name, c.errors)
		}
		m, err := export.ReadManifest(to)
		if err != nil || len(m.Labels) != 1 || m.Labels[0].InFiles != 1 || (m.Cases[0].ForegroundPx > 0) != (name == "first") {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
		call(t, "verify", to, "--project", work).want(t, 0, "as they should be", "")
	}
}

// A series with work on it is exported once, as it was worked on; what is there twice all the same is told.
func TestSeriesThatAreNamedTwice(t *testing.T) {
	dir, _ := patients(t, 2)
	first, second := filepath.Join(dir, "case0"), filepath.Join(dir, "case1")
	work, m := projectOf(t, first), model(t)
	list := listOf(t, t.TempDir(), work, first)
	for _, c := range []struct {
		args   []string
		cases  int
		warned string
	}{
		{[]string{work, filepath.Join(work, project.DescriptionFile)}, 1, "is named twice, and exported once"},
		{[]string{work, first}, 1, first + " is left out: the project " + work + " has the work on this series"},
		{[]string{"--list", list}, 1, first + " is left out: the project " + work},
		{[]string{work, projectOf(t, first)}, 2, "are of the same series: each becomes a case"},
		{[]string{work, second, "--model", m}, 2, ""},
	} {
		out := filepath.Join(t.TempDir(), "out")
		got := call(t, append([]string{"export", "-o", out}, c.args...)...)
		got.want(t, 0, "as they should be", c.warned)
		if n := len(caseNames(t, out)); n != c.cases || c.warned == "" && strings.Contains(got.errors, "same series") {
			t.Errorf("%q: %d cases\n%s", c.args, n, got.errors)
		}
	}
}
