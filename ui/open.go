package ui

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// Open reads files and folders in the background and shows what is there. Work
// that is not exported is asked about first.
func (w *Window) Open(paths []string) {
	if len(paths) == 0 {
		return
	}
	w.askUnsaved(txtUnsavedOpen, func() {
		w.load(txtReading, paths, func(ctx context.Context, progress func(done, total int)) (*ct.Found, error) {
			return w.services.Opener.Open(ctx, paths, progress)
		})
	})
}

// OpenDemo shows the demo case.
func (w *Window) OpenDemo() {
	if w.services.Demo == nil {
		return
	}
	w.askUnsaved(txtUnsavedOpen, func() {
		w.load(txtDemoTask, nil, func(ctx context.Context, _ func(done, total int)) (*ct.Found, error) {
			return w.services.Demo(ctx)
		})
	})
}

// load runs read in the background and shows its result. What was being read
// before is given up.
func (w *Window) load(name string, paths []string, read func(context.Context, func(done, total int)) (*ct.Found, error)) {
	if w.opening != nil {
		w.opening.cancel()
	}
	t, ctx := w.begin(name)
	w.opening = t
	w.trace("opening", map[string]any{"paths": paths})
	go func() {
		found, err := read(ctx, t.progress)
		cancelled := ctx.Err() != nil
		w.post(func() {
			w.end(t)
			if w.opening == t {
				w.opening = nil
			}
			if !cancelled && !errors.Is(err, context.Canceled) {
				w.opened(paths, found, err)
			}
		})
	}()
}

// opened shows what was read, or why there is nothing.
func (w *Window) opened(paths []string, found *ct.Found, err error) {
	where := strings.Join(paths, ", ")
	switch {
	case err != nil:
		w.showError(txtOpenFailed, sentence(err.Error()), nil)
		return
	case found == nil || len(found.Series) == 0:
		var left []ct.LeftOut
		if found != nil {
			left = found.LeftOut
		}
		w.showError(txtOpenFailed, fmt.Sprintf(txtOpenNothing, where), leftOutLines(left))
		return
	}
	w.closeAll()
	w.found = found
	w.remember(paths)
	w.show(longest(found.Series))
	if w.services.AutoPropose && w.canPropose() {
		w.propose()
	}
}

// longest is the index of the series with the most slices.
func longest(all []*ct.Series) int {
	best := 0
	for i, s := range all {
		if s.Len() > all[best].Len() {
			best = i
		}
	}
	return best
}

// show brings the i-th series that was found into view, with the work done on
// it so far.
func (w *Window) show(i int) {
	w.stopProposing()
	series := w.found.Series[i]
	s := w.sessions[series]
	if s == nil {
		s = annotate.NewSession(series)
		w.sessions[series] = s
		s.SetCurrent(series.Len() / 2)
		s.OnChange(func(c annotate.Change) { w.onChange(s, c) })
	}
	w.session = s
	w.nearest.Store(int64(s.Current()))
	w.view.SetStyles(styles(s.Labels()))
	w.view.SetLetters(series.Geometry.Letters())
	w.level = initialWindow(series)
	w.view.SetWindow(w.level)
	w.takeTool(w.erasing)
	w.showSlice()
	w.view.Fit()
	w.list.opened(s)
	w.offerSeries(i)
	w.notice.set(w.noticeText(series))
	w.win.SetTitle(fmt.Sprintf(txtTitleOf, seriesName(series)))
	w.refreshAll()
	w.focusView()
	w.trace("opened", map[string]any{
		"series": len(w.found.Series), "uid": series.UID, "slices": series.Len(), "rows": series.Rows, "columns": series.Columns, "left_out": len(w.found.LeftOut),
	})
}

// offerSeries fills the series' picker.
func (w *Window) offerSeries(chosen int) {
	var names []string
	for i, s := range w.found.Series {
		names = append(names, fmt.Sprintf(txtSeriesItem, i+1, seriesName(s), s.Len()))
	}
	w.list.offer(names, chosen, func(i int) {
		if i >= 0 && i < len(w.found.Series) {
			w.show(i)
		}
	})
}

// seriesName is what a series is called.
func seriesName(s *ct.Series) string {
	if d := strings.TrimSpace(s.Description); d != "" {
		return d
	}
	return txtSeriesPlain
}

// noticeText says that something was left out, or that there are warnings.
func (w *Window) noticeText(s *ct.Series) string {
	switch n := len(w.found.LeftOut); {
	case n == 1:
		return txtLeftOut1
	case n > 1:
		return fmt.Sprintf(txtLeftOutN, n)
	case len(s.Warnings) > 0:
		return txtWarned
	}
	return ""
}

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
	for _, s := range w.sessions {
		s.OnChange(nil)
	}
	w.sessions = map[*ct.Series]*annotate.Session{}
	w.changed = map[*annotate.Session]map[int]bool{}
	w.edits = map[*annotate.Session]int{}
	w.session, w.found = nil, nil
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

// absolute is a path that stays right when the program is started elsewhere.
func absolute(path string) string {
	if a, err := filepath.Abs(path); err == nil {
		return a
	}
	return path
}
