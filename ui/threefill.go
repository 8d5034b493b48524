package ui

import (
	"context"
	"image"
	"sync"
	"sync/atomic"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

const (
	sweepTime  = 6 * time.Millisecond // for labels at a time, so that strokes stay smooth
	cutReaders = 2
)

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
