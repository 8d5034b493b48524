package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"
)

// newEmpty is what the window shows while nothing is open: how to begin.
func (w *Window) newEmpty() *fyne.Container {
	head := text(txtDropHere, 26, colText)
	head.Alignment = fyne.TextAlignCenter
	what := text(txtDropWhat, 13, colDim)
	what.Alignment = fyne.TextAlignCenter
	w.recents = container.NewVBox()
	w.fillRecents()

	frame := canvas.NewRectangle(color.Transparent)
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = colLine, 2, 14
	box := container.NewVBox(
		container.NewCenter(fixed(56, 56, w.emptyIcon())),
		gap(0, 6), head, what, gap(0, 14), container.NewCenter(w.emptyButtons()), gap(0, 10),
		container.NewCenter(w.recents),
	)
	warning := text(txtResearch, 12, colWarn)
	warning.Alignment = fyne.TextAlignCenter
	return container.NewStack(canvas.NewRectangle(colGround), container.NewBorder(nil,
		container.New(layout.NewCustomPaddedLayout(8, 14, 10, 10), warning), nil, nil,
		container.NewCenter(container.NewStack(frame, container.New(layout.NewCustomPaddedLayout(34, 26, 60, 60), box))),
	))
}

func (w *Window) emptyIcon() fyne.CanvasObject {
	if w.services.Icon != nil {
		i := canvas.NewImageFromResource(w.services.Icon)
		i.FillMode = canvas.ImageFillContain
		return i
	}
	return widget.NewIcon(theme.NewPrimaryThemedResource(theme.FolderOpenIcon()))
}

// emptyButtons are the ways to begin.
func (w *Window) emptyButtons() fyne.CanvasObject {
	row := container.NewHBox()
	for _, id := range []string{"file.folder", "file.files", "file.demo"} {
		c := w.commands.byID[id]
		if !c.can() {
			continue
		}
		b := widget.NewButtonWithIcon(c.name, c.icon, func() { w.run(c) })
		if id == "file.folder" {
			b.Importance = widget.HighImportance
		}
		w.named["empty."+id] = b
		row.Add(b)
	}
	return row
}
