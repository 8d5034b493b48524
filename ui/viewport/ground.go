package viewport

import (
	"image"
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// under is how far the ground reaches under the picture, in units of the widget, so
// that no gap is left where the painters round.
const under = 2

// ground is the black around the picture: strips above, below, left and right of it.
// None lies behind it: without a graphics card each pixel that is painted costs time,
// whether or not another comes over it, and one of a rectangle several times what
// one of a picture does.
type ground [4]*canvas.Raster

func newGround() (g ground) {
	black := image.NewRGBA(image.Rect(0, 0, 1, 1))
	black.Set(0, 0, color.Black)
	for i := range g {
		g[i] = canvas.NewRaster(func(_, _ int) image.Image { return black })
		g[i].ScaleMode = canvas.ImageScalePixels
	}
	return g
}

func (g *ground) objects() (out []fyne.CanvasObject) {
	for _, r := range g {
		out = append(out, r)
	}
	return out
}

// placeGround puts the ground around the picture, or everywhere where there is none.
func (v *Viewport) placeGround() {
	var at, end fyne.Position
	if v.frame.HU != nil {
		at = v.grey.raster.Position()
		end = at.Add(v.grey.raster.Size())
	}
	v.ground.place(v.Size(), at, end)
}

// place fills a widget of a size but for the picture, which goes from at to end.
func (g *ground) place(s fyne.Size, at, end fyne.Position) {
	x0, x1 := within(at.X+under, s.Width), within(end.X-under, s.Width)
	y0, y1 := within(at.Y+under, s.Height), within(end.Y-under, s.Height)
	if x0 >= x1 || y0 >= y1 {
		x0, x1, y0, y1 = 0, 0, s.Height, s.Height // one strip is all
	}
	for i, r := range [4][4]float32{
		{0, 0, s.Width, y0}, {0, y1, s.Width, s.Height}, {0, y0, x0, y1}, {x1, y0, s.Width, y1},
	} {
		g[i].Move(fyne.NewPos(r[0], r[1]))
		g[i].Resize(fyne.NewSize(r[2]-r[0], r[3]-r[1]))
	}
}

func within(x, most float32) float32 { return min(max(x, 0), most) }

// repaint has the window painted anew: showing, hiding and moving alone do not.
func (g *ground) repaint() { canvas.Refresh(g[0]) }
