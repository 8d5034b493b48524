package viewport

import "fyne.io/fyne/v2"

// Pan makes the left button move the picture as long as it is set.
func (v *Viewport) Pan(on bool) {
	v.input.space = on
	v.moveCursor()
}

// focus asks for the keys.
func (v *Viewport) focus() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
		c.Focus(v)
	}
}

// AcceptsTab keeps Tab, which shows the image alone, from moving the focus.
func (v *Viewport) AcceptsTab() bool { return true }

// FocusGained does nothing: the viewport looks the same.
func (v *Viewport) FocusGained() {}

// FocusLost tells that held keys will not be heard of again. A gesture goes on:
// the button may still be held.
func (v *Viewport) FocusLost() {
	v.Pan(false)
	if v.On.FocusLost != nil {
		v.On.FocusLost()
	}
}

// KeyDown, KeyUp, TypedKey and TypedRune hand keys to the owner.
func (v *Viewport) KeyDown(e *fyne.KeyEvent) { callKey(v.On.KeyDown, e.Name) }

// KeyUp reports a released key.
func (v *Viewport) KeyUp(e *fyne.KeyEvent) { callKey(v.On.KeyUp, e.Name) }

// TypedKey reports a pressed or repeated key.
func (v *Viewport) TypedKey(e *fyne.KeyEvent) { callKey(v.On.TypedKey, e.Name) }

// TypedRune reports a character.
func (v *Viewport) TypedRune(r rune) {
	if v.On.TypedRune != nil {
		v.On.TypedRune(r)
	}
}

func callKey(f func(fyne.KeyName), k fyne.KeyName) {
	if f != nil {
		f(k)
	}
}
