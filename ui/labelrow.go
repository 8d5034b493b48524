package ui

import (
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/ui/viewport"
)

// labelRow is a label that can be picked: its look in the picture, name and key,
// and switches that lock and hide it. A double click edits it.
type labelRow struct {
	widget.BaseWidget
	hinted
	label        annotate.Label
	look         annotate.Look
	tapped, edit func()
	lock, eye    *iconToggle
	ground       *canvas.Rectangle
	swatch       *canvas.Raster
	name, key    *canvas.Text
	picked       bool
	at           time.Time // of the last click
}

func newLabelRow(l annotate.Label, look annotate.Look, tapped, edit func()) *labelRow {
	r := &labelRow{
		label: l, look: look, tapped: tapped, edit: edit, ground: canvas.NewRectangle(color.Transparent),
		name: text(l.Name, 13, colText), key: text("", 11, colDim),
		lock: newIconToggle(iconLocked, iconOpen, l.Locked), eye: newIconToggle(theme.VisibilityOffIcon(), theme.VisibilityIcon(), look.Hidden),
	}
	if look.Hidden {
		r.name.Color = colDim
	}
	if l.Key != 0 {
		r.key.Text = string(l.Key)
	}
	r.name.Text = shorten(l.Name, r.name, labelWidth)
	r.ground.CornerRadius = 4
	img := viewport.Swatch(styleOf(l, annotate.Look{Opacity: look.Opacity, Outline: look.Outline}))
	r.swatch = canvas.NewRaster(func(_, _ int) image.Image { return img })
	r.swatch.ScaleMode = canvas.ImageScalePixels
	r.ExtendBaseWidget(r)
	return r
}

// pick shows whether the label is the one that the brush paints.
func (r *labelRow) pick(on bool) {
	r.picked = on
	r.paint(false)
}

func (r *labelRow) paint(over bool) {
	r.ground.FillColor = color.Transparent
	switch {
	case r.picked:
		r.ground.FillColor = colPicked
	case over:
		r.ground.FillColor = colRaised
	}
	r.name.TextStyle.Bold = r.picked
	r.Refresh()
}

// Tapped picks the label at once, and edits it at the second of two clicks.
func (r *labelRow) Tapped(*fyne.PointEvent) {
	twice := time.Since(r.at) < doubleClick
	r.at = time.Now()
	if r.tapped(); twice {
		r.edit()
	}
}

// MouseIn lights the row up.
func (r *labelRow) MouseIn(*desktop.MouseEvent) {
	r.paint(true)
	r.hover(true)
}

// MouseMoved does nothing.
func (r *labelRow) MouseMoved(*desktop.MouseEvent) {}

// MouseOut ends what MouseIn did.
func (r *labelRow) MouseOut() {
	r.paint(false)
	r.hover(false)
}

// MinSize fits the name.
func (r *labelRow) MinSize() fyne.Size {
	return fyne.NewSize(104+r.name.MinSize().Width, labelHeight)
}

// CreateRenderer implements fyne.Widget.
func (r *labelRow) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{r.ground, r.swatch, r.name, r.key, r.lock, r.eye}, min: r.MinSize, layout: func(s fyne.Size) {
		r.ground.Resize(s)
		r.swatch.Resize(fyne.NewSize(28, 14))
		r.swatch.Move(fyne.NewPos(6, (s.Height-14)/2))
		m := r.name.MinSize()
		r.name.Resize(m)
		r.name.Move(fyne.NewPos(42, (s.Height-m.Height)/2))
		m = r.key.MinSize()
		r.key.Resize(m)
		r.key.Move(fyne.NewPos(s.Width-m.Width-52, (s.Height-m.Height)/2))
		for i, t := range []*iconToggle{r.lock, r.eye} {
			t.Resize(fyne.NewSize(22, s.Height))
			t.Move(fyne.NewPos(s.Width-46+23*float32(i), 0))
		}
	}}
}

// heatLegend is the heat map's colours over the threshold's slider.
func heatLegend() fyne.CanvasObject {
	r := heatRamp()
	r.SetMinSize(fyne.NewSize(1, 5))
	return container.NewBorder(nil, nil, nil, gap(58, 0), container.New(layout.NewCustomPaddedLayout(0, 0, 12, 12), r))
}
