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

// outgoing is an export that was asked for.
type outgoing struct {
	dir     string
	all     []annotate.Snapshot
	options ExportOptions
	back    func() // to the form as it was filled in; nil where there is none
	then    func() // after success; may be nil
}

// export writes snapshots in the background.
func (w *Window) export(e outgoing) {
	w.app.Preferences().SetString(prefExport, filepath.Dir(e.dir))
	t, ctx := w.begin(txtExporting, txtCancel)
	t.percent = true
	w.saving = t
	w.trace("export", map[string]any{"state": "begin", "dir": e.dir})
	go func() {
		done, err := w.services.Exporter.Export(ctx, e.dir, e.all, e.options, t.progress)
		stopped := ctx.Err() != nil
		w.post(func() {
			w.end(t)
			w.saving = nil
			switch {
			case errors.Is(err, ErrExists) && !stopped && !w.closing:
				w.trace("export", map[string]any{"state": "exists", "dir": e.dir})
				w.askReplace(e, sentence(strings.TrimSuffix(err.Error(), ": "+ErrExists.Error())))
			default:
				w.exported(e, done, err, stopped)
			}
		})
	}()
}

// askReplace asks before an earlier export, which what describes, gives way.
func (w *Window) askReplace(e outgoing, what string) {
	w.showDialog(txtReplaceHead, paragraph(fmt.Sprintf(txtReplace, what)), fyne.NewSize(520, 230),
		button{name: txtCancel},
		button{name: txtReplaceButton, look: widget.DangerImportance, do: func() {
			e.options.Replace = true
			w.export(e)
		}},
		button{name: txtOtherFolder, look: widget.HighImportance, do: func() { w.askAgain(e) }})
}

// askAgain asks anew where to and how.
func (w *Window) askAgain(e outgoing) {
	switch {
	case e.back != nil:
		e.back()
	case w.canExport():
		w.askExport(e.then)
	}
}

// exported tells how an export ended.
func (w *Window) exported(e outgoing, done Exported, err error, stopped bool) {
	closing := w.closing
	w.closing = false
	switch {
	case err != nil && (stopped || errors.Is(err, context.Canceled)):
		w.trace("export", map[string]any{"state": "cancelled", "dir": e.dir})
		if closing {
			w.quit()
		}
		return
	case err != nil:
		w.trace("export", map[string]any{"state": "failed", "dir": e.dir, "error": err.Error()})
		w.showError(txtExportFailed, sentence(err.Error()), nil,
			button{name: txtCancel},
			button{name: txtBack, look: widget.HighImportance, do: func() { w.askAgain(e) }})
		return
	}
	for _, snapshot := range e.all {
		if s := w.sessions[snapshot.Series]; s != nil {
			s.MarkSnapshotExported(snapshot)
			w.exportedTo[s] = exportedTo{e.dir, e.options.Preset, e.options.Identity}
		}
	}
	w.stale |= annotate.HistoryChanged
	w.flushSoon()
	w.trace("export", map[string]any{"state": "done", "dir": e.dir, "summary": done.Summary})
	if closing { // it was done before it could be stopped
		w.quit()
		return
	}
	w.showExported(e.dir, done, e.then)
}
