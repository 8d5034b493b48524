package ui

import (
	"fmt"
	"math"
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/layout"
)

// toolOptions are the settings of the tool in hand: of all rows those that it
// names.
type toolOptions struct {
	w            *Window
	box          fyne.CanvasObject
	list         *fyne.Container
	name         *canvas.Text
	rows         map[string]*toolRow
	order        []string
	px, mm       *numberRow // the brush's size in either unit
	otherUnit    *canvas.Text
	smooth, from *numberRow
}

// toolRow is one row: what it shows, and what brings that up to date.
type toolRow struct {
	box    fyne.CanvasObject
	update func()
}

// optionsHeight is that of a brush's settings.
const optionsHeight = 124

// maxDiameterMM is the largest size in mm.
const maxDiameterMM = 150

// maxSmooth is the longest string, in image pixels.
const maxSmooth = 40

func newToolOptions(w *Window) *toolOptions {
	o := &toolOptions{w: w, name: heading(txtTool), otherUnit: text("", 11, colDim), rows: map[string]*toolRow{}}
	o.list = container.NewVBox(container.NewHBox(o.name, layout.NewSpacer(), o.otherUnit))
	o.box = container.NewStack(gap(0, optionsHeight), o.list) // so that what is below stays where it is from tool to tool
	o.addRangeRows()
	o.addBrushRows()
	o.addRegionRows()
	o.addOutlineRows()
	return o
}

// add adds a row under a name that tools can ask for.
func (o *toolOptions) add(name string, box fyne.CanvasObject, update func()) {
	o.rows[name] = &toolRow{box, update}
	o.order = append(o.order, name)
	o.list.Add(box)
}

func (o *toolOptions) addBrushRows() {
	w := o.w
	o.px = newNumberRow(2*minRadius, 2*maxRadius, 0.05, 0, root(math.Round), func(v float64) { w.setRadius(v / 2) }, w.focusNow)
	o.px.entry.step = 1
	o.mm = newNumberRow(0.5, maxDiameterMM, 0.05, 1, root(func(v float64) float64 { return math.Round(2*v) / 2 }), func(v float64) {
		w.setRadius(v / 2 / w.pixelMM())
	}, w.focusNow)
	o.mm.entry.step = 0.5
	w.explainRow(o.px, txtSize, txtHintSize)
	w.explainRow(o.mm, txtSize, txtHintSize)
	unit := o.check(txtInMM, func() bool { return w.brush.millimetres }, w.setMillimetres)
	o.add("size", container.NewVBox(container.NewStack(o.px.box, o.mm.box)), o.updateSize)
	square := o.check(txtSquare, func() bool { return w.brush.square }, func(on bool) { w.brush.square = on; w.retool() })
	o.add("unit", container.NewGridWithColumns(2, unit.box, square.box), func() {
		unit.update()
		square.update()
		square.box.Hidden = !slices.Contains(w.tool.rows, "square")
	})
	o.smooth = newNumberRow(0, maxSmooth, 1, 0, nil, func(v float64) { w.brush.smooth = v; w.retool() }, w.focusNow)
	w.explainRow(o.smooth, txtSteady, txtHintSmooth)
	o.add("smooth", named(caption(txtSteady), o.smooth), func() { o.smooth.show(w.brush.smooth) })
}

// updateSize shows the size in the unit chosen, and in the other beside the
// tool's name.
func (o *toolOptions) updateSize() {
	w, mm := o.w, o.w.pixelMM()
	known := w.session != nil && w.session.Series().Geometry.Known
	inMM := known && w.brush.millimetres
	o.px.box.Hidden, o.mm.box.Hidden = inMM, !inMM
	o.px.show(2 * w.radius)
	o.mm.show(min(2*w.radius*mm, maxDiameterMM))
	switch {
	case inMM:
		o.otherUnit.Text = fmt.Sprintf(txtSizePX, 2*w.radius)
	case known:
		o.otherUnit.Text = fmt.Sprintf(txtSizeMM, 2*w.radius*mm)
	}
}

// addRangeRows adds what limits a brush to HU or to probabilities.
func (o *toolOptions) addRangeRows() {
	w := o.w
	low := newNumberEntry(-3000, 5000, 25, 0, func(v float64) { w.setRange(int16(v), max(int16(v), w.brush.high)) }, w.focusNow)
	high := newNumberEntry(-3000, 5000, 25, 0, func(v float64) { w.setRange(min(int16(v), w.brush.low), int16(v)) }, w.focusNow)
	fields := container.NewGridWithColumns(2,
		container.NewBorder(nil, nil, caption(txtFromHU), nil, low),
		container.NewBorder(nil, nil, caption(txtToHU), nil, high),
	)
	w.named["range.low"], w.named["range.high"] = low, high
	o.add("range", container.NewVBox(fields, caption(txtTakeHint)), func() {
		low.show(float64(w.brush.low))
		high.show(float64(w.brush.high))
	})
	o.from = newNumberRow(0, 1, 0.01, 2, nil, func(v float64) { w.brush.threshold = v; w.retool() }, w.focusNow)
	w.explainRow(o.from, txtThreshold, txtHintFrom)
	o.add("threshold", named(caption(txtThreshold), o.from), func() { o.from.show(w.brush.threshold) })
}

func (o *toolOptions) addOutlineRows() {
	w := o.w
	redraw := o.check(txtRedraw, func() bool { return w.brush.redraw }, func(on bool) { w.brush.redraw = on; w.retool() })
	o.add("redraw", container.NewVBox(redraw.box, caption(txtRedrawHint)), redraw.update)
	cut := o.check(txtCutOut, func() bool { return w.brush.cut }, func(on bool) { w.brush.cut = on; w.retool() })
	o.add("cut", container.NewVBox(cut.box, caption(txtCutHint)), cut.update)
	o.add("polygon", caption(txtPolygonHint), nil)
	o.add("move", caption(txtMoveHint), nil)
}

// check is a row with a box for a setting.
func (o *toolOptions) check(name string, is func() bool, set func(bool)) toolCheck {
	c := newHintCheck(name, nil, o.w.focusView)
	c.OnChanged = func(on bool) {
		if on != is() {
			set(on)
			o.w.focusView()
		}
	}
	return toolCheck{c, func() { c.SetChecked(is()) }}
}

// toolCheck is a check box and what brings it up to date.
type toolCheck struct {
	box    *hintCheck
	update func()
}

// update shows the settings of the tool in hand.
func (o *toolOptions) update() {
	t, height := o.w.tool, o.box.MinSize().Height
	o.otherUnit.Text = ""
	for _, name := range o.order {
		r := o.rows[name]
		shown := slices.Contains(t.rows, name) || name == "unit" && slices.Contains(t.rows, "size")
		if shown && r.update != nil {
			r.update()
		}
		if shown {
			r.box.Show()
		} else {
			r.box.Hide()
		}
	}
	setText(o.name, t.name)
	if o.box.MinSize().Height != height {
		o.w.panel.box.Refresh() // or what is below would not make room
	} else {
		o.box.Refresh()
	}
}

// Keys of the preferences.
const (
	prefInMM      = "tool.mm"
	prefRadiusMM  = "tool.radius.mm"
	prefSquare    = "tool.square"
	prefSteady    = "tool.smooth"
	prefLow       = "tool.range.low"
	prefHigh      = "tool.range.high"
	prefCut       = "tool.cut"
	prefRedraw    = "tool.redraw"
	prefFromValue = "tool.proposal.threshold"
)

// loadToolSettings takes the last session's settings.
func (w *Window) loadToolSettings(p fyne.Preferences) {
	o := &w.brush
	o.millimetres = p.BoolWithFallback(prefInMM, o.millimetres)
	o.radiusMM = p.FloatWithFallback(prefRadiusMM, o.radiusMM)
	o.square = p.BoolWithFallback(prefSquare, o.square)
	o.smooth = min(max(p.FloatWithFallback(prefSteady, o.smooth), 0), maxSmooth)
	o.low = int16(p.IntWithFallback(prefLow, int(o.low)))
	o.high = max(o.low, int16(p.IntWithFallback(prefHigh, int(o.high))))
	o.cut = p.BoolWithFallback(prefCut, o.cut)
	o.redraw = p.BoolWithFallback(prefRedraw, o.redraw)
	o.threshold = min(max(p.FloatWithFallback(prefFromValue, o.threshold), 0), 1)
}

// saveToolSettings keeps them for the next session.
func (w *Window) saveToolSettings(p fyne.Preferences) {
	o := &w.brush
	p.SetBool(prefInMM, o.millimetres)
	p.SetFloat(prefRadiusMM, o.radiusMM)
	p.SetBool(prefSquare, o.square)
	p.SetFloat(prefSteady, o.smooth)
	p.SetInt(prefLow, int(o.low))
	p.SetInt(prefHigh, int(o.high))
	p.SetBool(prefCut, o.cut)
	p.SetBool(prefRedraw, o.redraw)
	p.SetFloat(prefFromValue, o.threshold)
}
