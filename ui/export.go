package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
)

func (w *Window) canExport() bool { return w.hasSeries() && w.services.Exporter != nil }

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

// export writes snapshots in the background.
func (w *Window) export(dir string, all []annotate.Snapshot, o ExportOptions, then func()) {
	w.app.Preferences().SetString(prefExport, filepath.Dir(dir))
	t, ctx := w.begin(txtExporting, txtCancel)
	t.percent = true
	w.saving = t
	w.trace("export", map[string]any{"state": "begin", "dir": dir})
	go func() {
		done, err := w.services.Exporter.Export(ctx, dir, all, o, t.progress)
		stopped := ctx.Err() != nil
		w.post(func() {
			w.end(t)
			w.saving = nil
			switch {
			case errors.Is(err, ErrExists) && !stopped && !w.closing:
				w.trace("export", map[string]any{"state": "exists", "dir": dir})
				w.askReplace(dir, sentence(strings.TrimSuffix(err.Error(), ": "+ErrExists.Error())), all, o, then)
			default:
				w.exported(all, dir, o, done, err, stopped, then)
			}
		})
	}()
}

// askReplace asks before an earlier export, which what describes, gives way.
func (w *Window) askReplace(dir, what string, all []annotate.Snapshot, o ExportOptions, then func()) {
	w.showDialog(txtReplaceHead, paragraph(fmt.Sprintf(txtReplace, what)), fyne.NewSize(520, 230),
		button{name: txtCancel},
		button{name: txtReplaceButton, look: widget.DangerImportance, do: func() {
			o.Replace = true
			w.export(dir, all, o, then)
		}},
		button{name: txtOtherFolder, look: widget.HighImportance, do: func() { w.askExport(then) }})
}

// exported tells how the export of snapshots ended.
func (w *Window) exported(all []annotate.Snapshot, dir string, o ExportOptions, done Exported, err error, stopped bool, then func()) {
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
	for _, snapshot := range all {
		if s := w.sessions[snapshot.Series]; s != nil {
			s.MarkSnapshotExported(snapshot)
			w.exportedTo[s] = exportedTo{dir, o.Preset, o.Identity}
		}
	}
	w.stale |= annotate.HistoryChanged
	w.flushSoon()
	w.trace("export", map[string]any{"state": "done", "dir": dir, "summary": done.Summary})
	if closing { // it was done before it could be stopped
		w.quit()
		return
	}
	w.showExported(dir, done, then)
}
