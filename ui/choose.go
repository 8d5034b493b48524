package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
)

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
	w.showChooser(dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err == nil && l != nil {
			w.Open([]string{l.Path()})
		}
	}, w.win))
}

func (w *Window) chooseFile() {
	w.showChooser(dialog.NewFileOpen(func(r fyne.URIReadCloser, err error) {
		if err == nil && r != nil {
			r.Close()
			w.Open([]string{r.URI().Path()})
		}
	}, w.win))
}
