package viewport

import (
	"math"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
)

// Handlers are called on the UI goroutine; any may be nil. Coordinates are
// image coordinates.
type Handlers struct {
	Press, Drag func(x, y float64) // the tool's gesture; Press comes first
	Release     func()             // ends it, exactly once
	Step        func(n int)        // n slices on
	LevelBegin  func()             // the window level is about to be dragged
	WindowLevel func(dx, dy float64)
	BrushSize   func(n int) // n steps larger
	Hover       func(x, y float64, inside bool)
	ViewChanged func()
	Post        func(func()) // runs a function on the UI goroutine; nil: there is no fine picture at rest

	KeyDown, KeyUp, TypedKey func(fyne.KeyName)
	TypedRune                func(rune)
	FocusLost                func()
	Modifiers                func() fyne.KeyModifier // those held now; only the desktop driver knows them
}

// gesture is what a press has begun.
type gesture uint8

const (
	none gesture = iota
	tool
	windowLevel
	pan
)

// input is the state of the pointer.
type input struct {
	gesture gesture
	button  desktop.MouseButton // that began the gesture
	last    fyne.Position       // of the pointer
	inside  bool                // the pointer is over the widget
	space   bool                // the space bar is held: the left button pans
	level   bool                // a key is held: the left button sets the window level
	mouse   Mouse
	began   View      // before the gesture
	wheel   float32   // turned, but not yet a whole notch
	middle  time.Time // of the last press of the middle button
}

const (
	notch       = 25                     // what a notch of the wheel reports
	zoomNotch   = 1.1                    // the zoom's factor for it
	doubleClick = 350 * time.Millisecond // of the middle button
)

// MouseDown begins a gesture. Drag events will tell neither button nor
// modifiers, so it is chosen here.
func (v *Viewport) MouseDown(e *desktop.MouseEvent) {
	if v.input.gesture != none && v.input.button != e.Button {
		return // another button while one is held
	}
	v.finish() // the release was lost
	v.focus()
	if v.frame.W == 0 {
		return
	}
	v.input.last, v.input.inside, v.input.button = e.Position, true, e.Button
	v.input.began = v.view
	switch v.input.gesture = v.gestureOf(e.Button); {
	case e.Button == desktop.MouseButtonTertiary:
		v.middlePressed()
	case v.input.gesture == tool && v.On.Press != nil:
		v.On.Press(v.toImage(e.Position))
	case v.input.gesture == windowLevel && v.On.LevelBegin != nil:
		v.On.LevelBegin()
	}
	v.moveCursor()
}

// middlePressed begins to pan; twice in short time it fits the slice. The left
// button has no double click, since that is two dabs of the brush.
func (v *Viewport) middlePressed() {
	if time.Since(v.input.middle) < doubleClick {
		v.Fit()
	}
	v.input.middle = time.Now()
}

// moved carries the gesture to p.
func (v *Viewport) moved(p fyne.Position) {
	dx, dy := float64(p.X-v.input.last.X), float64(p.Y-v.input.last.Y)
	v.input.last = p
	v.moveCursor()
	if dx != 0 || dy != 0 {
		switch v.input.gesture {
		case tool:
			if v.On.Drag != nil {
				v.On.Drag(v.toImage(p))
			}
		case windowLevel:
			if v.On.WindowLevel != nil {
				v.On.WindowLevel(dx, dy)
			}
		case pan:
			v.setView(v.view.Pan(dx, dy))
		}
	}
	v.hover()
}

// finish ends the gesture. The release may come as MouseUp, as DragEnd, as
// both, twice or never, so this may be called at any time.
func (v *Viewport) finish() {
	was := v.input.gesture
	v.input.gesture = none
	if was == tool && v.On.Release != nil {
		v.On.Release()
	}
	if was != none {
		v.moveCursor()
	}
}

// Forget drops the gesture without ending it: its owner has cancelled it.
func (v *Viewport) Forget() { v.input.gesture = none }

// MouseUp ends the gesture that its button began.
func (v *Viewport) MouseUp(e *desktop.MouseEvent) {
	if e.Button == v.input.button {
		v.finish()
	}
}

// Dragged carries the gesture on.
func (v *Viewport) Dragged(e *fyne.DragEvent) { v.moved(e.Position) }

// DragEnd ends the gesture.
func (v *Viewport) DragEnd() { v.finish() }

// MouseIn shows the brush.
func (v *Viewport) MouseIn(e *desktop.MouseEvent) {
	v.input.inside = true
	v.MouseMoved(e)
}

// MouseMoved carries on gestures of the right button, which are not reported
// as drags. No button means that a release was lost.
func (v *Viewport) MouseMoved(e *desktop.MouseEvent) {
	if e.Button == 0 {
		v.finish()
	}
	v.moved(e.Position)
}

// MouseOut hides the brush.
func (v *Viewport) MouseOut() {
	v.input.inside = false
	v.moveCursor()
	v.hover()
}

// Scrolled steps through the slices; with Ctrl it zooms to the pointer, with
// Shift it changes the brush. Shift makes the wheel report the other axis.
func (v *Viewport) Scrolled(e *fyne.ScrollEvent) {
	d := e.Scrolled.DY
	if d == 0 {
		d = e.Scrolled.DX
	}
	switch m := v.modifiers(); {
	case v.frame.W == 0:
	case m&(fyne.KeyModifierControl|fyne.KeyModifierSuper) != 0:
		v.zoomAt(v.view.Zoom*math.Pow(zoomNotch, float64(turned(d, v.input.mouse.ZoomTurned))/notch), e.Position)
	case m&fyne.KeyModifierShift != 0:
		call(v.On.BrushSize, v.notches(d))
	default:
		call(v.On.Step, -v.notches(turned(d, v.input.mouse.SlicesTurned)))
	}
}

// notches adds d to what the wheel has turned and takes whole notches from it.
func (v *Viewport) notches(d float32) int {
	if d*v.input.wheel < 0 {
		v.input.wheel = 0 // turned back
	}
	v.input.wheel += d
	n := int(v.input.wheel / notch)
	v.input.wheel -= float32(n) * notch
	return n
}

func (v *Viewport) modifiers() fyne.KeyModifier {
	if v.On.Modifiers == nil {
		return 0
	}
	return v.On.Modifiers()
}

func (v *Viewport) toImage(p fyne.Position) (x, y float64) {
	return v.view.ToImage(float64(p.X), float64(p.Y))
}

func (v *Viewport) hover() {
	if v.On.Hover != nil {
		p, s := v.input.last, v.Size()
		x, y := v.toImage(p)
		over := v.input.inside && p.X < s.Width && p.Y < s.Height
		v.On.Hover(x, y, over && v.frame.W > 0)
	}
}

func call(f func(int), n int) {
	if f != nil && n != 0 {
		f(n)
	}
}
