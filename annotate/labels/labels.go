// Package labels reads masks that were drawn elsewhere and finds the slices of
// a series that they belong to, so that work begun with another program goes on.
//
// Start with [Read]. It takes PNG pictures, NIfTI volumes, DICOM segmentations,
// DICOM structure sets, files of COCO, labelme and YOLO, and exports of this program. [Labels] is what
// came in, as an [annotate.Imported] for a session, with a [Report] of what was
// matched how, what every value became, and what did not come in and why.
//
// Nothing is resampled: what does not lie on the series' own pixels is left out
// with the reason, and so is what cannot be placed for certain. No value is
// dropped: one that no convention and no table names gets a label of its own.
// Where labels of one import overlap, the one read later wins, as if painted
// over, but that the lung goes beneath what is found in it; the report counts the
// pixels. Paths are read in the order in which they are given, the files of a
// folder in natural order, and their content in its own order.
//
// Input is untrusted: nothing here panics on bad files, and memory is bounded.
package labels

import (
	"context"
	"errors"
	"fmt"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// Options say how to read.
type Options struct {
	// Table are the labels that there are already, to which names and values are
	// matched; nil stands for annotate.DefaultLabels.
	Table []annotate.Label
	// Values names what values of pictures and volumes stand for. A value that
	// it gives the name Background is none. Values that it does not name are taken
	// by the usual conventions.
	Values map[int]string
	// Names are what labels that come in by these names are called instead.
	Names map[string]string
	// Threshold is the share, 0 to 1, from which a pixel of a fractional
	// segmentation is in the segment; 0 stands for DefaultThreshold.
	Threshold float64
	// Transposed says that rows and columns of pictures are exchanged, as those
	// of COVID-SemiSeg are.
	Transposed bool
	// Key is the key of exports without the patient's identity.
	Key Key
	// OtherImages takes masks that are known to be of other images, or of another patient,
	// too, as far as they can be placed; of an export, those of a single case.
	OtherImages bool
}

// DefaultThreshold is the usual threshold of fractional segmentations.
const DefaultThreshold = 0.5

// Background is the name of what is no label.
const Background = "background"

// Labels is what came in.
type Labels struct {
	Table  []annotate.Label // those that there were, and those that were added
	Report Report
	canvas *canvas
}

// Read reads files, and what lies in folders, and places what they hold on the
// slices of a series. An error means that there was nothing to look at: a path
// that does not exist, or ctx's end. Files that cannot be used are no error; they
// are in the report. Progress, which may be nil, is told the number of files done.
func Read(ctx context.Context, s *ct.Series, paths []string, o Options, progress func(done, total int)) (*Labels, error) {
	if len(paths) == 0 {
		return nil, errors.New("no file or folder with labels was given")
	}
	files, folders, left, err := list(ctx, paths)
	if err != nil {
		return nil, err
	}
	if o.Table == nil {
		o.Table = annotate.DefaultLabels()
	}
	if o.Threshold == 0 {
		o.Threshold = DefaultThreshold
	}
	in := &intake{
		ctx: ctx, o: o, target: newTarget(s, o.Key), table: newTable(o.Table), canvas: newCanvas(s.Columns, s.Rows, s.Len()),
		report: &Report{Slices: s.Len(), LeftOut: left}, used: map[int]bool{},
	}
	in.canvas.beneath, in.table.renamed = in.table.isLung, o.Names
	in.skipOwn(files)
	in.readOwn(paths, files)
	in.skipClasses(files)
	if err := in.skipRivals(files, folders); err != nil {
		return nil, err
	}
	for i, path := range files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !in.done[path] {
			in.read(path)
		}
		if progress != nil {
			progress(i+1, len(files))
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	in.canvas.settle()
	in.unused()
	in.tellChanged()
	in.report.finish(in)
	return &Labels{Table: in.table.labels, Report: *in.report, canvas: in.canvas}, nil
}

// Slices are the slices that have labels, in order.
func (l *Labels) Slices() []int { return l.canvas.used() }

// Plane is the label of each pixel of slice i, row-major; 0 is the background.
func (l *Labels) Plane(i int) []uint8 { return l.canvas.plane(i) }

// Import is what came in, for a session whose labels were Options.Table.
func (l *Labels) Import(name string) annotate.Imported {
	return annotate.Imported{Name: name, Labels: l.Table, Slices: l.Slices(), Plane: l.Plane}
}

// intake is a Read under way.
type intake struct {
	ctx     context.Context
	o       Options
	target  *target
	table   *table
	canvas  *canvas
	report  *Report
	done    map[string]bool // files that need no further look
	own     map[string]ownMask
	asked   asked
	exports []*export
	used    map[int]bool // values of Options that files have

	classFiles map[string]map[int]string // names of classes, by file

	file, kind string         // at hand
	names      map[int]string // of the values of the file at hand
	stranger   bool           // the file at hand names another patient
	work       budget         // likewise
}

// leave notes that a part of the file at hand, or all of it where part is empty,
// is left out.
func (in *intake) leave(part, reason string) { in.report.leave(in.file, part, reason) }

// stop is leave for what is known to be of other images, or of another patient.
func (in *intake) stop(part, reason string) {
	in.leave(part, reason)
	in.report.OfOthers = true
}

// remark notes something about the file at hand.
func (in *intake) remark(format string, a ...any) {
	in.report.Remarks = append(in.report.Remarks, in.file+": "+fmt.Sprintf(format, a...))
}

// lay brings a plane of labels to slice i.
func (in *intake) lay(i int, plane []uint8, part string, by By) {
	in.layPart(i, plane, 0, len(plane), part, by)
}

// layPart is lay for a plane without labels before low and from high on.
func (in *intake) layPart(i int, plane []uint8, low, high int, part string, by By) {
	n := in.paint(i, plane, low, high)
	in.report.Matches = append(in.report.Matches, Match{File: in.file, Kind: in.kind, Part: part, Slice: i, By: by, Pixels: n})
}

// paint lays labels on slice i without a word, and counts them. Planes of many
// short runs take longest.
func (in *intake) paint(i int, plane []uint8, low, high int) int {
	moved := in.canvas.moved
	n := in.canvas.lay(i, plane, low, high)
	in.work.left -= int64(2*(in.canvas.moved-moved) + (high-low)/2)
	return n
}
