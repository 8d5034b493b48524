package ui

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// hintButton is a button that tells when the pointer is over it, takes Enter as
// well as Space, and hands Esc on.
type hintButton struct {
	widget.Button
	hinted func(inside bool)
	esc    func()
}

func newHintButton(name string, icon fyne.Resource, tapped, esc func()) *hintButton {
	b := &hintButton{Button: widget.Button{Text: name, Icon: icon, OnTapped: tapped}, esc: esc}
	b.ExtendBaseWidget(b)
	return b
}

// TypedKey adds Enter and Esc to a button's keys.
func (b *hintButton) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		b.Tapped(nil)
	case fyne.KeyEscape:
		b.esc()
	default:
		b.Button.TypedKey(e)
	}
}

// MouseIn implements desktop.Hoverable.
func (b *hintButton) MouseIn(e *desktop.MouseEvent) {
	b.Button.MouseIn(e)
	hover(b.hinted, true)
}

// MouseOut implements desktop.Hoverable.
func (b *hintButton) MouseOut() {
	b.Button.MouseOut()
	hover(b.hinted, false)
}

// hintSlider is a slider that tells when the pointer is over it.
type hintSlider struct {
	widget.Slider
	hinted func(inside bool) // nil: nobody listens
	esc    func()
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
	hover(s.hinted, true)
}

// MouseOut implements desktop.Hoverable.
func (s *hintSlider) MouseOut() {
	s.Slider.MouseOut()
	hover(s.hinted, false)
}

// hintCheck is a check box that tells when the pointer is over it.
type hintCheck struct {
	widget.Check
	hinted func(inside bool)
	esc    func()
}

func newHintCheck(name string, changed func(bool), hinted func(inside bool)) *hintCheck {
	c := &hintCheck{Check: widget.Check{Text: name, OnChanged: changed}, hinted: hinted}
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
	hover(c.hinted, true)
}

// MouseOut implements desktop.Hoverable.
func (c *hintCheck) MouseOut() {
	c.Check.MouseOut()
	hover(c.hinted, false)
}

func hover(tell func(inside bool), inside bool) {
	if tell != nil {
		tell(inside)
	}
}
