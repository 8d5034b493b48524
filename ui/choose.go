package ui

import "fyne.io/fyne/v2"

// dropped opens what was dropped on the window.
func (w *Window) dropped(uris []fyne.URI) {
	if w.blocked() {
		return
	}
	var paths []string
	for _, u := range uris {
		paths = append(paths, u.Path())
	}
	w.Open(paths)
}

// chooseFolder and chooseFile ask for what to open.
func (w *Window) chooseFolder() {
	w.browse(txtBrowseCTFolder, true, func(path string) { w.Open([]string{path}) })
}

func (w *Window) chooseFile() {
	w.browse(txtBrowseCTFile, false, func(path string) { w.Open([]string{path}) })
}
