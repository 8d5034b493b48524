package ct

import (
	"context"
	"errors"
)

// Found is what Open found. Everything that it looked at is either a slice of a
// series or listed in LeftOut.
type Found struct {
	Series  []*Series
	LeftOut []LeftOut
}

// LeftOut is a file, or a folder, that is part of no series, and why.
type LeftOut struct{ File, Reason string }

// Open looks through files and folders, nested ones too, and returns the series
// in them. Progress, which may be nil, is told the number of files looked at.
// An error means that nothing could be looked at: a path that does not exist,
// or ctx's end. Unreadable files are no error; they are in LeftOut.
func Open(ctx context.Context, paths []string, progress func(done, total int)) (*Found, error) {
	return nil, errors.New("not yet")
}
