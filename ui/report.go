package ui

import (
	"fmt"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate/ct"
)

// showReport lists what was read, what is remarkable about it, and what was
// left out and why.
func (w *Window) showReport() {
	box := container.NewVBox()
	part := func(title string, lines []string) {
		box.Add(heading(title))
		box.Add(paragraph(bullets(lines)))
		box.Add(gap(0, 6))
	}
	for i, s := range w.found.Series[:min(len(w.found.Series), maxLines)] {
		part(fmt.Sprintf(txtSeriesItem, i+1, seriesName(s), countText(s.Len())), seriesLines(s))
	}
	if n := len(w.found.Series) - maxLines; n > 0 {
		box.Add(paragraph(fmt.Sprintf(txtMore, n)))
	}
	left := leftOutLines(w.found.LeftOut)
	if len(left) == 0 {
		left = []string{txtReportAll}
	}
	part(txtReportLeftOut, left)
	if lines := w.workLines(); len(lines) > 0 {
		part(txtReportWork, lines)
	}
	w.showDialog(txtReportHead, container.NewVScroll(box), fyne.NewSize(700, 540), button{name: txtCloseButton, look: widget.HighImportance})
}

// workLines are sentences that say where the work on the series in view is kept.
func (w *Window) workLines() (lines []string) {
	k := w.keepings[w.session]
	if k == nil {
		return nil
	}
	if k.kept != nil {
		lines = append(lines, fmt.Sprintf(txtSavedIn, k.kept.Place()))
	}
	if k.aside != "" {
		lines = append(lines, fmt.Sprintf(txtSetAside, k.aside))
	}
	return lines
}

// seriesLines are sentences that say what a series is, and what is remarkable
// about it.
func seriesLines(s *ct.Series) []string {
	syntax := fmt.Sprintf(txtReportSyntax, strings.Join(ct.SyntaxNames(s.TransferSyntaxes), "; "))
	var lines []string
	switch g := s.Geometry; {
	case g.Known && s.Len() == 1:
		lines = append(lines, fmt.Sprintf(txtReportOne, s.Columns, s.Rows, g.Spacing[1], g.Spacing[0]))
	case g.Known:
		lines = append(lines, fmt.Sprintf(txtReportSpacing, s.Columns, s.Rows, g.Spacing[1], g.Spacing[0], g.Spacing[2]))
	default:
		lines = append(lines, fmt.Sprintf(txtReportSeries, s.Columns, s.Rows))
	}
	if n := s.Len(); n > 1 && s.Sources[0].HasPosition && s.Sources[n-1].HasPosition {
		line := fmt.Sprintf(txtReportFrom, s.Sources[0].PositionMM, s.Sources[n-1].PositionMM)
		if !s.Geometry.Uneven {
			line += txtReportEven
		}
		lines = append(lines, line+".")
	}
	lines = append(lines, madeText(s), syntax)
	for _, m := range doubts(s) {
		lines = append(lines, fmt.Sprintf(txtReportWarning, m))
	}
	for _, m := range s.Warnings {
		lines = append(lines, fmt.Sprintf(txtReportWarning, sentence(m)))
	}
	return lines
}

// madeText says how a series was made.
func madeText(s *ct.Series) string {
	said := func(v string) string {
		if v == "" {
			return txtReportNotSaid
		}
		return v
	}
	thick := ""
	if s.Made.ThicknessMM > 0 {
		thick = fmt.Sprintf(txtReportThickness, s.Made.ThicknessMM)
	}
	return fmt.Sprintf(txtReportMade, said(s.Modality), said(s.Made.Kernel), said(thick), said(s.Made.BodyPart))
}

// leftOutLines are sentences that name a file and say why it was left out.
func leftOutLines(left []ct.LeftOut) []string {
	var lines []string
	for _, l := range left {
		lines = append(lines, l.File+": "+sentence(l.Reason))
	}
	return lines
}

// keyText is all of a command's keys.
func keyText(c *command) string {
	var names []string
	for _, k := range c.keys {
		names = append(names, k.String())
	}
	return strings.Join(names, " or ")
}

// showAbout tells what this is and what it is not for.
func (w *Window) showAbout() {
	head := text(txtTitle, 20, colText)
	head.TextStyle.Bold = true
	warning := paragraph(txtResearch)
	warning.Importance = widget.WarningImportance
	top := container.NewVBox(head)
	if w.services.Version != "" {
		top.Add(text(fmt.Sprintf(txtVersion, w.services.Version), 12, colDim))
	}
	top.Add(warning)
	top.Add(canvas.NewRectangle(colLine))
	about := w.services.About
	if about == "" {
		about = w.modelName()
	}
	w.showDialog(txtAbout, container.NewBorder(top, nil, nil, nil, container.NewVScroll(paragraph(about))),
		fyne.NewSize(600, 420), button{name: txtCloseButton, look: widget.HighImportance})
}
