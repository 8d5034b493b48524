package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"
)

// slimBar is a thin bar that fills from the left.
type slimBar struct {
	widget.BaseWidget
	track, fill *canvas.Rectangle
	share       float32
}

func newSlimBar() *slimBar {
	b := &slimBar{track: canvas.NewRectangle(colLine), fill: canvas.NewRectangle(colAccent)}
	b.track.CornerRadius, b.fill.CornerRadius = 3, 3
	b.ExtendBaseWidget(b)
	return b
}

// set fills a share of 0 to 1.
func (b *slimBar) set(share float64) {
	b.share = float32(min(max(share, 0), 1))
	b.layout(b.Size())
	b.Refresh()
}

// MinSize keeps the bar thin.
func (b *slimBar) MinSize() fyne.Size { return fyne.NewSize(100, 6) }

// CreateRenderer implements fyne.Widget.
func (b *slimBar) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{b.track, b.fill}, min: b.MinSize, layout: b.layout}
}

func (b *slimBar) layout(s fyne.Size) {
	b.track.Resize(s)
	b.fill.Resize(fyne.NewSize(s.Width*b.share, s.Height))
}
