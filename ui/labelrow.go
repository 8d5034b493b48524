package ui

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/layout"
	"fyne.io/fyne/v2/widget"

	"groundglass/annotate"
	"groundglass/ui/viewport"
)

// labelRow is a label that can be picked: its look in the picture, name and key.
type labelRow struct {
	widget.BaseWidget
	hinted
	label     annotate.Label
	tapped    func()
	ground    *canvas.Rectangle
	swatch    *canvas.Raster
	name, key *canvas.Text
	picked    bool
}

func newLabelRow(l annotate.Label, n int, tapped func()) *labelRow {
	r := &labelRow{
		label: l, tapped: tapped, ground: canvas.NewRectangle(color.Transparent),
		name: text(l.Name, 13, colText), key: text("", 11, colDim),
	}
	if l.Key != 0 {
		r.key.Text = string(l.Key)
	}
	r.name.Text = shorten(l.Name, r.name, labelWidth)
	r.ground.CornerRadius = 4
	img := viewport.Swatch(viewport.Style{Color: l.Color, Pattern: viewport.PatternOf(n)})
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

// Tapped picks the label.
func (r *labelRow) Tapped(*fyne.PointEvent) { r.tapped() }

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
	return fyne.NewSize(60+r.name.MinSize().Width, 26)
}

// CreateRenderer implements fyne.Widget.
func (r *labelRow) CreateRenderer() fyne.WidgetRenderer {
	return &boxRenderer{objects: []fyne.CanvasObject{r.ground, r.swatch, r.name, r.key}, min: r.MinSize, layout: func(s fyne.Size) {
		r.ground.Resize(s)
		r.swatch.Resize(fyne.NewSize(28, 14))
		r.swatch.Move(fyne.NewPos(6, (s.Height-14)/2))
		m := r.name.MinSize()
		r.name.Resize(m)
		r.name.Move(fyne.NewPos(42, (s.Height-m.Height)/2))
		m = r.key.MinSize()
		r.key.Resize(m)
		r.key.Move(fyne.NewPos(s.Width-m.Width-8, (s.Height-m.Height)/2))
	}}
}

// heatLegend is the heat map's colours over the threshold's slider.
func heatLegend() fyne.CanvasObject {
	r := heatRamp()
	r.SetMinSize(fyne.NewSize(1, 5))
	return container.NewBorder(nil, nil, nil, gap(58, 0), container.New(layout.NewCustomPaddedLayout(0, 0, 12, 12), r))
}

// styles is how the viewport shows the labels.
func styles(labels []annotate.Label) map[uint8]viewport.Style {
	out := map[uint8]viewport.Style{}
	for i, l := range labels {
		out[l.Value] = viewport.Style{Color: l.Color, Pattern: viewport.PatternOf(i)}
	}
	return out
}
