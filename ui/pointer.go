package ui

import (
	"math"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
	"groundglass/ui/viewport"
)

// windowChanged marks the window level as changed, beside the session's marks.
const windowChanged annotate.What = 1 << 30

// Limits of the brush's radius, in image pixels.
const minRadius, maxRadius = 0.5, 128

// listenPointer carries what happens in the picture to the session.
func (w *Window) listenPointer() {
	w.view.On = viewport.Handlers{
		Press:       w.press,
		Drag:        w.drag,
		Release:     w.release,
		Step:        func(n int) { w.stepSlices(n) },
		WindowLevel: w.dragWindow,
		BrushSize:   w.growBrush,
		Hover:       w.hover,
		ViewChanged: w.viewChanged,
		KeyDown:     w.keyDown,
		KeyUp:       w.keyUp,
		TypedKey:    w.typedKey,
		TypedRune:   w.typedSign,
		FocusLost:   w.letGo,
		Modifiers:   w.modifiers,
	}
}

func (w *Window) press(x, y float64) {
	if w.session == nil || w.shown != w.session.Current() {
		return // its pixels are not there yet
	}
	w.three.pointSoon(x, y, w.shown)
	if w.measure.ruler != noRuler {
		w.pressRuler(x, y)
		return
	}
	w.tip = annotate.Point{X: x, Y: y}
	w.session.Press(w.tip)
	w.stroke = append(w.stroke[:0], [2]float64{x, y})
	w.trace("stroke", map[string]any{"state": "begin", "slice": w.shown, "x": x, "y": y, "radius": w.radius, "erase": w.erasing})
}

func (w *Window) drag(x, y float64) {
	if w.measure.drawing {
		w.dragRuler(x, y)
		return
	}
	if w.session == nil || !w.session.Stroking() {
		return
	}
	w.tip = annotate.Point{X: x, Y: y}
	w.session.Drag(w.tip)
	if w.services.Trace != nil {
		w.stroke = append(w.stroke, [2]float64{x, y})
	}
}

func (w *Window) release() {
	w.endFigure()
	if w.session == nil || !w.session.Stroking() {
		return
	}
	w.session.Release()
	w.three.pointSoon(w.tip.X, w.tip.Y, w.shown)
	w.trace("stroke", map[string]any{"state": "end", "slice": w.shown, "points": w.stroke, "radius": w.radius, "erase": w.erasing})
}

// escape takes back the stroke or figure under way, puts a measuring tool away,
// or leaves the image alone.
func (w *Window) escape() {
	switch {
	case w.session.Stroking():
		w.session.CancelStroke()
		w.view.Forget()
	case w.cancelFigure():
	case w.measure.ruler != noRuler:
		w.takeRuler(noRuler)
	case w.alone:
		w.toggle(&w.alone)()
	}
}

func (w *Window) stepSlices(n int) {
	if w.session != nil {
		w.session.Step(n)
	}
}

// dragWindow sets the window level by a drag of (dx, dy) canvas units: the
// wider the window, the larger the steps.
func (w *Window) dragWindow(dx, dy float64) {
	k := math.Max(1, w.level.Width/400)
	l := w.level
	l.Width = math.Round(l.Width + dx*k)
	l.Level = math.Round(l.Level + dy*k)
	w.setWindow(l)
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
	w.setTool(w.erasing)
}

// takeTool takes the brush or the eraser in hand.
func (w *Window) takeTool(erase bool) {
	w.takeRuler(noRuler)
	w.setTool(erase)
}

func (w *Window) setTool(erase bool) {
	w.erasing = erase
	if w.session == nil {
		return
	}
	if erase {
		w.session.SetTool(annotate.Eraser{Radius: w.radius})
	} else {
		w.session.SetTool(annotate.Brush{Radius: w.radius, Label: w.session.ActiveLabel()})
	}
	w.showBrush()
	w.saveSettings()
}

// showBrush shows the tool's size and kind at the pointer.
func (w *Window) showBrush() {
	if w.erasing {
		w.view.SetBrush(w.radius, colErase)
		return
	}
	w.view.SetBrush(w.radius, colBrush)
}

func (w *Window) hover(x, y float64, inside bool) {
	w.hoverX, w.hoverY, w.hovering = x, y, inside
	if inside && w.slice != nil && w.modifiers()&fyne.KeyModifierShift != 0 {
		w.three.pointSoon(x, y, w.shown)
	}
	w.status.updateHover()
}

func (w *Window) viewChanged() {
	if w.status != nil {
		w.status.updateZoom()
	}
	w.traceView()
}

// undo takes back an edit, redo does it again; both tell which.
func (w *Window) undo() {
	name := w.session.UndoName()
	if w.session.Stroking() {
		w.view.Forget()
	}
	w.trace("undo", map[string]any{"name": name, "done": w.session.Undo()})
}

func (w *Window) redo() {
	name := w.session.RedoName()
	w.trace("redo", map[string]any{"name": name, "done": w.session.Redo()})
}
