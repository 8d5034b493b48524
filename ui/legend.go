package ui

import (
	"image"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"

	"groundglass/ui/viewport"
)

// legend explains the overlay in use, in the picture's lower left corner. It is
// made of what takes no pointer: one paints through it.
type legend struct {
	box  *fyne.Container
	kind overlay
}

// legendGap is the legend's distance from the picture's edges.
const legendGap = 8

func newLegend() *legend {
	l := &legend{box: container.New(&lowerLeft{})}
	l.box.Hide()
	return l
}

// show explains an overlay.
func (l *legend) show(o overlay) {
	if o == l.kind {
		return
	}
	l.kind = o
	l.box.RemoveAll()
	l.box.Hidden = o == noOverlay
	if o != noOverlay {
		k := &overlayKinds[o]
		lines := container.New(layout.NewCustomPaddedVBoxLayout(3), caption(k.title))
		for _, a := range k.areas {
			lines.Add(swatchLine(viewport.AreaSwatch(a.look), a.name))
		}
		if k.areas == nil {
			lines.Add(rampLine(k))
		}
		plate := canvas.NewRectangle(colPlate)
		plate.CornerRadius = 4
		l.box.Add(container.NewStack(plate, container.New(layout.NewCustomPaddedLayout(6, 6, 8, 10), lines)))
	}
	l.box.Refresh()
}

func swatchLine(img *image.RGBA, name string) fyne.CanvasObject {
	r := canvas.NewRaster(func(_, _ int) image.Image { return img })
	r.ScaleMode = canvas.ImageScalePixels
	r.SetMinSize(fyne.NewSize(28, 14))
	return container.New(layout.NewCustomPaddedHBoxLayout(8), container.NewCenter(r), text(name, 12, colText))
}

func rampLine(k *overlayKind) fyne.CanvasObject {
	r := heatRamp()
	r.SetMinSize(fyne.NewSize(110, 10))
	return container.New(layout.NewCustomPaddedHBoxLayout(6), text(k.low, 12, colText), container.NewCenter(r), text(k.high, 12, colText))
}

// heatRamp is the heat map's colours from 0 to 1.
func heatRamp() *canvas.Raster {
	img := image.NewRGBA(image.Rect(0, 0, 128, 1))
	for x := range 128 {
		img.Set(x, 0, viewport.HeatColor(float64(x)/127))
	}
	r := canvas.NewRaster(func(_, _ int) image.Image { return img })
	r.ScaleMode = canvas.ImageScaleFastest
	return r
}

// lowerLeft lays its objects out in the lower left corner.
type lowerLeft struct{}

// MinSize is nothing: there is room over the picture.
func (lowerLeft) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.Size{} }

// Layout implements fyne.Layout.
func (lowerLeft) Layout(all []fyne.CanvasObject, s fyne.Size) {
	for _, o := range all {
		m := o.MinSize()
		o.Resize(m)
		o.Move(fyne.NewPos(legendGap, s.Height-m.Height-legendGap))
	}
}
