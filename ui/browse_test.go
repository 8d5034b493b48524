package ui

import (
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// tree makes files and folders, and lets the next dialog begin there.
func (h *harness) tree(names ...string) string {
	h.t.Helper()
	dir := h.t.TempDir()
	for _, n := range names {
		path := filepath.Join(dir, filepath.FromSlash(n))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			h.t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
	h.app.Preferences().SetString(prefBrowse, dir)
	return dir
}

func (h *harness) key(names ...fyne.KeyName) {
	for _, n := range names {
		h.drain()
		h.win.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: n})
		h.drain()
	}
}

func openedPaths(h *harness) []string {
	if f := h.last("opening"); f != nil {
		return f["paths"].([]string)
	}
	return nil
}

func TestFoldersAreChosenByKeys(t *testing.T) {
	h := start(t, nil)
	h.found = &ct.Found{}
	dir := h.tree("case 1/a.dcm", "case 2/b.dcm", "readme.txt", ".hidden/x")
	h.Do("file.folder")
	h.ask("2")
	h.key(fyne.KeyReturn) // into case 2
	h.key(fyne.KeyReturn) // this folder
	if got := openedPaths(h); len(got) != 1 || got[0] != filepath.Join(dir, "case 2") {
		t.Fatalf("opened %v", got)
	}
	h.until("it has answered", func() bool { return h.opening == nil })
	h.closeDialogs()
	h.Do("file.folder")
	if got := h.app.Preferences().String(prefBrowse); got != dir {
		t.Errorf("it begins in %s", got)
	}
	h.ask("readme")
	h.key(fyne.KeyReturn)
	if h.dialog() != txtBrowseCTFolder {
		t.Error("a file was taken for a folder")
	}
	h.ask("hidden")
	h.key(fyne.KeyReturn)
	if h.dialog() != txtBrowseCTFolder {
		t.Error("what is hidden was found")
	}
	h.key(fyne.KeyEscape)
	if h.dialog() != "" {
		t.Error("Esc did not close the dialog")
	}
}

// closeDialogs closes all dialogs by Esc.
func (h *harness) closeDialogs() {
	for h.dialog() != "" {
		h.typedKey(fyne.KeyEscape)
		h.drain()
	}
}

func TestFilesAreChosenByPathAndByGoingUp(t *testing.T) {
	h := start(t, nil)
	h.found = &ct.Found{}
	dir := h.tree("deep/er/ct.nii.gz", "top.zip")
	h.Do("file.files")
	h.ask(filepath.Join(dir, "deep", "er") + string(filepath.Separator) + "ct")
	h.key(fyne.KeyReturn)
	if got := openedPaths(h); len(got) != 1 || got[0] != filepath.Join(dir, "deep", "er", "ct.nii.gz") {
		t.Fatalf("opened %v", got)
	}
	h.until("it has answered", func() bool { return h.opening == nil })
	h.closeDialogs()
	h.Do("file.files")
	h.key(fyne.KeyBackspace, fyne.KeyBackspace)
	h.ask("top")
	h.key(fyne.KeyReturn)
	if got := openedPaths(h); len(got) != 1 || got[0] != filepath.Join(dir, "top.zip") {
		t.Fatalf("opened %v", got)
	}
}

// A double click on a folder must not open what lies at the same place in it.
func TestADoubleClickOnAFolderOpensNothingInIt(t *testing.T) {
	h := start(t, nil)
	h.found = &ct.Found{}
	h.tree("a/one.nii", "a/two.nii", "b/three.nii")
	h.Do("file.files")
	list := h.named["browse.list"].(*fieldList)
	list.OnSelected(1) // the folder a, below "the folder above"
	if openedPaths(h) != nil || h.dialog() == "" {
		t.Fatal("a click opened something")
	}
	list.OnSelected(1) // goes into it
	list.OnSelected(1) // a third click of an eager hand
	if openedPaths(h) != nil || h.dialog() != txtBrowseCTFile {
		t.Fatalf("opened %v", openedPaths(h))
	}
}

func TestChoosersAreNamedAfterWhatTheyOpen(t *testing.T) {
	h := start(t, func(_ *harness, s *Services) { s.Labels = &fakeLabels{} })
	h.open(chest("Thorax", 64, 5))
	h.strokeAt(annotate.Point{X: 30, Y: 30})
	for id, title := range map[string]string{"file.labels": txtBrowseLabels, "file.labelfolder": txtBrowseLabelDir, "file.folder": txtBrowseCTFolder} {
		h.Do(id)
		if h.dialog() != title {
			t.Errorf("%s shows %q", id, h.dialog())
		}
		h.key(fyne.KeyEscape)
	}
	h.Do("file.export")
	h.press("dialog.Cancel")
}
