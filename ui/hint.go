package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// hinted is what tells when the pointer is over it.
type hinted struct{ hovered func(inside bool) }

// onHover sets the one listener.
func (h *hinted) onHover(f func(inside bool)) { h.hovered = f }

func (h *hinted) hover(inside bool) {
	if h.hovered != nil {
		h.hovered(inside)
	}
}

// hintButton is a button that tells when the pointer is over it, takes Enter as
// well as Space, and hands Esc on.
type hintButton struct {
	widget.Button
	hinted
	esc func() // nil: Esc does nothing
}

func newHintButton(name string, icon fyne.Resource, tapped, esc func()) *hintButton {
	b := &hintButton{Button: widget.Button{Text: name, Icon: icon, OnTapped: tapped}, esc: esc}
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey adds Enter and Esc to a button's keys.
func (b *hintButton) TypedKey(e *fyne.KeyEvent) {
	switch {
	case e.Name == fyne.KeyReturn || e.Name == fyne.KeyEnter:
		b.Tapped(nil)
	case e.Name == fyne.KeyEscape && b.esc != nil:
		b.esc()
	default:
		b.Button.TypedKey(e)
	}
}

// MouseIn implements desktop.Hoverable.
func (b *hintButton) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	b.hover(true)
}

// MouseOut implements desktop.Hoverable.
func (b *hintButton) MouseOut() {
	b.Button.MouseOut()
	b.hover(false)
}

// hintSlider is a slider that tells when the pointer is over it, and hands Esc
// on.
type hintSlider struct {
	widget.Slider
	hinted
	esc func()
}

func newHintSlider(low, high, step float64) *hintSlider {
	s := &hintSlider{Slider: widget.Slider{Min: low, Max: high, Value: low, Step: step, Orientation: widget.Horizontal}}
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey adds Esc to a slider's keys.
func (s *hintSlider) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape && s.esc != nil {
		s.esc()
		return
	}
	s.Slider.TypedKey(e)
}

// MouseIn implements desktop.Hoverable.
func (s *hintSlider) MouseIn(e *desktop.MouseEvent) {
	s.Slider.MouseIn(e)
	s.hover(true)
}

// MouseOut implements desktop.Hoverable.
func (s *hintSlider) MouseOut() {
	s.Slider.MouseOut()
	s.hover(false)
}

// hintCheck is a check box that tells when the pointer is over it, and hands Esc
// on.
type hintCheck struct {
	widget.Check
	hinted
	esc func()
}

func newHintCheck(name string, changed func(bool), esc func()) *hintCheck {
	c := &hintCheck{Check: widget.Check{Text: name, OnChanged: changed}, esc: esc}
	c.ExtendBaseWidget(c)
	return c
}

// TypedKey adds Esc to a check box's keys.
func (c *hintCheck) TypedKey(e *fyne.KeyEvent) {
	if e.Name == fyne.KeyEscape && c.esc != nil {
		c.esc()
		return
	}
	c.Check.TypedKey(e)
}

// MouseIn implements desktop.Hoverable.
func (c *hintCheck) MouseIn(e *desktop.MouseEvent) {
	c.Check.MouseIn(e)
	c.hover(true)
}

// MouseOut implements desktop.Hoverable.
func (c *hintCheck) MouseOut() {
	c.Check.MouseOut()
	c.hover(false)
}

// hintSelect is a choice that opens with Enter as well as Space, and hands Esc on.
type hintSelect struct {
	widget.Select
	esc func()
}

func newHintSelect(options []string, changed func(string), esc func()) *hintSelect {
	s := &hintSelect{Select: widget.Select{Options: options, OnChanged: changed}, esc: esc}
	s.ExtendBaseWidget(s)
	return s
}

// TypedKey adds Enter and Esc to a choice's keys.
func (s *hintSelect) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyEscape:
		s.esc()
	case fyne.KeyReturn, fyne.KeyEnter:
		s.Select.TypedKey(&fyne.KeyEvent{Name: fyne.KeySpace})
	default:
		s.Select.TypedKey(e)
	}
}

// hintEntry is a field that hands Esc on.
type hintEntry struct {
	widget.Entry
	esc func()
}

func newHintEntry(esc func()) *hintEntry {
	e := &hintEntry{esc: esc}
	e.ExtendBaseWidget(e)
	return e
}

// TypedKey adds Esc to a field's keys.
func (e *hintEntry) TypedKey(k *fyne.KeyEvent) {
	if k.Name == fyne.KeyEscape {
		e.esc()
		return
	}
	e.Entry.TypedKey(k)
}
