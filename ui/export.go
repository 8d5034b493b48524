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

// chooseExport asks for a folder.
func (w *Window) chooseExport(folder *widget.Entry) {
	w.browse(txtBrowseExport, true, func(path string) { folder.SetText(path) })
}

// export writes snapshots in the background.
func (w *Window) export(dir string, all []annotate.Snapshot, o ExportOptions, then func()) {
	w.app.Preferences().SetString(prefExport, filepath.Dir(dir))
	t, ctx := w.begin(txtExporting, txtCancel)
	t.percent = true
	w.saving = t
	w.trace("export", map[string]any{"state": "begin", "dir": dir})
	go func() {
		summary, err := w.services.Exporter.Export(ctx, dir, all, o, t.progress)
		stopped := ctx.Err() != nil
		w.post(func() {
			w.end(t)
			w.saving = nil
			switch {
			case errors.Is(err, ErrExists) && !stopped && !w.closing:
				w.trace("export", map[string]any{"state": "exists", "dir": dir})
				w.askReplace(dir, sentence(strings.TrimSuffix(err.Error(), ": "+ErrExists.Error())), all, o, then)
			default:
				w.exported(all, dir, summary, err, stopped, then)
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
func (w *Window) exported(all []annotate.Snapshot, dir, summary string, err error, stopped bool, then func()) {
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
			w.exportedTo[s] = dir
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
