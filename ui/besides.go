package ui

import (
	"math"

	"fyne.io/fyne/v2"
)

// besides lays out the slices and, where they are shown, the cuts to their right.
type besides struct{}

// cutShare is the cuts' share of the width.
const cutShare = 0.38

// MinSize is the main part's.
func (besides) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := o[0].MinSize()
	if o[1].Visible() {
		s.Width += o[1].MinSize().Width
		s.Height = max(s.Height, o[1].MinSize().Height)
	}
	return s
}

// Layout implements fyne.Layout.
func (besides) Layout(o []fyne.CanvasObject, s fyne.Size) {
	var right float32
	if o[1].Visible() {
		right = float32(math.Round(float64(max(o[1].MinSize().Width, s.Width*cutShare))))
		o[1].Resize(fyne.NewSize(right-1, s.Height))
		o[1].Move(fyne.NewPos(s.Width-right+1, 0))
	}
	o[0].Resize(fyne.NewSize(s.Width-right, s.Height))
	o[0].Move(fyne.NewPos(0, 0))
}
