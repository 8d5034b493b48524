package viewport

import "fyne.io/fyne/v2/driver/desktop"

// Mouse is how the user wants mouse and wheel. The zero value is the usual way.
type Mouse struct {
	Swapped      bool // left and right button change places, for the left hand
	SlicesTurned bool // the wheel goes through the slices the other way
	ZoomTurned   bool // and zooms the other way
	Left         Left
}

// Left is what a drag of the left button does, for mice and pens with no other.
type Left uint8

// The uses of the left button.
const (
	LeftTool   Left = iota // the tool
	LeftPan                // move the picture
	LeftWindow             // window level
)

// SetMouse takes the user's wishes. A gesture under way goes on as it began.
func (v *Viewport) SetMouse(m Mouse) {
	v.input.mouse = m
	v.moveCursor()
}

// Level makes the left button set the window level as long as it is set.
func (v *Viewport) Level(on bool) {
	v.input.level = on
	v.moveCursor()
}

// CancelPan takes back a pan that is under way, and reports whether there was one.
func (v *Viewport) CancelPan() bool {
	if v.input.gesture != pan {
		return false
	}
	v.input.gesture = none
	v.setView(v.input.began)
	v.moveCursor()
	return true
}

// Leveling reports whether a drag that sets the window level is under way.
func (v *Viewport) Leveling() bool { return v.input.gesture == windowLevel }

// button is the one that a pressed button stands for.
func (v *Viewport) button(b desktop.MouseButton) desktop.MouseButton {
	if !v.input.mouse.Swapped {
		return b
	}
	switch b {
	case desktop.MouseButtonPrimary:
		return desktop.MouseButtonSecondary
	case desktop.MouseButtonSecondary:
		return desktop.MouseButtonPrimary
	}
	return b
}

// gestureOf is what a press of a button begins; none where it begins nothing.
func (v *Viewport) gestureOf(b desktop.MouseButton) gesture {
	switch b = v.button(b); {
	case b == desktop.MouseButtonTertiary:
		return pan
	case b == desktop.MouseButtonSecondary:
		return windowLevel
	case b != desktop.MouseButtonPrimary:
		return none
	case v.input.space:
		return pan
	case v.input.level:
		return windowLevel
	}
	return []gesture{LeftTool: tool, LeftPan: pan, LeftWindow: windowLevel}[v.input.mouse.Left]
}

// turned is a turn of the wheel by d as the user means it.
func turned(d float32, other bool) float32 {
	if other {
		return -d
	}
	return d
}
