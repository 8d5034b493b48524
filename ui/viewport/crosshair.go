package viewport

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// crosshair marks a point of the picture by two lines that leave the point
// itself free.
type crosshair struct {
	lines [4]*canvas.Line // from the left, right, top and bottom
	x, y  float64         // in image coordinates
}

// crossGap is how near the lines come to the point, in canvas units.
const crossGap = 14

func newCrosshair() crosshair {
	var c crosshair
	for i := range c.lines {
		c.lines[i] = canvas.NewLine(color.NRGBA{0x7f, 0xe0, 0x9a, 0xb0})
		c.lines[i].StrokeWidth = 1
		c.lines[i].Hidden = true
	}
	return c
}

func (c *crosshair) objects() []fyne.CanvasObject {
	var o []fyne.CanvasObject
	for _, l := range c.lines {
		o = append(o, l)
	}
	return o
}

// SetCrosshair marks a point of the image, or nothing.
func (v *Viewport) SetCrosshair(x, y float64, on bool) {
	v.cross.x, v.cross.y = x, y
	for _, l := range v.cross.lines {
		l.Hidden = !on
	}
	v.placeCrosshair()
	v.ground.repaint()
}

// placeCrosshair puts the lines where the view says.
func (v *Viewport) placeCrosshair() {
	sx, sy := v.view.ToScreen(v.cross.x, v.cross.y)
	x, y, s := float32(sx), float32(sy), v.Size()
	for i, ends := range [4][2]fyne.Position{
		{fyne.NewPos(0, y), fyne.NewPos(max(0, x-crossGap), y)},
		{fyne.NewPos(min(s.Width, x+crossGap), y), fyne.NewPos(s.Width, y)},
		{fyne.NewPos(x, 0), fyne.NewPos(x, max(0, y-crossGap))},
		{fyne.NewPos(x, min(s.Height, y+crossGap)), fyne.NewPos(x, s.Height)},
	} {
		v.cross.lines[i].Position1, v.cross.lines[i].Position2 = ends[0], ends[1]
	}
}
