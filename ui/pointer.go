package ui

import (
	"fmt"
	"math"
	"slices"
	"time"

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
		LevelBegin:  w.beginLevel,
		WindowLevel: w.dragWindow,
		BrushSize:   w.growBrush,
		Hover:       w.hoverMain,
		ViewChanged: w.viewChanged,
		KeyDown:     w.keyDown,
		KeyUp:       w.keyUp,
		TypedKey:    w.typedKey,
		TypedRune:   w.typedSign,
		FocusLost:   w.letGo,
		Modifiers:   w.modifiers,
		Post:        w.post,
	}
}

func (w *Window) beginLevel() { w.levelBefore = w.level }

// pressing is what is known of the presses of the left button.
type pressing struct {
	at   time.Time // of the last
	x, y float64
	dead bool // the press at hand is the second of two that finished a stroke
}

// doubleClick is the longest time between two presses that count as one.
const doubleClick = 350 * time.Millisecond

func (w *Window) press(x, y float64) {
	if w.session == nil || w.shown != w.session.Current() {
		return // its pixels are not there yet
	}
	w.three.pointSoon(x, y, w.shown)
	if w.measure.ruler != noRuler {
		w.pressRuler(x, y)
		return
	}
	w.hoverX, w.hoverY = x, y
	w.session.SetReach(reach / w.view.View().Zoom)
	if w.pressed.dead = w.twice(x, y) && w.session.Staging(); w.pressed.dead {
		w.finishStroke()
		return
	}
	w.remarkRefusal()
	w.tip = annotate.Point{X: x, Y: y}
	ctrl := w.view.On.Modifiers()&fyne.KeyModifierShortcutDefault != 0
	other := ctrl != (w.tool.flips && w.brush.cut)
	if w.growFrom(w.tip, other) {
		return
	}
	if other {
		w.session.PressOther(w.tip)
	} else {
		w.session.Press(w.tip)
	}
	w.stroke = append(w.stroke[:0], [2]float64{x, y})
	w.traceStroke("begin", map[string]any{"x": x, "y": y})
}

// twice reports whether a press follows another in short time at the same place.
func (w *Window) twice(x, y float64) bool {
	last := w.pressed
	w.pressed = pressing{at: w.now(), x: x, y: y}
	return w.pressed.at.Sub(last.at) < doubleClick && w.view.Near(last.x, last.y, x, y) <= reach
}

func (w *Window) drag(x, y float64) {
	if w.measure.drawing {
		w.dragRuler(x, y)
		return
	}
	if w.session == nil || !w.session.Stroking() || w.pressed.dead {
		return
	}
	w.tip = annotate.Point{X: x, Y: y}
	w.hoverX, w.hoverY = x, y
	w.session.Drag(w.tip)
	if w.services.Trace != nil {
		w.stroke = append(w.stroke, [2]float64{x, y})
	}
}

func (w *Window) release() {
	w.endFigure()
	if w.session == nil || !w.session.Stroking() || w.pressed.dead {
		return
	}
	w.watched(w.session.Release)
	w.three.pointSoon(w.tip.X, w.tip.Y, w.shown)
	w.traceStroke("end", map[string]any{"points": w.stroke})
}

// finishDrawing ends what is drawn over several presses at once, so that it counts
// as done.
func (w *Window) finishDrawing() {
	if w.session != nil && w.session.Staging() {
		w.endStroke()
	}
}

// finishStroke ends the stroke under way, a scribble as soon as it is found.
func (w *Window) finishStroke() {
	if !w.findFirst() {
		w.endStroke()
	}
}

func (w *Window) endStroke() {
	w.finishFound = false
	w.watched(w.session.FinishStroke)
	w.view.Forget()
	w.traceStroke("finish", map[string]any{})
}

func (w *Window) traceStroke(state string, fields map[string]any) {
	if w.services.Trace == nil {
		return
	}
	fields["state"], fields["slice"], fields["radius"] = state, w.shown, w.radius
	fields["tool"], fields["erase"] = w.tool.id, w.tool.id == "tool.eraser"
	w.trace("stroke", fields)
}

// watched ends a stroke, and remarks upon it where the slice is accepted.
func (w *Window) watched(end func()) {
	undo, _ := w.session.History().Len()
	end()
	if now, _ := w.session.History().Len(); now > undo {
		w.warnAccepted()
	}
}

// warnAccepted says, once in a row, that a stroke changed a slice that stays
// accepted or rejected.
func (w *Window) warnAccepted() {
	i := w.session.Current()
	if last, known := w.warned[w.session]; !w.session.Status(i).Decided() || known && last == i {
		return
	}
	w.warned[w.session] = i
	line := fmt.Sprintf(txtDecidedPainted, w.session.Status(i))
	if c := w.commands.byID["slice.reopen"]; len(c.keys) > 0 {
		line += " " + fmt.Sprintf(txtReopenBy, c.keys[0])
	}
	w.toast.say(line)
}

// escape takes back the stroke, figure or other drag under way, puts a measuring tool away,
// or leaves the image alone.
func (w *Window) escape() {
	switch {
	case slices.ContainsFunc(w.viewports(), (*viewport.Viewport).CancelPan):
	case slices.ContainsFunc(w.viewports(), (*viewport.Viewport).Leveling):
		for _, v := range w.viewports() {
			v.Forget()
		}
		w.setWindow(w.levelBefore)
	case w.growing != nil:
		w.stopGrowing()
	case w.session.Stroking():
		w.session.CancelStroke()
		w.view.Forget()
	case w.cancelFigure():
	case w.measure.ruler != noRuler:
		w.takeRuler(noRuler)
	case w.form.op != nil:
		w.form.close()
	case w.alone:
		w.toggle(&w.alone)()
	}
}

func (w *Window) stepSlices(n int) {
	w.catchUp()
	if w.session != nil {
		w.session.Step(n)
	}
}

// dragWindow sets the window level by a drag of (dx, dy) canvas units: the
// wider the window, the larger the steps.
func (w *Window) dragWindow(dx, dy float64) {
	k := math.Max(1, w.level.Width/400)
	round := math.Round
	if w.level.Width < fineWindow {
		k, round = 0.1, func(v float64) float64 { return math.Round(10*v) / 10 }
	}
	l := w.level
	l.Width = round(l.Width + dx*k)
	l.Level = round(l.Level + dy*k)
	w.setWindow(l)
}

// catchUp handles the events that came while a frame was painted as soon as it is shown. Left to the toolkit, which looks
// 60 times a second, they would hold up what comes after them: GLFW asks Xlib whether events wait, and Xlib, which has
// read these with the answers to other requests, does not look for more as long as it holds some.
func (w *Window) catchUp() {
	if w.catching || w.services.PollEvents == nil {
		return
	}
	w.catching = true
	w.post(func() {
		w.catching = false
		w.services.PollEvents()
	})
}

// hoverMain is hover in the marked slice.
func (w *Window) hoverMain(x, y float64, inside bool) {
	w.hover(x, y, inside)
	w.bare.hovered(x, y, inside)
}

func (w *Window) hover(x, y float64, inside bool) {
	w.catchUp()
	w.hoverX, w.hoverY, w.hovering = x, y, inside
	w.followPointer(x, y, inside)
	if w.session != nil && w.session.Staging() {
		w.showPaths()
	}
	if inside && w.slice != nil && w.modifiers()&fyne.KeyModifierShift != 0 {
		w.three.pointSoon(x, y, w.shown)
	}
	w.status.updateHover()
}

func (w *Window) viewChanged() {
	if w.status != nil {
		w.status.updateZoom()
	}
	w.bare.link(w.view, w.bare.view)
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
