package ui

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

func (w *Window) canExport() bool { return w.hasSeries() && w.services.Exporter != nil }

// exportFolder is the folder that the dialog offers: where this series went
// before, or a new folder of its own name beside the last export.
func (w *Window) exportFolder() string {
	if dir := w.exportedTo[w.session]; dir != "" {
		return dir
	}
	parent := w.app.Preferences().String(prefExport)
	if parent == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return ""
		}
		parent = filepath.Join(home, "groundglass-export")
	}
	name := filepath.Join(parent, folderName(w.session.Series()))
	dir := name
	for n := 2; ; n++ {
		if _, err := os.Lstat(dir); err != nil {
			return dir
		}
		dir = fmt.Sprintf("%s %d", name, n)
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

// labelsInUse are the labels that the session's masks hold.
func labelsInUse(s *annotate.Session) int {
	var used [256]bool
	for i := range s.Series().Len() {
		s.Uses(i, &used)
	}
	n := 0
	for _, u := range used[1:] {
		if u {
			n++
		}
	}
	return n
}

// unseenText warns of slices that nobody, and no model, looked at.
func unseenText(s *annotate.Session) string {
	n := 0
	for i := range s.Series().Len() {
		if s.Status(i) == annotate.New {
			n++
		}
	}
	switch n {
	case 0:
		return ""
	case 1:
		return txtExportUnseen1
	}
	return fmt.Sprintf(txtExportUnseenN, n)
}

// askExport asks where to and how, and exports. Then, which may be nil, goes on
// after success.
func (w *Window) askExport(then func()) {
	if w.saving != nil {
		w.showError(txtExportFailed, txtExportBusy, nil)
		return
	}
	w.finishDrawing()
	folder := newHintEntry(w.escDialog)
	folder.SetText(w.exportFolder())
	missing := text("", 12, colBad)
	choose := newHintButton(txtChoose, nil, func() { w.chooseExport(&folder.Entry) }, w.escDialog)
	labels, unseen := labelsInUse(w.session), unseenText(w.session)
	warning := paragraph("")
	warning.Importance = widget.WarningImportance
	values := newHintSelect([]string{txtExportBinary, txtExportValues}, func(chosen string) {
		said := unseen
		if chosen == txtExportBinary && labels > 1 {
			said = strings.TrimSpace(fmt.Sprintf(txtExportMerges, labels) + " " + said)
		}
		warning.SetText(said)
	}, w.escDialog)
	values.SetSelected(txtExportBinary)
	if labels > 1 {
		values.SetSelected(txtExportValues)
	}
	images := newHintCheck(txtExportImages, nil, w.escDialog)
	note := paragraph(txtExportNote)
	note.Importance = widget.LowImportance
	w.named["export.folder"] = folder
	w.named["export.images"] = images
	w.named["export.masks"] = values

	content := container.NewVBox(
		caption(txtExportFolder), container.NewBorder(nil, nil, nil, choose, folder), missing,
		caption(txtExportMasks), values, images, note, warning,
	)
	w.showDialog(txtExportHead, content, fyne.NewSize(560, 420),
		button{name: txtCancel},
		button{name: txtExportButton, look: widget.HighImportance,
			ok: func() bool {
				if strings.TrimSpace(folder.Text) == "" {
					setText(missing, txtExportNoDir)
				}
				return strings.TrimSpace(folder.Text) != ""
			},
			do: func() {
				w.export(ct.FullPath(strings.TrimSpace(folder.Text)), ExportOptions{Images: images.Checked, Values: values.Selected == txtExportValues}, then)
			},
		})
	folder.OnSubmitted = func(string) { w.dialogKey(fyne.KeyReturn) }
	w.win.Canvas().Focus(folder)
}

// chooseExport asks for a folder.
func (w *Window) chooseExport(folder *widget.Entry) {
	w.browse(txtBrowseExport, true, func(path string) { folder.SetText(path) })
}

// export writes the session's present state in the background.
func (w *Window) export(dir string, o ExportOptions, then func()) {
	w.app.Preferences().SetString(prefExport, filepath.Dir(dir))
	s := w.session
	snapshot := s.Snapshot()
	t, ctx := w.begin(txtExporting, txtCancel)
	t.percent = true
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
				w.askReplace(dir, sentence(strings.TrimSuffix(err.Error(), ": "+ErrExists.Error())), o, then)
			default:
				w.exported(snapshot, dir, summary, err, stopped, then)
			}
		})
	}()
}

// askReplace asks before an earlier export, which what describes, gives way.
func (w *Window) askReplace(dir, what string, o ExportOptions, then func()) {
	w.showDialog(txtReplaceHead, paragraph(fmt.Sprintf(txtReplace, what)), fyne.NewSize(520, 230),
		button{name: txtCancel},
		button{name: txtReplaceButton, look: widget.DangerImportance, do: func() {
			o.Replace = true
			w.export(dir, o, then)
		}},
		button{name: txtOtherFolder, look: widget.HighImportance, do: func() { w.askExport(then) }})
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
		w.exportedTo[s] = dir
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
