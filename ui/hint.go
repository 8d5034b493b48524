package ui

import (
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// hintSlider is a slider that tells when the pointer is over it.
type hintSlider struct {
	widget.Slider
	hinted func(inside bool) // nil: nobody listens
}

func newHintSlider(low, high, step float64) *hintSlider {
	s := &hintSlider{Slider: widget.Slider{Min: low, Max: high, Value: low, Step: step, Orientation: widget.Horizontal}}
	s.ExtendBaseWidget(s)
	return s
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
}

func newHintCheck(name string, changed func(bool), hinted func(inside bool)) *hintCheck {
	c := &hintCheck{Check: widget.Check{Text: name, OnChanged: changed}, hinted: hinted}
	c.ExtendBaseWidget(c)
	return c
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
