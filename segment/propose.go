package segment

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"groundglass/annotate/ct"
)

const (
	maxWorkers = 4  // bounds the slices in work at once, and so the memory
	maxOpen    = 64 // and so many wait for those near them: then these come first
)

// ProposeSeries proposes every slice of a series, the nearest to the slice
// first() first: first is asked before each slice, so that it may follow what a
// person looks at; nil means the first slice. each receives a slice's proposal
// and may keep it; progress, if not nil, follows how many the model has looked
// at. Both, and first, are called from worker goroutines but never two at a
// time.
//
// A proposal is as [Model.Examine] gives it. Where the card names a distance
// (Through) and positions are known, it is the mean over the slices within twice
// that, and comes once all of those have been looked at; how many wait for
// others at once is bounded. Slices without lung are sure to have nothing only
// where other slices of the series show lung, as those above and below the lungs
// do; of a series that shows none at all their doubt is 1.
//
// A slice that cannot be read is left out, and the error returned in the end
// joins a [SliceError] for each, in their order. A model that fails ends the work
// at once, and so does ctx, whose cause is then returned; nothing is called after
// ProposeSeries has returned.
func (m *Model) ProposeSeries(ctx context.Context, s *ct.Series, first func() int, each func(i int, p Proposal), progress func(done, total int)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	w := &work{model: m, series: s, first: first, each: each, progress: progress, pending: make([]bool, s.Len()), slab: newSlab(s, m.card.Through)}
	for i := range w.pending {
		w.pending[i] = true
	}
	var group sync.WaitGroup
	for range min(maxWorkers, runtime.GOMAXPROCS(0), s.Len()) {
		group.Go(func() {
			if err := w.run(ctx); err != nil {
				stop(err)
			}
		})
	}
	group.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return joinSlices(w.unread)
}

// work is what the workers of one ProposeSeries share.
type work struct {
	model    *Model
	series   *ct.Series
	first    func() int
	each     func(i int, p Proposal)
	progress func(done, total int)

	mu      sync.Mutex // guards what follows and the calls of the functions above
	pending []bool
	slab    *slab
	done    int
	unread  []*SliceError

	search sync.Once
	lung   bool // what search found: a slice shows lung
}

// run works on slices until none is left.
func (w *work) run(ctx context.Context) error {
	for ctx.Err() == nil {
		i, ok := w.next()
		if !ok {
			return nil
		}
		slice, err := w.series.Slice(i)
		if err != nil {
			w.finish(ctx, i, nil, &SliceError{i, err})
			continue
		}
		p, err := w.model.Examine(ctx, slice)
		if err != nil {
			return err
		}
		if p.NoLung && !w.showsLung(ctx) {
			p.Doubt = 1
		}
		w.finish(ctx, i, newLayer(slice, p), nil)
	}
	return nil
}

// showsLung tells whether any slice of the series shows lung. It looks once, from the
// middle on, where lung is most likely.
func (w *work) showsLung(ctx context.Context) bool {
	w.search.Do(func() {
		n := w.series.Len()
		for d := range n/2 + 1 {
			for _, i := range [2]int{n/2 + d, n/2 - 1 - d} {
				if w.lung || i < 0 || i >= n || ctx.Err() != nil {
					continue
				}
				slice, err := w.series.Slice(i)
				w.lung = err == nil && !barren(slice)
			}
		}
	})
	return w.lung
}

// next takes the pending slice that is nearest to the first one. Where too many are open it
// is the one nearest to the lowest of them: what has been begun there grows, until it is one with the next.
func (w *work) next() (int, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.pending)
	centre := 0
	switch {
	case len(w.slab.open) > maxOpen:
		centre = slices.Min(w.slab.open)
	case w.first != nil:
		centre = min(n-1, max(0, w.first()))
	}
	for d := range n {
		for _, i := range [2]int{centre + d, centre - d} {
			if i >= 0 && i < n && w.pending[i] {
				w.pending[i] = false
				return i, true
			}
		}
	}
	return 0, false
}

// finish takes what became of slice i and hands on the slices that lacked it, unless the
// work has been cancelled.
func (w *work) finish(ctx context.Context, i int, l *layer, err *SliceError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil && ctx.Err() == nil {
		w.unread = append(w.unread, err)
	}
	for _, j := range w.slab.add(i, l) {
		own, shares := w.slab.take(j)
		if own.none {
			continue
		}
		w.mu.Unlock()
		p := own.mean(shares, w.model.card.Threshold)
		w.mu.Lock()
		if w.each != nil && ctx.Err() == nil {
			w.each(j, p)
		}
	}
	if ctx.Err() != nil {
		return
	}
	w.done++
	if w.progress != nil {
		w.progress(w.done, len(w.pending))
	}
}

// Place is where a slice lies along a patient.
type Place struct {
	File string // which errors name
	MM   float64
}

// ProposePlaced proposes slices of one size from load that lie at places along
// one line, as [Model.ProposeSeries] does, but hands them on in their order, each
// with what load gave beside it. Without places it is a single slice, which
// stands alone. The first error ends the work: load's comes as a [SliceError],
// each's as it is.
func ProposePlaced[T any](ctx context.Context, m *Model, at []Place, load func(i int) (*ct.Slice, T, error), each func(i int, beside T, p Proposal) error) error {
	first, beside, err := load(0)
	if err != nil {
		return &SliceError{0, err}
	}
	if len(at) < 2 {
		p, err := m.Examine(ctx, first)
		if err != nil {
			return err
		}
		return each(0, beside, p)
	}
	meta := ct.Series{Rows: first.H, Columns: first.W}
	for _, p := range at {
		meta.Sources = append(meta.Sources, ct.Source{File: p.File, PositionMM: p.MM, HasPosition: true})
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	kept := make([]atomic.Pointer[T], len(at)) // a slice may be loaded again while another is handed on
	series := ct.NewSeries(meta, func(i int) (*ct.Slice, error) {
		slice, beside, err := load(i)
		if err != nil {
			stop(&SliceError{i, err}) // it names the file already
		}
		kept[i].Store(&beside)
		return slice, err
	})
	early, next := map[int]Proposal{}, 0
	return m.ProposeSeries(ctx, series, nil, func(i int, p Proposal) {
		early[i] = p
		for p, ok := early[next]; ok && ctx.Err() == nil; p, ok = early[next] {
			delete(early, next)
			if err := each(next, *kept[next].Swap(nil), p); err != nil {
				stop(err)
			}
			next++
		}
	}, nil)
}
