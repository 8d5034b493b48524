package viewport

import (
	"image"
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Path is a line over the picture that shows what a tool is about to do: light
// on dark, so that it is seen on any ground.
type Path struct {
	Points [][2]float64 // image coordinates
	Closed bool         // a dashed line leads from the last point to the first
	Knots  [][2]float64 // points to mark with squares, the first with a larger one
	Color  color.NRGBA
}

// The widths of a path, in canvas units.
const (
	pathLight  = 0.8 // half of the light line's
	pathDark   = 1.9 // half of the dark one's
	pathDash   = 5.0
	pathKnot   = 2.5 // half of a knot's side
	pathFirst  = 4.0 // of the first one's
	pathMargin = 8
)

// pathLayer paints paths into a picture of their own, as large as they need.
type pathLayer struct {
	raster *canvas.Raster
	paths  []Path
	origin fyne.Position // of the raster on the widget
	size   fyne.Size
	view   View
	img    image.RGBA
}

func newPathLayer() *pathLayer {
	l := &pathLayer{}
	l.raster = canvas.NewRaster(func(w, h int) image.Image { return l.picture(w, h) })
	l.raster.ScaleMode = canvas.ImageScaleFastest
	l.raster.Hide()
	return l
}

// SetPaths shows paths over the picture in place of those before.
func (v *Viewport) SetPaths(paths []Path) {
	if len(paths) == 0 && len(v.path.paths) == 0 {
		return
	}
	v.path.paths = paths
	v.path.place(v.view)
	v.ground.repaint()
}

// Paths returns what is shown.
func (v *Viewport) Paths() []Path { return v.path.paths }

// place puts the layer where the view says, around what is seen of the paths.
func (l *pathLayer) place(view View) {
	l.view = view
	low, high := [2]float64{math.Inf(1), math.Inf(1)}, [2]float64{math.Inf(-1), math.Inf(-1)}
	for _, p := range l.paths {
		for _, points := range [2][][2]float64{p.Points, p.Knots} {
			for _, q := range points {
				x, y := view.ToScreen(q[0], q[1])
				low, high = [2]float64{min(low[0], x), min(low[1], y)}, [2]float64{max(high[0], x), max(high[1], y)}
			}
		}
	}
	x0, y0 := math.Floor(max(low[0], 0)-pathMargin), math.Floor(max(low[1], 0)-pathMargin)
	x1, y1 := math.Ceil(min(high[0], view.W)+pathMargin), math.Ceil(min(high[1], view.H)+pathMargin)
	l.raster.Hidden = !(x0 < x1 && y0 < y1)
	if l.raster.Hidden {
		return
	}
	l.origin, l.size = fyne.NewPos(float32(x0), float32(y0)), fyne.NewSize(float32(x1-x0), float32(y1-y0))
	l.raster.Move(l.origin)
	l.raster.Resize(l.size)
	l.raster.Refresh()
}

// picture paints the paths in w x h pixels of the screen.
func (l *pathLayer) picture(w, h int) image.Image {
	if n := 4 * w * h; cap(l.img.Pix) < n {
		l.img.Pix = make([]uint8, n)
	} else {
		l.img.Pix = l.img.Pix[:n]
		clear(l.img.Pix)
	}
	l.img.Stride, l.img.Rect = 4*w, image.Rect(0, 0, w, h)
	if l.size.Width <= 0 {
		return &l.img
	}
	scale := float64(w) / float64(l.size.Width)
	at := func(q [2]float64) [2]float64 {
		x, y := l.view.ToScreen(q[0], q[1])
		return [2]float64{(x - float64(l.origin.X)) * scale, (y - float64(l.origin.Y)) * scale}
	}
	for _, dark := range [2]bool{true, false} {
		for _, p := range l.paths {
			l.stroke(p, dark, scale, at)
		}
	}
	return &l.img
}

// stroke paints one path's dark or light part.
func (l *pathLayer) stroke(p Path, dark bool, scale float64, at func([2]float64) [2]float64) {
	c, half, grow := p.Color, pathLight*scale, 0.0
	if dark {
		c, half, grow = color.NRGBA{A: 210}, pathDark*scale, 1.2*scale
	}
	for i := 1; i < len(p.Points); i++ {
		l.segment(at(p.Points[i-1]), at(p.Points[i]), half, 0, c)
	}
	if n := len(p.Points); p.Closed && n > 2 {
		dash := pathDash * scale
		if dark {
			dash = 0
		}
		l.segment(at(p.Points[n-1]), at(p.Points[0]), half, dash, c)
	}
	for i, k := range p.Knots {
		side := pathKnot * scale
		if i == 0 {
			side = pathFirst * scale
		}
		l.square(at(k), side+grow, c)
	}
}

// segment paints a line of a half width, with dashes of a length where that is
// over 0.
func (l *pathLayer) segment(a, b [2]float64, half, dash float64, c color.NRGBA) {
	r := l.img.Rect
	dx, dy := b[0]-a[0], b[1]-a[1]
	length := math.Hypot(dx, dy)
	steep := math.Abs(dy) > math.Abs(dx)
	u, v := 0, 1 // the axis that is walked along, and the other
	if steep {
		u, v = 1, 0
	}
	limit := [2]int{r.Dx(), r.Dy()}
	from, to := max(0, int(min(a[u], b[u])-half-1)), min(limit[u]-1, int(max(a[u], b[u])+half+1))
	wide := half*1.5 + 1.5
	for i := from; i <= to; i++ {
		t := 0.0
		if d := b[u] - a[u]; d != 0 {
			t = min(max((float64(i)+0.5-a[u])/d, 0), 1)
		}
		if dash > 0 && math.Mod(t*length, 2*dash) > dash {
			continue
		}
		m := a[v] + t*(b[v]-a[v])
		for j := max(0, int(m-wide)); j <= min(limit[v]-1, int(m+wide)); j++ {
			p := [2]float64{}
			p[u], p[v] = float64(i)+0.5, float64(j)+0.5
			d2 := distance2(p, a, dx, dy, length)
			if d2 >= (half+0.5)*(half+0.5) {
				continue
			}
			cover := min(1, half+0.5-math.Sqrt(d2))
			if steep {
				l.blend(j, i, c, cover)
			} else {
				l.blend(i, j, c, cover)
			}
		}
	}
}

// distance2 is the squared one of p from the line of a length from a on.
func distance2(p, a [2]float64, dx, dy, length float64) float64 {
	px, py := p[0]-a[0], p[1]-a[1]
	if length > 0 {
		t := min(max((px*dx+py*dy)/(length*length), 0), 1)
		px, py = px-t*dx, py-t*dy
	}
	return px*px + py*py
}

func (l *pathLayer) square(at [2]float64, half float64, c color.NRGBA) {
	r := image.Rect(int(math.Round(at[0]-half)), int(math.Round(at[1]-half)), int(math.Round(at[0]+half)), int(math.Round(at[1]+half))).Intersect(l.img.Rect)
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			l.blend(x, y, c, 1)
		}
	}
}

// blend lays a colour over a pixel.
func (l *pathLayer) blend(x, y int, c color.NRGBA, cover float64) {
	p := l.img.Pix[y*l.img.Stride+4*x:][:4]
	a := uint32(cover*float64(c.A) + 0.5)
	for i, v := range [4]uint8{c.R, c.G, c.B, 255} {
		p[i] = uint8((uint32(v)*a + uint32(p[i])*(255-a) + 127) / 255)
	}
}
