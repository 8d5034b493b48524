package ui

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// best is the index of the series to show first: of those that are most likely a
// CT, the one with the most slices.
func best(all []*ct.Series) int {
	best := 0
	for i, s := range all {
		if better := strange(s) - strange(all[best]); better < 0 || better == 0 && s.Len() > all[best].Len() {
			best = i
		}
	}
	return best
}

// strange is 0 for CT, more the less a series is likely to be one.
func strange(s *ct.Series) int {
	switch {
	case s.Unlikely:
		return 3
	case s.Modality != "" && s.Modality != "CT":
		return 2
	case s.Modality == "" && !s.Geometry.Known:
		return 1
	}
	return 0
}

// doubts are sentences that say why a series may not be what the model was made
// for: axial CT of the chest, as the scanner made it.
func doubts(s *ct.Series) (list []string) {
	if s.Unlikely {
		list = append(list, txtDoubtMask)
	}
	if s.Modality != "" && s.Modality != "CT" {
		list = append(list, fmt.Sprintf(txtDoubtModality, s.Modality))
	}
	if part := strings.ToUpper(s.Made.BodyPart); part != "" && !slices.ContainsFunc(chestParts, func(p string) bool { return strings.Contains(part, p) }) {
		list = append(list, fmt.Sprintf(txtDoubtPart, s.Made.BodyPart))
	}
	for _, kind := range s.Made.Type {
		if slices.Contains(madeTypes, strings.ToUpper(kind)) {
			list = append(list, fmt.Sprintf(txtDoubtMade, kind))
			break
		}
	}
	if g := s.Geometry; g.Known && math.Abs(g.Normal()[2]) < 0.7 {
		list = append(list, txtDoubtAxial)
	}
	return list
}

// chestParts are what the body part of a chest CT contains, madeTypes the image
// types of what was made out of slices.
var (
	chestParts = []string{"CHEST", "THORAX", "LUNG", "TORSO", "BODY", "PULM"}
	madeTypes  = []string{"MIP", "MINIP", "MPR", "REFORMATTED", "PROJECTION", "PROJECTION IMAGE", "MAX_IP", "MIN_IP", "VOLUME", "SUBTRACTION", "LOCALIZER", "AVERAGE"}
)

// display shows a session on the i-th series of what was found.
func (w *Window) display(found *ct.Found, i int, s *annotate.Session) {
	w.stopProposing()
	w.stopGrowing()
	w.endDraft()
	w.endFigure()
	w.finishDrawing()
	w.endPreview()
	w.found = found
	series := found.Series[i]
	s.OnChange(func(c annotate.Change) { w.onChange(s, c) })
	w.session, w.sought = s, -1
	w.nearest.Store(int64(s.Current()))
	w.view.SetStyles(styles(s))
	w.view.SetLetters(series.Geometry.Letters())
	w.level, w.look.invert = w.firstWindow(series), series.Inverted
	w.view.SetWindow(w.level)
	w.view.SetInvert(w.look.invert)
	w.resize()
	w.retool()
	w.showSlice()
	w.view.Fit()
	w.list.opened(s)
	w.three.opened(s)
	w.form.opened(s)
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
			w.show(w.found, i, w.autoPropose)
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
	if list := doubts(s); len(list) > 0 {
		return list[0]
	}
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
