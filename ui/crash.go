package ui

import (
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"
)

// tellCrash offers the report of a crash before.
func (w *Window) tellCrash() {
	dir := w.services.Crash
	if dir == "" {
		return
	}
	w.showDialog(txtCrashHead, paragraph(fmt.Sprintf(txtCrash, dir)), fyne.NewSize(560, 230),
		button{name: txtOK, look: widget.HighImportance},
		button{name: txtOpenReport, do: func() {
			if err := w.openFolder(dir); err != nil {
				w.showError(txtOpenFailed, sentence(err.Error()), nil)
			}
		}})
}

// openFolder shows a folder in the desktop's own program for that.
func (w *Window) openFolder(dir string) error {
	path := filepath.ToSlash(dir)
	if !strings.HasPrefix(path, "/") { // C:/
		path = "/" + path
	}
	return w.app.OpenURL(&url.URL{Scheme: "file", Path: path})
}
