package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// closeSeries asks about unsaved work and shows the empty window.
func (w *Window) closeSeries() {
	w.askUnsaved(txtUnsavedClose, func() {
		w.closeAll()
		w.refreshAll()
	})
}

// closeAll drops everything that is open.
func (w *Window) closeAll() {
	w.stopProposing()
	w.stopGrowing()
	w.form.close()
	if w.importing != nil {
		w.importing.cancel()
	}
	for _, s := range w.sessions {
		s.OnChange(nil)
	}
	clear(w.warned)
	w.dropInvolvement()
	w.letKept()
	w.sessions = map[*ct.Series]*annotate.Session{}
	w.exportedTo = map[*annotate.Session]exportedTo{}
	w.three.close()
	w.ahead.stop()
	w.measure = measuring{ruler: w.measure.ruler}
	w.session, w.found, w.coming = nil, nil, nil
	w.sliceAbsent(0, "")
	w.list.opened(nil)
	w.notice.set("")
	w.win.SetTitle(txtTitle)
	w.fillRecents()
}

// quit closes the window, after asking about unsaved work. An export that is
// running is waited for, or stopped first, so that it leaves nothing half done.
func (w *Window) quit() {
	if w.saving != nil {
		w.showDialog(txtExporting, paragraph(txtExportRuns), fyne.NewSize(460, 160),
			button{name: txtWait},
			button{name: txtStopClose, look: widget.DangerImportance, do: func() {
				w.closing = true
				if w.saving == nil {
					w.quit()
					return
				}
				w.saving.cancel()
			}})
		return
	}
	w.askUnsaved(txtUnsavedClose, func() {
		w.closeAll()
		w.win.SetCloseIntercept(nil)
		w.win.Close()
	})
}
