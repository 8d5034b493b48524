package segment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"sync"

	"groundglass/annotate/ct"
)

// strayShare is the share of the lungs' largest part in a series that smaller
// parts have at most: pockets of gas, not lung.
const strayShare = 0.05

// Lungs holds the lung masks of a series' slices, and what is marked in them,
// as runs of pixels, so that long series fit. Make it with [NewLungs] or, with
// all masks found, with [FindLungs].
type Lungs struct {
	w, h             int
	axial, sided     bool
	mirrorX, mirrorY bool        // how the slices lie, seen from the feet with the front above
	weight           []float64   // by slice: see [Lungs.Total]
	found, marked    [][]lungRun // by slice
}

// NewLungs makes room for the masks of a series. Slices of a series whose place
// is known are turned for the search as [LungMask] wants them, so that right is
// the patient's right however the patient lay; those that are not axial have no
// lungs.
func NewLungs(s *ct.Series) *Lungs {
	l := &Lungs{w: s.Columns, h: s.Rows, axial: true, sided: s.Geometry.Known, weight: thickness(s)}
	l.found, l.marked = make([][]lungRun, s.Len()), make([][]lungRun, s.Len())
	if g := s.Geometry; g.Known {
		l.axial = math.Abs(g.Normal()[2]) > 0.7
		l.mirrorX, l.mirrorY = g.Row[0] < 0, g.Column[1] < 0
	}
	return l
}

// FindLungs finds the lungs of all slices of a series, and joins them.
// Progress, if not nil, is called from worker goroutines but never two at a
// time. Slices that cannot be read have no lungs; the error names them. Where
// ctx ends, so does the work, with its cause.
func FindLungs(ctx context.Context, s *ct.Series, progress func(done, total int)) (*Lungs, error) {
	l := NewLungs(s)
	var (
		mu         sync.Mutex
		next, done int
		errs       []error
		group      sync.WaitGroup
	)
	take := func() int {
		mu.Lock()
		defer mu.Unlock()
		next++
		return next - 1
	}
	finish := func(err error) {
		mu.Lock()
		defer mu.Unlock()
		errs = append(errs, err)
		if done++; progress != nil {
			progress(done, s.Len())
		}
	}
	for range min(maxWorkers, runtime.GOMAXPROCS(0), s.Len()) {
		group.Go(func() {
			for i := take(); i < s.Len() && ctx.Err() == nil; i = take() {
				slice, err := s.Slice(i)
				if err != nil {
					err = fmt.Errorf("slice %d has no lungs: %w", i+1, err)
				} else {
					l.Find(i, slice)
				}
				finish(err)
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	l.Join()
	return l, errors.Join(errs...)
}

// Sided reports whether right and left are known: how the slices lie in the
// patient. Otherwise they are those of a picture seen from the feet, as usual.
func (l *Lungs) Sided() bool { return l.sided }

// Find finds the lungs of slice i. It may be called from several goroutines for
// different slices.
func (l *Lungs) Find(i int, s *ct.Slice) {
	if !l.axial || s.W != l.w || s.H != l.h {
		return
	}
	mask := LungMask(l.turnedSlice(s))
	l.found[i] = lungRuns(turned(mask, l.w, l.h, l.mirrorX, l.mirrorY), l.w)
}

// turnedSlice is the slice as LungMask wants it.
func (l *Lungs) turnedSlice(s *ct.Slice) *ct.Slice {
	if !l.mirrorX && !l.mirrorY {
		return s
	}
	out := &ct.Slice{HU: turned(s.HU, s.W, s.H, l.mirrorX, l.mirrorY), W: s.W, H: s.H}
	if s.Pad != nil {
		out.Pad = turned(s.Pad, s.W, s.H, l.mirrorX, l.mirrorY)
	}
	return out
}

// turned mirrors a picture from left to right, from top to bottom, or both;
// doing it again brings it back.
func turned[T any](v []T, w, h int, x, y bool) []T {
	if !x && !y {
		return v
	}
	out := make([]T, len(v))
	for i := range out {
		column, row := i%w, i/w
		if x {
			column = w - 1 - column
		}
		if y {
			row = h - 1 - row
		}
		out[i] = v[row*w+column]
	}
	return out
}

// Mask is the lung mask of slice i on the slice's own grid, as [LungMask] gives
// it.
func (l *Lungs) Mask(i int) []uint8 {
	out := make([]uint8, l.w*l.h)
	for _, r := range l.found[i] {
		row := out[int(r.y)*l.w:]
		for x := r.x0; x < r.x1; x++ {
			row[x] = r.value
		}
	}
	return out
}

// Join drops what hangs together with the lungs through no slice: bowel, and
// other pockets of gas. Call it once the lungs of all slices are found.
func (l *Lungs) Join() {
	forest := newLungForest(l.found)
	largest := 0
	for _, n := range forest.size {
		largest = max(largest, n)
	}
	for i, runs := range l.found {
		kept := runs[:0]
		for k, r := range runs {
			if float64(forest.sizeOf(i, k)) > strayShare*float64(largest) {
				kept = append(kept, r)
			}
		}
		l.found[i] = kept
	}
}

// thickness is how much of the patient each slice stands for, in any unit: the
// same for all unless their positions are known and uneven; then half the way
// to each neighbour.
func thickness(s *ct.Series) []float64 {
	out := make([]float64, s.Len())
	uneven := s.Geometry.Known && s.Geometry.Uneven && s.Len() > 1
	for i := range out {
		out[i] = 1
		uneven = uneven && s.Sources[i].HasPosition
	}
	if !uneven {
		return out
	}
	gap := func(i int) float64 { return math.Abs(s.Sources[i+1].PositionMM - s.Sources[i].PositionMM) }
	last := s.Len() - 1
	for i := range out {
		out[i] = (gap(max(0, i-1)) + gap(min(last-1, i))) / 2
	}
	return out
}
