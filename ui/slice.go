package ui

import (
	"fmt"
	"image"
	"time"

	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// patience is how long a step to another slice may wait for its pixels before
// it shows that they are being loaded.
const patience = 30 * time.Millisecond

// loaded is what became of loading a slice.
type loaded struct {
	slice *ct.Slice
	err   error
}

// showSlice shows the session's current slice: at once if it is there within
// patience, else as soon as it is.
func (w *Window) showSlice() {
	s, i := w.session, w.session.Current()
	ready := make(chan loaded, 1)
	go func() {
		sl, err := s.Series().Slice(i)
		ready <- loaded{sl, err}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case l := <-ready:
		w.slicePresent(i, l)
	case <-timer.C:
		w.sliceAbsent(i, fmt.Sprintf(txtLoading, i+1))
		go func() {
			l := <-ready
			w.post(func() {
				if w.session == s && s.Current() == i {
					w.slicePresent(i, l)
				}
			})
		}()
	}
}

// slicePresent shows the pixels of slice i, or why there are none.
func (w *Window) slicePresent(i int, l loaded) {
	if l.err != nil {
		w.sliceAbsent(i, fmt.Sprintf(txtSliceFailed, i+1, l.err))
		return
	}
	s := w.session
	w.endFigure()
	w.slice, w.shown = l.slice, i
	m := s.Sketch(i)
	w.message.set("")
	w.view.SetFrame(viewport.Frame{
		W: l.slice.W, H: l.slice.H, HU: l.slice.HU, Mask: w.form.labels(i, m.Label), Prob: s.Probability(i), Aspect: aspect(s.Series().Geometry),
	})
	w.bare.follow()
	w.showClasses(image.Rect(0, 0, l.slice.W, l.slice.H))
	w.pickLast()
	w.showFigures()
	w.showPaths()
	w.status.updateHover()
	w.trace("slice", map[string]any{"index": i})
	w.ahead.look(s.Series(), i)
}

// sliceAbsent shows a sentence in place of slice i.
func (w *Window) sliceAbsent(i int, why string) {
	w.endFigure()
	w.slice, w.shown = nil, -1
	w.showFigures()
	w.showPaths()
	w.view.SetFrame(viewport.Frame{})
	w.bare.follow()
	w.message.set(why)
	w.status.updateHover()
}

// aspect is the height of a pixel over its width.
func aspect(g ct.Geometry) float64 {
	if !g.Known || g.Spacing[0] <= 0 || g.Spacing[1] <= 0 {
		return 1
	}
	return g.Spacing[0] / g.Spacing[1]
}

// setWindow sets the window level.
func (w *Window) setWindow(level ct.Window) {
	w.level = ct.Window{Width: min(max(level.Width, 1), 20000), Level: min(max(level.Level, -10000), 20000)}
	for _, v := range w.viewports() {
		v.SetWindow(w.level)
	}
	w.stale |= windowChanged
	w.flushSoon()
}

// initialWindow is the window that a series is first shown with.
func initialWindow(s *ct.Series) ct.Window {
	if s.Window.Width > 0 {
		return s.Window
	}
	return ct.Lung
}

// seekMarked goes to the next slice with a mask in a direction.
func (w *Window) seekMarked(step int) {
	s := w.session
	for i := s.Current() + step; i >= 0 && i < s.Series().Len(); i += step {
		if s.Foreground(i) > 0 {
			s.SetCurrent(i)
			return
		}
	}
}

// accept marks the slice as right and goes to the next.
func (w *Window) accept() {
	i := w.session.Current()
	w.session.Accept(i)
	w.session.Step(1)
}

// reject marks the slice as not to be used and goes to the next.
func (w *Window) reject() {
	w.session.Reject(w.session.Current())
	w.session.Step(1)
}
