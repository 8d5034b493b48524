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
	return axisText(p, 0) + "  " + axisText(p, 1) + "  " + axisText(p, 2) + " mm"
}

// axisText is the part of a place along one axis: x, y or z.
func axisText(p [3]float64, axis int) string {
	side := [3][2]string{{"L", "R"}, {"P", "A"}, {"S", "I"}}[axis]
	if p[axis] < 0 {
		return fmt.Sprintf("%s %.1f", side[1], -p[axis])
	}
	return fmt.Sprintf("%s %.1f", side[0], p[axis])
}
