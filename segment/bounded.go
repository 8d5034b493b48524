package segment

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errStuck means that native code did not come back when it was told to stop,
// and was left behind.
var errStuck = errors.New("it does not come back")

// errLate means that native code stopped because its time was over.
var errLate = errors.New("it takes too long")

// grace is how long native code may take to stop once it is told to.
const grace = 3 * time.Second

// bounded runs f with a context that ends after limit, with the cause errLate.
// When f is not back a moment after its context has ended, it is left behind:
// the error is then errStuck with the context's cause, and what f
// returns in the end goes to late.
func bounded[T any](ctx context.Context, limit, grace time.Duration, f func(ctx context.Context) (T, error), late func(T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	ctx, cancel := context.WithTimeoutCause(ctx, limit, errLate)
	defer cancel()
	done := make(chan result, 1)
	go func() {
		v, err := f(ctx)
		done <- result{v, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
	}
	select {
	case r := <-done:
		return r.value, r.err
	case <-time.After(grace):
	}
	go func() {
		r := <-done
		late(r.value, r.err)
	}()
	var none T
	return none, fmt.Errorf("%w: %w", errStuck, context.Cause(ctx))
}
