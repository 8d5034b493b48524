package export

import (
	"context"
	"sync"
)

// inParallel does something for each of several things, so many at a time, and begins
// with no further one once ctx has ended.
func inParallel[T any](ctx context.Context, workers int, all []T, do func(T)) {
	next := make(chan T)
	var running sync.WaitGroup
	for range min(workers, len(all)) {
		running.Go(func() {
			for v := range next {
				do(v)
			}
		})
	}
	for _, v := range all {
		if ctx.Err() != nil {
			break
		}
		next <- v
	}
	close(next)
	running.Wait()
}
