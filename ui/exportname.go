package ui

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"groundglass/annotate/ct"
)

// exportedTo is an export of a session.
type exportedTo struct {
	dir, preset string
	identity    bool // was kept
}

// offer puts a folder into the form, unless a person typed another one.
func (f *exportForm) offer() {
	if f.folder.Text != f.offered {
		return
	}
	f.offered = f.w.exportFolder(f.chosen().Name, !f.hide.Checked)
	f.setFolder(f.offered)
}

// setFolder puts a folder into the form, with its name in sight.
func (f *exportForm) setFolder(dir string) {
	f.folder.SetText(dir)
	f.folder.CursorColumn = len([]rune(dir))
	f.folder.Refresh()
}

// exportFolder is the folder that the dialog offers: where this series went before in
// the same way, or else one that is not there yet, beside the last export.
func (w *Window) exportFolder(preset string, identity bool) string {
	if to := w.exportedTo[w.session]; to.dir != "" && to.preset == preset && to.identity == identity {
		return to.dir
	}
	parent := w.app.Preferences().String(prefExport)
	if parent == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		parent = filepath.Join(home, "groundglass-export")
	}
	return w.newFolder(parent, preset, identity)
}

// newFolder is a folder for an export that is not there yet. It is called after the
// series where its identity is kept; otherwise its name tells nothing of the patient.
func (w *Window) newFolder(parent, preset string, identity bool) string {
	name := filepath.Join(parent, "groundglass-"+preset+"-"+w.now().Format(time.DateOnly))
	if identity {
		name = filepath.Join(parent, folderName(w.session.Series()))
	}
	dir := name
	for n := 2; ; n++ {
		if _, err := os.Lstat(dir); err != nil {
			return dir
		}
		dir = fmt.Sprintf("%s-%d", name, n)
	}
}

// folderName names a series by its folder and its description.
func folderName(s *ct.Series) string {
	name := seriesName(s)
	if folder := filepath.Base(filepath.Dir(s.Sources[0].File)); folder != "." && !strings.HasPrefix(name, folder) {
		name = folder + " " + name
	}
	safe := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" -_()", r) {
			return r
		}
		return '-'
	}, name)
	return strings.TrimSpace(safe)
}

// chooseFolder asks for a folder. In one that holds something already, a new one is
// offered.
func (f *exportForm) chooseFolder() {
	f.w.browse(txtBrowseExport, true, func(path string) {
		if holdsFiles(path) {
			path = f.w.newFolder(path, f.chosen().Name, !f.hide.Checked)
			f.offered = path
		}
		f.setFolder(path)
	})
}

// lookAtNames tells what is to know of the names that were typed: whom they tell, and
// what the folder holds.
func (f *exportForm) lookAtNames() {
	var said []string
	if dir := f.dir(); dir != "" {
		if f.hide.Checked {
			said = f.w.services.Exporter.Naming(dir, f.setName(), f.seriesOf())
		}
		if note := f.folderNote(dir); note != "" {
			said = append(said, note)
		}
	}
	f.naming.SetText(strings.Join(said, "\n"))
	show(f.naming, len(said) > 0)
	f.refresh()
}

// folderNote is what to know of a folder that is there; empty for nothing.
func (f *exportForm) folderNote(dir string) string {
	was := f.w.exportedTo[f.w.session]
	switch {
	case dir == was.dir && f.chosen().Name == was.preset:
		return txtExportAgain
	case holdsFiles(dir):
		return txtExportThere
	}
	return ""
}

// holdsFiles reports whether something is in a folder.
func holdsFiles(dir string) bool {
	d, err := os.Open(dir)
	if err != nil {
		return false
	}
	defer d.Close()
	names, _ := d.Readdirnames(1)
	return len(names) > 0
}
