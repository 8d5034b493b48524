package ui

import (
	"cmp"
	"fmt"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"
)

// askLeaving shows what would leave with an export, field by field, and exports when
// a person says so. Back asks again where to and how.
func (w *Window) askLeaving(e outgoing) {
	l := w.services.Exporter.Leaving(e.dir, e.all, e.options)
	w.trace("gate", map[string]any{"dir": e.dir, "fields": len(l.Fields), "warnings": l.Warnings})
	said := txtLeavingNone
	switch kept := keptFields(l.Fields); kept {
	case 0:
	case 1:
		said = txtLeavingKept1
	default:
		said = fmt.Sprintf(txtLeavingKept, kept)
	}
	all := container.NewVBox(paragraph(said))
	if len(l.Notes) > 0 {
		all.Add(paragraph(bullets(l.Notes)))
	}
	if len(l.Warnings) > 0 {
		warning := paragraph(bullets(l.Warnings))
		warning.Importance = widget.WarningImportance
		all.Add(warning)
	}
	all.Add(leavingTable(l.Fields))
	w.showDialog(txtLeavingHead, container.NewVScroll(all), fyne.NewSize(760, 520),
		button{name: txtCancel},
		button{name: txtBack, do: func() { w.askAgain(e) }},
		button{name: txtExportButton, look: widget.HighImportance, do: func() { w.export(e) }})
}

func keptFields(fields []LeavingField) (n int) {
	for _, f := range fields {
		if f.kept() {
			n++
		}
	}
	return n
}

// kept reports whether the field leaves as it is.
func (f LeavingField) kept() bool { return f.Leaves != "" && f.Leaves == f.Here }

// leavingTable lists fields in three columns; those that leave as they are come first
// and stand out.
func leavingTable(fields []LeavingField) *fyne.Container {
	fields = slices.Clone(fields)
	slices.SortStableFunc(fields, func(a, b LeavingField) int { return cmp.Compare(rank(a), rank(b)) })
	rows := container.NewVBox(leavingRow(LeavingField{txtLeavingWhat, txtLeavingHere, txtLeavingLeaves}, widget.LowImportance))
	for _, f := range fields {
		look := widget.MediumImportance
		switch {
		case f.kept():
			look = widget.WarningImportance
		case f.Leaves == "":
			f.Leaves = txtLeavingNothing
		}
		rows.Add(leavingRow(f, look))
	}
	return rows
}

func rank(f LeavingField) int {
	if f.kept() {
		return 0
	}
	return 1
}

func leavingRow(f LeavingField, look widget.Importance) fyne.CanvasObject {
	row := container.NewGridWithColumns(3)
	for i, s := range []string{f.What, f.Here, f.Leaves} {
		cell := paragraph(s)
		if i == 2 || look == widget.LowImportance {
			cell.Importance = look
		}
		row.Add(cell)
	}
	return row
}
