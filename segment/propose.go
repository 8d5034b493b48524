package segment

import (
	"context"
	"runtime"
	"sync"

	"groundglass/annotate/ct"
)

// maxWorkers bounds the slices in work at once, and so the memory.
const maxWorkers = 4

// ProposeSeries proposes every slice of a series, the nearest to the slice
// first() first: first is asked before each slice, so that it may follow what a
// person looks at; nil means the first slice. each receives a slice's proposal
// as [Model.Examine] gives it and may keep it; progress, if not nil, follows it. Both, and first, are called from worker goroutines but
// never two at a time. Slices without lung are sure to have nothing only where other
// slices of the series show lung, as those above and below the lungs do; of a series that
// shows none at all their doubt is 1.
//
// A slice that cannot be read is left out, and the error returned in the end
// joins a [SliceError] for each, in their order. A model that fails ends the work at once, and so does ctx, whose
// cause is then returned; nothing is called after ProposeSeries has returned.
func (m *Model) ProposeSeries(ctx context.Context, s *ct.Series, first func() int, each func(i int, p Proposal), progress func(done, total int)) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	w := &work{model: m, series: s, first: first, each: each, progress: progress, pending: make([]bool, s.Len())}
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
			w.finish(ctx, i, Proposal{}, &SliceError{i, err})
			continue
		}
		p, err := w.model.Examine(ctx, slice)
		if err != nil {
			return err
		}
		if p.NoLung && !w.showsLung(ctx) {
			p.Doubt = 1
		}
		w.finish(ctx, i, p, nil)
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

// next takes the pending slice that is nearest to the first one.
func (w *work) next() (int, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := len(w.pending)
	centre := 0
	if w.first != nil {
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

// finish hands on what became of slice i, unless the work has been cancelled.
func (w *work) finish(ctx context.Context, i int, p Proposal, err *SliceError) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if ctx.Err() != nil {
		return
	}
	if err != nil {
		w.unread = append(w.unread, err)
	} else if w.each != nil {
		w.each(i, p)
	}
	w.done++
	if w.progress != nil {
		w.progress(w.done, len(w.pending))
	}
}
