package segment

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// SliceError says that one slice of a series is left out, and why.
type SliceError struct {
	index int
	cause error
}

// Error names the slice by its number, from 1.
func (e *SliceError) Error() string {
	return fmt.Sprintf("slice %d is left out: %v", e.index+1, e.cause)
}

// Unwrap returns the reason.
func (e *SliceError) Unwrap() error { return e.cause }

// Slice is the slice's index.
func (e *SliceError) Slice() int { return e.index }

// joinSlices joins errors in the slices' order; nil where there are none.
func joinSlices(list []*SliceError) error {
	slices.SortFunc(list, func(a, b *SliceError) int { return cmp.Compare(a.index, b.index) })
	var all []error
	for _, e := range list {
		all = append(all, e)
	}
	return errors.Join(all...)
}
