package ui

import (
	"fmt"
	"math"
)

// hoverText is what lies under the pointer: Hounsfield units, pixel, place.
func (w *Window) hoverText() (hu, pixel, place string) {
	x, y := int(math.Floor(w.hoverX)), int(math.Floor(w.hoverY))
	if !w.hovering || w.slice == nil || x < 0 || y < 0 || x >= w.slice.W || y >= w.slice.H {
		return "", "", ""
	}
	i := y*w.slice.W + x
	hu = fmt.Sprintf(txtHU, w.slice.HU[i])
	if w.slice.Pad != nil && w.slice.Pad[i] {
		hu = txtPadding
	}
	if s := w.session.Series(); s.Geometry.Known {
		place = placeText(s.At(w.hoverX-0.5, w.hoverY-0.5, w.shown))
	}
	return hu, fmt.Sprintf(txtPixelAt, x, y), place
}

// placeText is a place in patient coordinates (LPS, mm) as radiology writes it.
func placeText(p [3]float64) string {
	letter := func(v float64, plus, minus string) string {
		if v < 0 {
			return fmt.Sprintf("%s %.1f", minus, -v)
		}
		return fmt.Sprintf("%s %.1f", plus, v)
	}
	return letter(p[0], "L", "R") + "  " + letter(p[1], "P", "A") + "  " + letter(p[2], "S", "I") + " mm"
}
