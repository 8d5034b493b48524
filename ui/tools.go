package ui

import (
	"math"
	"slices"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
	"groundglass/ui/viewport"
)

// tool is a way to change masks by the pointer, as the strip, the menu and the
// panel offer it. It makes the session's tool anew whenever a setting changes.
type tool struct {
	id, name string
	keys     []key
	icon     fyne.Resource
	gap      bool // a line above it in strip and menu
	make     func(label uint8) annotate.Tool
	rows     []string // of its settings in the panel: see toolRows
	cursor   cursor
	erases   bool // the cursor says so
	flips    bool // to cut out is to press it in its other meaning
}

// cursor is the shape of the pointer over the picture.
type cursor uint8

const (
	brushCursor cursor = iota // round or square as the brush is, in its size
	roundCursor               // in the brush's size, always round
	crossCursor
)

// toolSettings are what the tools' settings in the panel hold, beside the
// brush's radius.
type toolSettings struct {
	millimetres bool    // the size was chosen in mm, and stays the same from series to series
	radiusMM    float64 // then
	square      bool
	smooth      float64 // length of the string, in image pixels
	low, high   int16   // HU that the range brush paints
	cut         bool    // outlines cut
	redraw      bool    // outlines become the border of what they cross
	threshold   float64 // from which the proposal brush paints; 0: as proposed
}

func defaultToolSettings() toolSettings {
	return toolSettings{radiusMM: 6, low: -800, high: -300}
}

// toolTable is all tools, in the order of the strip.
func (w *Window) toolTable() []*tool {
	var all []*tool
	for _, part := range [][]*tool{w.brushTools(), w.regionTools(), w.outlineTools()} {
		part[0].gap = len(all) > 0
		all = append(all, part...)
	}
	return all
}

func (w *Window) brushTools() []*tool {
	o := &w.brush
	size, plainRows := []string{"size", "smooth"}, []string{"size", "square", "smooth"}
	return []*tool{
		{id: "tool.brush", name: txtBrush, keys: []key{plain(fyne.KeyB)}, icon: iconBrush, rows: plainRows, make: func(l uint8) annotate.Tool {
			return annotate.Brush{Radius: w.radius, Label: l, Square: o.square, Smooth: o.smooth}
		}},
		{id: "tool.eraser", name: txtEraser, keys: []key{plain(fyne.KeyE)}, icon: iconEraser, rows: plainRows, erases: true, make: func(uint8) annotate.Tool {
			return annotate.Eraser{Radius: w.radius, Square: o.square, Smooth: o.smooth}
		}},
		{id: "tool.range", name: txtRangeBrush, keys: []key{plain(fyne.KeyR)}, icon: iconRange, rows: append([]string{"range"}, plainRows...), make: func(l uint8) annotate.Tool {
			return annotate.RangeBrush{Radius: w.radius, Label: l, Low: o.low, High: o.high, Square: o.square, Smooth: o.smooth}
		}},
		{id: "tool.sphere", name: txtSphereBrush, keys: []key{shift(fyne.KeyB)}, icon: iconSphere, rows: size, cursor: roundCursor, make: func(l uint8) annotate.Tool {
			return annotate.Sphere{Radius: w.radius * w.pixelMM(), Label: l, Smooth: o.smooth}
		}},
		{id: "tool.proposal", name: txtProposalBrush, keys: []key{plain(fyne.KeyJ)}, icon: iconProposal, rows: append([]string{"threshold"}, plainRows...), make: func(uint8) annotate.Tool {
			return annotate.ProposalBrush{Radius: w.radius, Threshold: o.threshold, Square: o.square, Smooth: o.smooth}
		}},
		{id: "tool.restore", name: txtRestoreBrush, keys: []key{shift(fyne.KeyJ)}, icon: iconRestore, rows: plainRows, make: func(uint8) annotate.Tool {
			return annotate.Restore{Radius: w.radius, Square: o.square, Smooth: o.smooth}
		}},
	}
}

func (w *Window) outlineTools() []*tool {
	area := func(l uint8) annotate.Area { return annotate.Area{Label: l, Cut: w.brush.cut, Redraw: w.brush.redraw} }
	rows := []string{"redraw", "cut"}
	return []*tool{
		{id: "tool.polygon", name: txtPolygon, keys: []key{plain(fyne.KeyP)}, icon: iconPolygon, rows: []string{"redraw", "cut", "polygon"}, cursor: crossCursor, make: func(l uint8) annotate.Tool {
			return annotate.Polygon{Area: area(l)}
		}},
		{id: "tool.lasso", name: txtLasso, keys: []key{plain(fyne.KeyL)}, icon: iconLasso, rows: []string{"redraw", "cut", "smooth"}, cursor: crossCursor, make: func(l uint8) annotate.Tool {
			return annotate.Lasso{Area: area(l), Smooth: w.brush.smooth}
		}},
		{id: "tool.box", name: txtBox, keys: []key{shift(fyne.KeyP)}, icon: iconBox, rows: rows, cursor: crossCursor, make: func(l uint8) annotate.Tool {
			return annotate.Box{Area: area(l)}
		}},
		{id: "tool.oval", name: txtOval, keys: []key{shift(fyne.KeyL)}, icon: iconOval, rows: rows, cursor: crossCursor, make: func(l uint8) annotate.Tool {
			return annotate.Box{Area: area(l), Round: true}
		}},
		{id: "tool.move", name: txtMove, keys: []key{plain(fyne.KeyG)}, icon: iconMove, rows: []string{"move"}, cursor: crossCursor, make: func(l uint8) annotate.Tool {
			return annotate.Move{Label: l}
		}},
	}
}

// toolByID is the tool with an id; nil where there is none.
func (w *Window) toolByID(id string) *tool {
	for _, t := range w.tools {
		if t.id == id {
			return t
		}
	}
	return nil
}

// inHand is the id of the tool in hand; empty while one measures.
func (w *Window) inHand() string {
	if w.measure.ruler != noRuler {
		return ""
	}
	return w.tool.id
}

// takeTool takes a tool in hand in place of another, or of a measuring tool.
func (w *Window) takeTool(t *tool) {
	w.takeRuler(noRuler)
	w.setTool(t)
}

// setTool gives the session the tool as the settings have it.
func (w *Window) setTool(t *tool) {
	w.tool = t
	if w.session == nil {
		return
	}
	w.session.SetTool(t.make(w.session.ActiveLabel()))
	w.showBrush()
	w.saveSettings()
}

// retool gives the session the tool in hand with its changed settings.
func (w *Window) retool() { w.setTool(w.tool) }

// showBrush shows the tool's size and kind at the pointer.
func (w *Window) showBrush() {
	c := colBrush
	if w.tool.erases {
		c = colErase
	}
	for _, v := range []*viewport.Viewport{w.view, w.bare.view} {
		v.SetBrush(w.radius, c)
		v.SetSquare(w.brush.square && w.tool.cursor == brushCursor)
		v.SetPointing(w.measure.ruler != noRuler || w.tool.cursor == crossCursor)
	}
}

// pixelMM is the width of a pixel in mm, 1 where it is not known.
func (w *Window) pixelMM() float64 {
	if w.session == nil {
		return 1
	}
	g := w.session.Series().Geometry
	if v := math.Sqrt(g.Spacing[0] * g.Spacing[1]); g.Known && v > 0 {
		return v
	}
	return 1
}

// growBrush makes the brush n steps larger: by half a pixel while it is small,
// then by a tenth.
func (w *Window) growBrush(n int) {
	r := w.radius
	for range max(n, -n) {
		step := math.Max(0.5, math.Round(r*0.2)/2)
		if n < 0 {
			step = -step
		}
		r += step
	}
	w.setRadius(r)
}

// setRadius sets the brush's radius, in image pixels.
func (w *Window) setRadius(r float64) {
	w.radius = min(max(r, minRadius), maxRadius)
	w.brush.radiusMM = w.radius * w.pixelMM()
	w.retool()
}

// resize brings a size that was chosen in mm to the pixels of the series in view.
func (w *Window) resize() {
	if w.brush.millimetres {
		w.radius = min(max(w.brush.radiusMM/w.pixelMM(), minRadius), maxRadius)
	}
}

// setMillimetres picks the unit of the brush's size.
func (w *Window) setMillimetres(on bool) {
	w.brush.millimetres = on
	w.brush.radiusMM = w.radius * w.pixelMM()
	w.retool()
}

// takeRange takes the range of HU under the pointer, in a disc of the brush, 2 pixels at least: the
// mean and two standard deviations to each side.
func (w *Window) takeRange() {
	p := annotate.Point{X: w.hoverX, Y: w.hoverY}
	low, high, ok := annotate.RangeAround(w.slice.HU, w.slice.W, p, max(w.radius, 2), 2)
	if ok {
		w.setRange(low, high)
		if !slices.Contains(w.tool.rows, "range") {
			w.takeTool(w.toolByID("tool.range"))
		}
	}
}

func (w *Window) setRange(low, high int16) {
	w.brush.low, w.brush.high = min(low, high), max(low, high)
	w.retool()
}

// copyMask gives a neighbour the mask of the label in hand, where it has none,
// and goes there.
func (w *Window) copyMask(step int) {
	from := w.session.Current()
	to := from + step
	w.session.Step(step)
	w.operate(annotate.Copy{Label: w.session.ActiveLabel(), From: from}, annotate.Scope{From: to, To: to})
}

// stepBack takes back the newest point of what is being drawn, else the picked
// measurement.
func (w *Window) stepBack() {
	if w.session.Staging() {
		w.session.StepBack()
		w.view.Forget()
		return
	}
	w.deleteFigure()
}

// showPaths shows what the stroke under way is about to do.
func (w *Window) showPaths() {
	var paths []viewport.Path
	if w.session != nil && w.shown == w.session.Current() {
		for _, o := range w.session.Outlines(annotate.Point{X: w.hoverX, Y: w.hoverY}) {
			c := colBrush
			if o.Cut {
				c = colErase
			}
			paths = append(paths, viewport.Path{Points: pairs(o.Points), Knots: pairs(o.Knots), Closed: o.Closed, Color: c})
		}
	}
	w.view.SetPaths(paths)
}

func pairs(points []annotate.Point) [][2]float64 {
	var out [][2]float64
	for _, p := range points {
		out = append(out, [2]float64{p.X, p.Y})
	}
	return out
}
