package ui

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// threeViews are a coronal and a sagittal cut beside the slices. All three show
// the same point, marked by a cross. Strokes are made in the slices alone, and
// are seen in the cuts at once.
type threeViews struct {
	w    *Window
	on   bool
	side *fyne.Container
	cuts [2]*cutView

	session  *annotate.Session // nil while they are off, or there is nothing to cut
	volume   *ct.Volume
	x, y     float64 // the point, in the picture coordinates of slice at
	at       int
	reading  *task
	unread   int          // slices that could not be read
	stopped  bool         // reading was stopped before its end
	stale    map[int]bool // slices whose labels the volume has yet to take
	sweeping bool
	waiting  bool
	soon     func() // moves the point; nil where nothing waits to
}

// cutDelay is the time between two paintings of cuts while they fill.
const cutDelay = 80 * time.Millisecond

func newThreeViews(w *Window) *threeViews {
	v := &threeViews{w: w, stale: map[int]bool{}}
	for i, p := range []ct.Plane{ct.AlongRows, ct.AlongColumns} {
		v.cuts[i] = newCutView(v, p)
	}
	v.side = container.NewGridWithRows(2, v.cuts[0].box, v.cuts[1].box)
	v.side.Hide()
	w.named["coronal"], w.named["sagittal"] = v.cuts[0].view, v.cuts[1].view
	return v
}

// toggle shows the cuts or puts them away.
func (v *threeViews) toggle() {
	v.on = !v.on
	v.opened(v.w.session)
	v.w.refreshAll()
	v.w.focusView()
}

// can tells whether there is something to cut.
func (v *threeViews) can() bool { return v.w.session != nil && v.w.session.Series().Len() > 1 }

// opened shows cuts of another session, nil for none.
func (v *threeViews) opened(s *annotate.Session) {
	v.close()
	if !v.on || s == nil || s.Series().Len() < 2 {
		return
	}
	series := s.Series()
	v.session, v.volume = s, ct.NewVolume(series, ct.VolumeBytes)
	v.at, v.x, v.y = s.Current(), float64(series.Columns)/2, float64(series.Rows)/2
	for i := range series.Len() {
		v.stale[i] = true
	}
	for _, c := range v.cuts {
		c.opened(series)
	}
	v.side.Show()
	v.follow()
	v.read()
	v.sweepSoon()
}

// close forgets the volume.
func (v *threeViews) close() {
	if v.reading != nil {
		v.reading.cancel()
	}
	v.session, v.volume, v.stale = nil, nil, map[int]bool{}
	v.unread, v.stopped = 0, false
	v.side.Hide()
	v.w.view.SetCrosshair(0, 0, false)
	for _, c := range v.cuts {
		c.close()
	}
}

// paintSoon paints the cuts anew in a moment.
func (v *threeViews) paintSoon() {
	if !v.waiting {
		v.waiting = true
		time.AfterFunc(cutDelay, func() { v.w.post(v.paint) })
	}
}

// paint composes the cuts anew.
func (v *threeViews) paint() {
	v.waiting = false
	if v.volume == nil {
		return
	}
	for _, c := range v.cuts {
		c.compose()
	}
}

// point moves the point to a place in slice at, whose cuts are then shown.
func (v *threeViews) point(x, y float64, at int) {
	if v.volume == nil {
		return
	}
	s := v.session.Series()
	v.x, v.y, v.at = min(max(x, 0), float64(s.Columns)), min(max(y, 0), float64(s.Rows)), at
	v.w.view.SetCrosshair(v.x, v.y, true)
	for _, c := range v.cuts {
		c.follow()
	}
	v.w.trace("cursor", map[string]any{"x": v.x, "y": v.y, "slice": at, "coronal": v.cuts[0].cut, "sagittal": v.cuts[1].cut})
}

// pointSoon does so once the events at hand are done, so that no stroke waits
// for cuts.
func (v *threeViews) pointSoon(x, y float64, at int) {
	if v.volume == nil {
		return
	}
	waits, s := v.soon != nil, v.session
	v.soon = func() {
		if v.session == s {
			v.point(x, y, at)
			if at != s.Current() {
				v.follow()
			}
		}
	}
	if !waits {
		v.w.post(func() {
			do := v.soon
			v.soon = nil
			do()
		})
	}
}

// follow keeps the point where it is in the patient as the slice changes.
func (v *threeViews) follow() {
	if v.volume == nil {
		return
	}
	now := v.session.Current()
	x, y := v.cuts[0].layout.Carry(v.x, v.y, v.at, now)
	v.point(x, y, now)
}

// goTo brings a point of a slice into all views.
func (v *threeViews) goTo(x, y float64, slice int) {
	v.point(x, y, slice)
	v.session.SetCurrent(slice)
}

// viewports are all that are shown: the slices', and the cuts'.
func (w *Window) viewports() []*viewport.Viewport {
	return []*viewport.Viewport{w.view, w.bare.view, w.three.cuts[0].view, w.three.cuts[1].view}
}

// everywhere does what a held key does in every picture.
func (w *Window) everywhere(do func(v *viewport.Viewport, down bool)) func(down bool) {
	return func(down bool) {
		for _, v := range w.viewports() {
			do(v, down)
		}
	}
}

// setOverlay shows the overlay as it is set.
func (w *Window) setOverlay() {
	w.showOverlay()
	for _, v := range w.viewports() {
		v.SetOverlay(w.overlay)
	}
}
