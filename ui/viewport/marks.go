package viewport

import (
	"image/color"
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// MarkShape is what a Mark looks like.
type MarkShape uint8

// The shapes of a mark, each between two points.
const (
	Line MarkShape = iota
	Box
	Oval
)

// Mark is a figure over the picture, with lines of text beside it.
type Mark struct {
	Shape          MarkShape
	X0, Y0, X1, Y1 float64 // its two points in image coordinates
	Text           []string
	Picked         bool // its points can be dragged: they are shown
}

// The colours of marks, and of the plate under their text.
var (
	MarkColor = color.NRGBA{0x8a, 0xe6, 0xff, 0xff}
	MarkPlate = color.NRGBA{0x08, 0x0a, 0x0d, 0xe6}
)

const (
	markWidth  = 2 // of lines
	markText   = 13
	markPad    = 4  // around the text
	markGap    = 10 // from a figure to its text
	handleSize = 8
)

// mark is a Mark as the toolkit's objects.
type mark struct {
	Mark
	line    [2]*canvas.Line // a dark one and the figure's colour on it
	box     [2]*canvas.Rectangle
	oval    [2]*canvas.Ellipse
	handles [2]*canvas.Rectangle
	plate   *canvas.Rectangle
	text    []*canvas.Text
}

// SetMarks shows figures over the picture in place of those before.
func (v *Viewport) SetMarks(marks []Mark) {
	if len(marks) == 0 && len(v.marks) == 0 {
		return
	}
	v.marks = v.marks[:0]
	for _, m := range marks {
		v.marks = append(v.marks, newMark(m))
	}
	v.stack()
	v.placeMarks()
	v.ground.repaint()
}

func newMark(m Mark) *mark {
	k := &mark{Mark: m, plate: canvas.NewRectangle(MarkPlate)}
	k.plate.CornerRadius = 3
	for i, c := range []color.NRGBA{{0, 0, 0, 190}, MarkColor} {
		width := float32(markWidth + 2*float32(1-i))
		switch m.Shape {
		case Line:
			k.line[i] = canvas.NewLine(c)
			k.line[i].StrokeWidth = width
		case Box:
			k.box[i] = canvas.NewRectangle(color.Transparent)
			k.box[i].StrokeColor, k.box[i].StrokeWidth = c, width
		case Oval:
			k.oval[i] = canvas.NewEllipse(color.Transparent)
			k.oval[i].StrokeColor, k.oval[i].StrokeWidth = c, width
		}
		k.handles[i] = canvas.NewRectangle(MarkColor)
		k.handles[i].StrokeColor, k.handles[i].StrokeWidth = color.Black, 1
		k.handles[i].Hidden = !m.Picked
	}
	for _, s := range m.Text {
		t := canvas.NewText(s, MarkColor)
		t.TextSize = markText
		k.text = append(k.text, t)
	}
	k.plate.Hidden = len(m.Text) == 0
	return k
}

// objects lists the mark's objects from the bottom up.
func (k *mark) objects() []fyne.CanvasObject {
	var all []fyne.CanvasObject
	for i := range 2 {
		switch k.Shape {
		case Line:
			all = append(all, k.line[i])
		case Box:
			all = append(all, k.box[i])
		case Oval:
			all = append(all, k.oval[i])
		}
	}
	all = append(all, k.handles[0], k.handles[1], k.plate)
	for _, t := range k.text {
		all = append(all, t)
	}
	return all
}

// placeMarks puts the marks where the view says.
func (v *Viewport) placeMarks() {
	for _, k := range v.marks {
		x0, y0 := v.view.ToScreen(k.X0, k.Y0)
		x1, y1 := v.view.ToScreen(k.X1, k.Y1)
		k.place(fyne.NewPos(float32(x0), float32(y0)), fyne.NewPos(float32(x1), float32(y1)), v.Size())
	}
}

// place puts a mark between two points of a widget of a size.
func (k *mark) place(a, b fyne.Position, within fyne.Size) {
	at := fyne.NewPos(min(a.X, b.X), min(a.Y, b.Y))
	size := fyne.NewSize(max(a.X, b.X)-at.X, max(a.Y, b.Y)-at.Y)
	for i := range 2 {
		grow := float32(1 - i) // strokes are drawn within: the dark one begins further out
		outer, whole := at.SubtractXY(grow, grow), size.AddWidthHeight(2*grow, 2*grow)
		switch k.Shape {
		case Line:
			k.line[i].Position1, k.line[i].Position2 = a, b
		case Box:
			k.box[i].Move(outer)
			k.box[i].Resize(whole)
		case Oval:
			k.oval[i].Move(outer)
			k.oval[i].Resize(whole)
		}
	}
	for i, p := range []fyne.Position{a, b} {
		k.handles[i].Resize(fyne.NewSquareSize(handleSize))
		k.handles[i].Move(p.SubtractXY(handleSize/2, handleSize/2))
	}
	k.placeText(at.AddXY(size.Width, size.Height), within)
}

// placeText puts the text to the right of and below a corner, within the widget.
func (k *mark) placeText(corner fyne.Position, within fyne.Size) {
	var need fyne.Size
	for _, t := range k.text {
		m := t.MinSize()
		need = fyne.NewSize(max(need.Width, m.Width), need.Height+m.Height)
	}
	need = need.AddWidthHeight(2*markPad, 2*markPad)
	keep := func(at, size, limit float32) float32 { return max(0, min(at, limit-size)) }
	at := fyne.NewPos(keep(corner.X+markGap, need.Width, within.Width), keep(corner.Y+markGap, need.Height, within.Height))
	k.plate.Move(at)
	k.plate.Resize(need)
	at = at.AddXY(markPad, markPad)
	for _, t := range k.text {
		m := t.MinSize()
		t.Move(at)
		t.Resize(m)
		at.Y += m.Height
	}
}

// Near returns how far, in canvas units, a point of the image lies from another
// on the screen.
func (v *Viewport) Near(x0, y0, x1, y1 float64) float64 {
	ax, ay := v.view.ToScreen(x0, y0)
	bx, by := v.view.ToScreen(x1, y1)
	return math.Hypot(bx-ax, by-ay)
}
