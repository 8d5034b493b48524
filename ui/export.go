package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

func (w *Window) canExport() bool { return w.hasSeries() && w.services.Exporter != nil }

// exportFolder is the folder that the dialog offers: the last one, or one in
// the user's home.
func (w *Window) exportFolder() string {
	if dir := w.app.Preferences().String(prefExport); dir != "" {
		return dir
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return ""
	}
	return filepath.Join(home, "groundglass-export")
}

// askExport asks where to and how, and exports. Then, which may be nil, goes on
// after success.
func (w *Window) askExport(then func()) {
	if w.saving != nil {
		w.showError(txtExportFailed, txtExportBusy, nil)
		return
	}
	folder := widget.NewEntry()
	folder.SetText(w.exportFolder())
	missing := text("", 12, colBad)
	choose := widget.NewButton(txtChoose, func() { w.chooseExport(folder) })
	values := widget.NewRadioGroup([]string{txtExportBinary, txtExportValues}, nil)
	values.Required = true
	values.SetSelected(txtExportBinary)
	images := widget.NewCheck(txtExportImages, nil)
	note := paragraph(txtExportNote)
	note.Importance = widget.LowImportance
	w.named["export.folder"] = folder
	w.named["export.images"] = images
	w.named["export.masks"] = values

	content := container.NewVBox(
		caption(txtExportFolder), container.NewBorder(nil, nil, nil, choose, folder), missing,
		caption(txtExportMasks), values, images, note,
	)
	w.showDialog(txtExportHead, content, fyne.NewSize(560, 390),
		button{name: txtCancel},
		button{name: txtExportButton, look: widget.HighImportance,
			ok: func() bool {
				if strings.TrimSpace(folder.Text) == "" {
					setText(missing, txtExportNoDir)
				}
				return strings.TrimSpace(folder.Text) != ""
			},
			do: func() {
				w.export(absolute(strings.TrimSpace(folder.Text)), ExportOptions{Images: images.Checked, Values: values.Selected == txtExportValues}, then)
			},
		})
	folder.OnSubmitted = func(string) { w.dialogKey(fyne.KeyReturn) }
}

// chooseExport asks for a folder.
func (w *Window) chooseExport(folder *widget.Entry) {
	w.showChooser(dialog.NewFolderOpen(func(l fyne.ListableURI, err error) {
		if err == nil && l != nil {
			folder.SetText(l.Path())
		}
	}, w.win))
}

// export writes the session's present state in the background.
func (w *Window) export(dir string, o ExportOptions, then func()) {
	w.app.Preferences().SetString(prefExport, dir)
	s := w.session
	snapshot := s.Snapshot()
	t, ctx := w.begin(txtExporting)
	w.saving = t
	w.trace("export", map[string]any{"state": "begin", "dir": dir})
	go func() {
		summary, err := w.services.Exporter.Export(ctx, dir, snapshot, o, t.progress)
		stopped := ctx.Err() != nil
		w.post(func() {
			w.end(t)
			w.saving = nil
			switch {
			case errors.Is(err, ErrExists) && !stopped && !w.closing:
				w.trace("export", map[string]any{"state": "exists", "dir": dir})
				w.askReplace(dir, o, then)
			default:
				w.exported(snapshot, dir, summary, err, stopped, then)
			}
		})
	}()
}

// askReplace asks before an earlier export gives way.
func (w *Window) askReplace(dir string, o ExportOptions, then func()) {
	w.showDialog(txtReplaceHead, paragraph(fmt.Sprintf(txtReplace, dir)), fyne.NewSize(520, 210),
		button{name: txtCancel},
		button{name: txtOtherFolder, do: func() { w.askExport(then) }},
		button{name: txtReplaceButton, look: widget.DangerImportance, do: func() {
			o.Replace = true
			w.export(dir, o, then)
		}})
}

// exported tells how the export of a snapshot ended.
func (w *Window) exported(snapshot annotate.Snapshot, dir, summary string, err error, stopped bool, then func()) {
	closing := w.closing
	w.closing = false
	switch {
	case err != nil && (stopped || errors.Is(err, context.Canceled)):
		w.trace("export", map[string]any{"state": "cancelled", "dir": dir})
		if closing {
			w.quit()
		}
		return
	case err != nil:
		w.trace("export", map[string]any{"state": "failed", "dir": dir, "error": err.Error()})
		w.showError(txtExportFailed, sentence(err.Error()), nil)
		return
	}
	if s := w.sessions[snapshot.Series]; s != nil {
		s.MarkSnapshotExported(snapshot)
		if !s.Dirty() {
			delete(w.changed, s)
		}
	}
	w.stale |= annotate.HistoryChanged
	w.flushSoon()
	w.trace("export", map[string]any{"state": "done", "dir": dir, "summary": summary})
	if closing { // it was done before it could be stopped
		w.quit()
		return
	}
	w.showDialog(txtExported, paragraph(summary), fyne.NewSize(520, 190),
		button{name: txtOK, look: widget.HighImportance, do: then})
}
