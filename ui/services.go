package ui

import (
	"context"
	"errors"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// Services is what the window needs of the rest of the program. Only Opener
// must be there.
type Services struct {
	Opener   Opener
	Demo     func(ctx context.Context) (*ct.Found, error) // the demo case; nil when there is none
	Proposer Proposer                                     // nil when there is no model
	Marks    string                                       // a sentence that says what the model marks, where one label stands for several things
	NoModel  string                                       // a sentence that says why Proposer is nil

	// Connector returns what makes the proposals of a series hang together; nil
	// leaves them as the threshold cuts them.
	Connector func(*ct.Series) annotate.Connector

	// FindLungs finds the lungs of a series, on a goroutine of its own; nil where
	// it is not told how much of them is marked.
	FindLungs func(context.Context, *ct.Series) (Lungs, error)

	Labels   LabelReader // nil when no masks made elsewhere can be opened
	Exporter Exporter    // nil when nothing can be exported
	Keeper   Keeper      // nil when work lasts no longer than the window

	Crash string // the folder with the report of a crash before; empty for none

	AutoPropose bool // propose as soon as a series is open
	Version     string
	About       string // the model's card, for people
	Icon        fyne.Resource

	// PollEvents handles the events that wait; nil does without. The window runs it
	// on the UI goroutine, see Window.catchUp.
	PollEvents func()

	// Trace, which may be nil, is told what happens, for tests that drive the
	// real window: see trace.go for the events.
	Trace func(event string, fields map[string]any)
}

// Opener finds series in files and folders. Open is called on a goroutine of
// its own, and progress may be called from any.
type Opener interface {
	Open(ctx context.Context, paths []string, progress func(done, total int)) (*ct.Found, error)
}

// Proposer is a model. Propose goes through a series, the slices nearest to
// next() first, and hands what it makes of each slice, on the slice's own grid,
// to each, from any goroutine; it then belongs to the caller. Name says, in a few words, which model runs on which device.
type Proposer interface {
	Propose(ctx context.Context, s *ct.Series, next func() int, each func(i int, g annotate.Guess), progress func(done, total int)) error
	Name() string
}

// Lungs measures how much of a series' lungs is marked. No two of its methods
// are called at a time, but they are from any goroutine.
type Lungs interface {
	Shown(i int) bool           // whether slice i shows lung
	Mark(i int, labels []uint8) // slice i has these labels, of which nothing is kept
	Shares() LungShares         // of the whole series
	Mask(i int) []uint8         // of slice i, W*H: 0 where there is no lung; from any goroutine
}

// LungShares are the shares, 0 to 1, of each lung and of both that are marked;
// NaN where there is no such lung. Sided is false where it is not known which side
// is the patient's right.
type LungShares struct {
	Right, Left, Both float64
	Sided             bool
}

// Preset is a format of exports.
type Preset struct {
	Name, Title, About string
	Many               bool // several series make one data set
	Images             bool // pictures of the slices may be left out
	Values             bool // masks may hold label values, or 0 and 255
	Window             bool // pictures are 8-bit, at a window level
	Named              bool // the data set has a name
	Square             bool // pictures and masks may be resampled to a square
	Limits             bool // proposals may have to reach a confidence, and not to pass a doubt
}

// ExportOptions are the choices of the export dialog.
type ExportOptions struct {
	Preset string // by name
	Images bool   // write the slices as pictures too
	Values bool   // write label values instead of 0 and 255
	Window ct.Window
	Name   string // of the data set; "" for one that the preset gives
	Square int    // its side in pixels; 0 keeps the series' grid

	LeastConfidence, LargestDoubt float64 // 0 to 1; 0 is no limit

	Identity bool // keep the patient's identity, and the names of files and folders
	People   bool // keep the names of those who worked on it
	Replace  bool // an export that the folder holds gives way
}

// Leaving is what would leave with an export.
type Leaving struct {
	Fields   []LeavingField
	Warnings []string // sentences
	Notes    []string // likewise, of what is as it should be
}

// LeavingField is something about a series that tells who or what it is of.
type LeavingField struct {
	What   string
	Here   string // what it is
	Leaves string // what is left of it; "" for nothing
}

// ErrExists is what an Exporter's error wraps where the folder holds an export
// already, which Replace would replace.
var ErrExists = errors.New("the folder holds an export already")

// Exported is what an export came to.
type Exported struct {
	Summary string   // sentences: how much was written, and how it was checked
	Remarks []string // sentences on what the format cannot hold
	Key     string   // the file of the key that leads back; "" where the identity was kept
	KeyMade bool     // there was no key before
}

// Exporter writes labels into a folder, which it makes if need be. An error must leave
// no half-written file. Leaving says what of the images' identity would leave, and is
// quick; Naming says, as sentences, what tells the patient in the names of the folder,
// of those around it and of the data set, and takes no time. Apart says why nothing may be
// written there: the images, or the key where the identity is left out, would mix with it.
// Key is the file of the key
// that leads back from pseudonyms, "" where there can be none, and whether it is there.
type Exporter interface {
	Presets() []Preset
	Key() (file string, there bool)
	Naming(dir, name string, series []*ct.Series) []string
	Apart(dir string, series []*ct.Series, identity bool) error
	Leaving(dir string, s []annotate.Snapshot, o ExportOptions) Leaving
	Export(ctx context.Context, dir string, s []annotate.Snapshot, o ExportOptions, progress func(done, total int)) (Exported, error)
}
