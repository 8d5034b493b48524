package ui

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// millers is a series of a patient with a name, in a folder that tells it.
func millers() *ct.Series {
	s := chest("Thorax Miller follow-up", 64, 5)
	s.Patient = ct.Patient{ID: "MR-77", Name: "Miller^Ann"}
	for i := range s.Sources {
		s.Sources[i].File = filepath.Join("/scans/MILLER^ANN", s.Sources[i].File)
	}
	return s
}

func (h *harness) folder() string { return h.named["export.folder"].(*hintEntry).Text }

// Without the identity, the folder that is offered says nothing of the patient, and is
// none that is there. What a person typed stays.
func TestOfferedFolderTellsNobody(t *testing.T) {
	h := start(t, nil)
	parent := t.TempDir()
	h.app.Preferences().SetString(prefExport, parent)
	h.open(millers())
	h.Do("file.export")
	if got := h.folder(); got != filepath.Join(parent, "groundglass-png-2024-05-01") {
		t.Errorf("it offers %s", got)
	}
	if err := os.Mkdir(filepath.Join(parent, "groundglass-set-2024-05-01"), 0o755); err != nil {
		t.Fatal(err)
	}
	h.set("export.preset", "Data set")
	if got := h.folder(); got != filepath.Join(parent, "groundglass-set-2024-05-01-2") {
		t.Errorf("it offers %s", got)
	}
	hide := h.named["export.hide"].(*hintCheck)
	hide.SetChecked(false)
	if got := filepath.Base(h.folder()); got != "MILLER-ANN Thorax Miller follow-up" {
		t.Errorf("with the identity it offers %s", got)
	}
	h.set("export.folder", "/data/mine")
	hide.SetChecked(true)
	h.set("export.preset", "PNG masks")
	if got := h.folder(); got != "/data/mine" {
		t.Errorf("what was typed became %s", got)
	}
}

// The form warns of names that tell the patient and of folders that hold something, and
// refuses those of the images, before anything is written.
func TestNamesAreLookedAt(t *testing.T) {
	h := start(t, nil)
	full, s := t.TempDir(), millers()
	h.app.Preferences().SetString(prefExport, filepath.Join(full, "exports"))
	if err := os.WriteFile(filepath.Join(full, "notes.txt"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	h.open(s)
	f := h.newExportForm(nil)
	f.show()
	for _, c := range []struct{ folder, name, want string }{
		{"/data/lungs", "", ""},
		{"/data/MillerAnn", "", `"miller"`},
		{"/data/lungs", "millers", `The data set's name has "miller"`},
		{full, "", txtExportThere},
	} {
		h.set("export.preset", "Data set")
		h.set("export.folder", c.folder)
		h.set("export.name", c.name)
		if got := f.naming.Text; !strings.Contains(got, c.want) || f.naming.Visible() != (c.want != "") || c.want == "" && got != "" {
			t.Errorf("%s, %q: it says %q", c.folder, c.name, got)
		}
	}
	h.set("export.folder", filepath.Dir(s.Sources[0].File))
	h.press(pressNext)
	if h.dialog() != txtExportHead || !f.wrong.Visible() || !strings.Contains(f.wrong.Text, "what it is to be made of") {
		t.Errorf("among the images it says %q", f.wrong.Text)
	}
	h.set("export.folder", "/data/Miller")
	f.hide.SetChecked(false)
	if f.naming.Text != "" {
		t.Errorf("where the identity leaves anyway it says %q", f.naming.Text)
	}
}

// The form tells where the key of pseudonyms lies, or will; the end of the export says
// whether it was made.
func TestKeyIsTold(t *testing.T) {
	h := start(t, nil)
	h.open(millers())
	for _, made := range []bool{true, false} {
		f := h.newExportForm(nil)
		f.show()
		if was := strings.Contains(f.key.Text, "will be made"); was != made || !strings.Contains(f.key.Text, h.out.key) || !f.key.Visible() {
			t.Errorf("made %t: the form says %q", made, f.key.Text)
		}
		h.set("export.folder", "/data/out")
		h.press(pressNext)
		h.press("dialog." + txtExportButton)
		h.until("it is done", func() bool { return h.dialog() == txtExported })
		if got := identityText(Exported{Key: h.out.key, KeyMade: made}); !strings.Contains(got, h.out.key) || strings.Contains(got, "was made") != made {
			t.Errorf("made %t: it is told that %q", made, got)
		}
		h.named["exported.copy"].(*hintButton).OnTapped()
		if got := h.app.Clipboard().Content(); got != "/data/out" {
			t.Errorf("the clipboard holds %q", got)
		}
		h.press("dialog." + txtOK)
	}
	f := h.newExportForm(nil)
	f.show()
	f.hide.SetChecked(false)
	if f.key.Visible() {
		t.Error("with the identity the form tells of a key")
	}
}
