package annotate

import "image"

// What is a set of the things that a Change may concern.
type What uint32

// The things that can change.
const (
	Pixels              What = 1 << iota // labels or origins within Rect
	Proposal                             // probability maps
	Threshold                            // the threshold
	Current                              // the current slice
	HistoryChanged                       // what Undo and Redo would do, Dirty
	ToolChanged                          // the tool or its settings
	LabelChanged                         // the active label or the label table
	StatusChanged                        // a slice's Status
	ConnectivityChanged                  // the connectivity
	OutlineChanged                       // what Outline returns
	Refused                              // nothing: the session is sealed
)

// EverySlice is the Slice of a Change that may concern all slices.
const EverySlice = -1

// Change tells the listener what to show anew: What changed in Slice, for
// Pixels within Rect (image pixels). The listener may read the session, but
// not change it.
type Change struct {
	Slice int
	Rect  image.Rectangle
	What  What
}

// Has reports whether any of w changed.
func (c Change) Has(w What) bool { return c.What&w != 0 }

// In reports whether the change concerns slice i.
func (c Change) In(i int) bool { return c.Slice == i || c.Slice == EverySlice }

// Status is how far the work on a slice has come.
type Status uint8

// The states of a slice, in the order in which work passes through them.
const (
	New      Status = iota // no proposal, no edits
	Proposed               // the model has proposed, nobody has edited
	InWork                 // a person has set pixels
	Accepted               // a person has accepted the slice as it is
	Rejected               // a person has ruled the slice out, and it stays as it is
)

// Decided reports whether a person has accepted or rejected the slice, so that
// proposals and settings leave it alone.
func (s Status) Decided() bool { return s == Accepted || s == Rejected }

// String is the state in words.
func (s Status) String() string {
	switch s {
	case Proposed:
		return "proposed"
	case InWork:
		return "in work"
	case Accepted:
		return "accepted"
	case Rejected:
		return "rejected"
	}
	return "new"
}
