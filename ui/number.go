package ui

import (
	"math"
	"strconv"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// numberEntry is a field for one number. Enter takes it, Esc puts the old one
// back, Up and Down change it by a step.
type numberEntry struct {
	widget.Entry
	hinted
	value, low, high, step float64
	decimals               int
	changed                func(float64)
	done                   func() // gives the keys back
}

func newNumberEntry(low, high, step float64, decimals int, changed func(float64), done func()) *numberEntry {
	e := &numberEntry{low: low, high: high, step: step, decimals: decimals, changed: changed, done: done}
	e.ExtendBaseWidget(e)
	e.OnSubmitted = func(string) {
		e.take()
		e.done()
	}
	return e
}

// show shows a value, unless one is being typed.
func (e *numberEntry) show(v float64) {
	e.value = v
	if s := strconv.FormatFloat(v, 'f', e.decimals, 64); s != e.Text {
		e.SetText(s)
	}
}

// take reads what was typed; what is no number is put back.
func (e *numberEntry) take() {
	v, err := strconv.ParseFloat(strings.Replace(strings.TrimSpace(e.Text), ",", ".", 1), 64)
	if err != nil || math.IsNaN(v) {
		v = e.value
	}
	e.set(v)
}

func (e *numberEntry) set(v float64) {
	was := e.value
	e.show(min(max(v, e.low), e.high))
	if e.value != was {
		e.changed(e.value)
	}
}

// TypedKey adds Esc, Up and Down to an entry's keys.
func (e *numberEntry) TypedKey(k *fyne.KeyEvent) {
	switch k.Name {
	case fyne.KeyEscape:
		e.show(e.value)
		e.done()
	case fyne.KeyUp:
		e.take()
		e.set(e.value + e.step)
	case fyne.KeyDown:
		e.take()
		e.set(e.value - e.step)
	default:
		e.Entry.TypedKey(k)
	}
}

// MouseIn implements desktop.Hoverable.
func (e *numberEntry) MouseIn(*desktop.MouseEvent) { e.hover(true) }

// MouseMoved does nothing.
func (e *numberEntry) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (e *numberEntry) MouseOut() { e.hover(false) }

// FocusLost takes what was typed.
func (e *numberEntry) FocusLost() {
	e.take()
	e.Entry.FocusLost()
}

// numberRow is a slider with a field for the same number.
type numberRow struct {
	box    *fyne.Container
	slider *hintSlider
	entry  *numberEntry
	quiet  bool // the value is being shown: do not answer
	scale  *scale
}

// scale maps a value to the slider's place and back; nil is the value itself.
type scale struct{ place, value func(float64) float64 }

// newNumberRow makes a row for values of low to high in steps. Changed is
// called while the slider moves; done gives the keys back at the end.
func newNumberRow(low, high, step float64, decimals int, s *scale, changed func(float64), done func()) *numberRow {
	if s == nil {
		same := func(v float64) float64 { return v }
		s = &scale{same, same}
	}
	r := &numberRow{slider: newHintSlider(s.place(low), s.place(high), step), scale: s}
	r.entry = newNumberEntry(low, high, step, decimals, func(v float64) {
		r.show(v)
		changed(v)
	}, done)
	r.slider.OnChanged = func(p float64) {
		if !r.quiet {
			v := s.value(p)
			r.entry.show(v)
			changed(v)
		}
	}
	r.slider.OnChangeEnded = func(float64) {
		if !r.quiet {
			done()
		}
	}
	r.slider.esc = done
	r.box = container.NewBorder(nil, nil, nil, fixed(58, 0, r.entry), r.slider)
	return r
}

// show shows a value without answering to it.
func (r *numberRow) show(v float64) {
	r.quiet = true
	if math.Abs(r.scale.value(r.slider.Value)-v) > 1e-9 { // or a drag would stick to the scale's steps, and end here
		r.slider.SetValue(r.scale.place(v))
	}
	r.quiet = false
	r.entry.show(v)
}
