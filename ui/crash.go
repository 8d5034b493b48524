package ui

import (
	"fmt"
	"net/url"
	"path/filepath"

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
			at := url.URL{Scheme: "file", Path: filepath.ToSlash(dir)}
			if err := w.app.OpenURL(&at); err != nil {
				w.showError(txtOpenFailed, sentence(err.Error()), nil)
			}
		}})
}
