package ui

import (
	"context"
	"image"
	"math"
	"sync"
	"sync/atomic"
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
}

const (
	sweepTime  = 6 * time.Millisecond  // for labels at a time, so that strokes stay smooth
	cutDelay   = 80 * time.Millisecond // between two paintings of cuts while they fill
	cutReaders = 2
)

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

// read fills the volume in the background, the slices near to the one in view
// first.
func (v *threeViews) read() {
	t, ctx := v.w.begin(txtReadingVolume, txtCancel)
	v.reading = t
	volume, series := v.volume, v.session.Series()
	order := outward(v.session.Current(), series.Len())
	go func() {
		var next, done atomic.Int64
		var group sync.WaitGroup
		for range cutReaders {
			group.Go(func() {
				for n := int(next.Add(1)) - 1; n < len(order) && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
					v.readSlice(volume, series, order[n])
					t.progress(int(done.Add(1)), len(order))
				}
			})
		}
		group.Wait()
		v.w.post(func() { v.readEnded(ctx, t, volume) })
	}()
}

// readSlice hands a slice to the volume; on a goroutine of its own.
func (v *threeViews) readSlice(volume *ct.Volume, series *ct.Series, i int) {
	s, err := series.Slice(i)
	var hu []int16
	if err == nil {
		hu = volume.Shrink(s)
	}
	v.w.post(func() {
		if v.volume != volume {
			return
		}
		if err != nil {
			v.unread++
		} else {
			volume.Set(i, hu)
		}
		v.paintSoon()
	})
}

func (v *threeViews) readEnded(ctx context.Context, t *task, volume *ct.Volume) {
	v.stopped = v.volume == volume && ctx.Err() != nil
	v.w.end(t)
	if v.reading == t {
		v.reading = nil
	}
	v.paint()
	v.w.trace("volume", map[string]any{"unread": v.unread, "stopped": v.stopped})
}

// outward lists the numbers below n, those near to a number first.
func outward(from, n int) []int {
	order := make([]int, 0, n)
	for d := range n {
		if i := from + d; i < n {
			order = append(order, i)
		}
		if i := from - d; d > 0 && i >= 0 {
			order = append(order, i)
		}
	}
	return order
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

// pixelsChanged shows changed labels of a slice, or of all.
func (v *threeViews) pixelsChanged(i int, r image.Rectangle) {
	if v.volume == nil {
		return
	}
	switch {
	case i == annotate.EverySlice:
		for k := range v.session.Series().Len() {
			v.stale[k] = true
		}
	case i == v.session.Current() && !v.stale[i]:
		v.take(i, r)
		return
	default:
		v.stale[i] = true
	}
	v.sweepSoon()
}

// take copies the labels of a slice within a rectangle, and paints in the cuts
// the rows that show it.
func (v *threeViews) take(i int, r image.Rectangle) {
	m := v.session.Sketch(i)
	if m == nil {
		return
	}
	v.volume.SetLabels(i, m.Label, r)
	for _, c := range v.cuts {
		c.relabel(c.layout.Shows(i, v.volume.Cells(r), c.cut))
	}
}

func (v *threeViews) sweepSoon() {
	if !v.sweeping && len(v.stale) > 0 {
		v.sweeping = true
		v.w.post(v.sweep)
	}
}

// sweep takes the labels of some stale slices. Those whose proposal does not
// hang together yet are told of when it does.
func (v *threeViews) sweep() {
	v.sweeping = false
	if v.volume == nil {
		return
	}
	begun, some := time.Now(), false
	for i := range v.stale {
		if !v.session.Settled(i) {
			continue
		}
		delete(v.stale, i)
		some = true
		if v.session.Status(i) == annotate.New {
			v.volume.ClearLabels(i)
		} else {
			m := v.session.Mask(i)
			v.volume.SetLabels(i, m.Label, m.Bounds())
		}
		if time.Since(begun) > sweepTime {
			break
		}
	}
	if some {
		v.paintSoon()
		v.sweepSoon()
	}
}

// viewports are all that are shown: the slices', and the cuts'.
func (w *Window) viewports() []*viewport.Viewport {
	return []*viewport.Viewport{w.view, w.three.cuts[0].view, w.three.cuts[1].view}
}

// hideMask hides the mask everywhere while a key is held.
func (w *Window) hideMask(hide bool) {
	for _, v := range w.viewports() {
		v.HideMask(hide)
	}
}

// setOverlay shows the overlay as it is set.
func (w *Window) setOverlay() {
	for _, v := range w.viewports() {
		v.SetOverlay(w.overlay)
	}
}

// besides lays out the slices and, where they are shown, the cuts to their right.
type besides struct{}

// cutShare is the cuts' share of the width.
const cutShare = 0.38

// MinSize is the main part's.
func (besides) MinSize(o []fyne.CanvasObject) fyne.Size {
	s := o[0].MinSize()
	if o[1].Visible() {
		s.Width += o[1].MinSize().Width
		s.Height = max(s.Height, o[1].MinSize().Height)
	}
	return s
}

// Layout implements fyne.Layout.
func (besides) Layout(o []fyne.CanvasObject, s fyne.Size) {
	var right float32
	if o[1].Visible() {
		right = float32(math.Round(float64(max(o[1].MinSize().Width, s.Width*cutShare))))
		o[1].Resize(fyne.NewSize(right-1, s.Height))
		o[1].Move(fyne.NewPos(s.Width-right+1, 0))
	}
	o[0].Resize(fyne.NewSize(s.Width-right, s.Height))
	o[0].Move(fyne.NewPos(0, 0))
}
