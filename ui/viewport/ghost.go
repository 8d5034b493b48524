package viewport

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// ghost marks the point that the pointer is over in another viewport.
type ghost struct{ under, over *canvas.Circle }

const ghostSize = 11

func newGhost() ghost {
	g := ghost{canvas.NewCircle(color.Transparent), canvas.NewCircle(color.Transparent)}
	g.under.StrokeColor, g.under.StrokeWidth = color.NRGBA{0, 0, 0, 220}, 4
	g.over.StrokeColor, g.over.StrokeWidth = color.NRGBA{0x7f, 0xe0, 0x9a, 0xff}, 1.5
	g.under.Hidden, g.over.Hidden = true, true
	g.under.Resize(fyne.NewSquareSize(ghostSize + 2))
	g.over.Resize(fyne.NewSquareSize(ghostSize))
	return g
}

// SetGhost marks an image point as where the pointer is in another viewport, or
// nothing.
func (v *Viewport) SetGhost(x, y float64, on bool) {
	sx, sy := v.view.ToScreen(x, y)
	at := fyne.NewPos(float32(sx)-ghostSize/2, float32(sy)-ghostSize/2)
	v.ghost.under.Move(at.SubtractXY(1, 1))
	v.ghost.over.Move(at)
	v.ghost.under.Hidden, v.ghost.over.Hidden = !on, !on
	v.ground.repaint()
}
