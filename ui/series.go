package ui

import (
	"fmt"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

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
	w.endDraft()
	w.endFigure()
	w.finishDrawing()
	series := w.found.Series[i]
	s := w.sessions[series]
	w.restored = ""
	if s == nil {
		s = annotate.NewSession(series)
		s.SetConnector(w.connectorOf(s))
		w.sessions[series] = s
		s.SetCurrent(series.Len() / 2)
		w.keep(s)
		s.OnChange(func(c annotate.Change) { w.onChange(s, c) })
	}
	w.session, w.sought = s, -1
	w.nearest.Store(int64(s.Current()))
	w.view.SetStyles(styles(s.Labels()))
	w.view.SetLetters(series.Geometry.Letters())
	w.level = initialWindow(series)
	w.view.SetWindow(w.level)
	w.resize()
	w.retool()
	w.showSlice()
	w.view.Fit()
	w.list.opened(s)
	w.three.opened(s)
	w.offerSeries(i)
	w.notice.set(w.noticeText(series))
	w.showRestored()
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
		names = append(names, fmt.Sprintf(txtSeriesItem, i+1, seriesName(s), countText(s.Len())))
	}
	w.list.offer(names, chosen, func(i int) {
		if i >= 0 && i < len(w.found.Series) {
			w.show(i)
		}
	})
}

// countText is a number of slices.
func countText(n int) string {
	if n == 1 {
		return txtSliceCount1
	}
	return fmt.Sprintf(txtSliceCountN, n)
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
