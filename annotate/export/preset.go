package export

import (
	"context"
	"fmt"
	"image"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// Preset is a convention by which training code takes labels.
type Preset struct {
	Name  string // by which it is asked for
	Title string // for people
	About string // a sentence on what is written, and for whom
	Many  bool   // several cases make one data set; otherwise each case beyond the first has a folder of its own
	Uses  Uses   // which options it heeds

	hounsfield bool // volumes of Hounsfield units always go with it
	format     func(o *Options) format
}

// Pictures reports whether pictures of the slices, or their values, leave with the labels.
func (p Preset) Pictures(o Options) bool {
	if p.Uses.Images {
		return o.Images
	}
	return p.Uses.Window || p.hounsfield
}

// Uses are the options that a preset heeds, beside those that all do.
type Uses struct {
	Images, Window, Values, Split, Name bool
	Square                              bool
	Held                                bool // a fold of the patients is held out for testing: see Set.Patients
	Limits                              bool // LeastConfidence and LargestDoubt
}

// Options say how a set is written.
type Options struct {
	Images bool      // the slices as pictures too, where the preset may do without
	Window ct.Window // of 8-bit pictures; the lung window where it is zero
	Values bool      // masks hold label values, where the preset may do with 0 and 255
	Square int       // side in pixels to which pictures and masks are resampled, where the preset heeds it; 0 keeps the series' grid
	Name   string    // of the data set, where the preset names one
	Folds  int       // of cross-validation by patient; 5 where it is 0. Where one is held out, 1 is for none

	// What the model's proposals must reach to be taken for labels, where the preset asks
	// for it; 0 is no limit.
	LeastConfidence float64 // mean probability of the proposed pixels, 0 to 1
	LargestDoubt    float64 // of the slice as a whole, 0 to 1

	Identity  Identity
	Overwrite bool // replace an export that is already there
	Resume    bool // go on with one that was begun with the same set and options, and keep what is done when it stops
	Restart   bool // with Resume: what was begun is dropped
	Shard     Shard
	Workers   int  // cases that are written at a time; 1 where it is 0
	Skip      bool // leave out cases that cannot be exported, and say so, in place of failing
}

// Shard is the part of a set that one of several programs writes: the cases whose
// number leaves the rest Index when divided by Count. A Count of 0 is all of it.
type Shard struct{ Index, Count int }

func (s Shard) has(k int) bool { return s.Count < 2 || k%s.Count == s.Index }

func (o *Options) window() ct.Window {
	if o.Window == (ct.Window{}) {
		return ct.Lung
	}
	return o.Window
}

// format is how a preset writes. One value serves one export; its methods may be
// called for several cases at a time.
type format interface {
	// values are what files hold for each label: 0 for one that is left out. Several
	// labels may share a value.
	values(labels []annotate.Label) ([256]uint8, error)
	// write makes the files of a case.
	write(w *Writer) error
	// finish makes the files of the whole set; it finds what the cases hold in their
	// manifests.
	finish(w *SetWriter) error
	// read opens the masks of a case as its files hold them, by other code than wrote
	// them: plane(i) are slice i's values, rows*columns of them, and nil where the
	// format keeps none for the slice. The function may be nil, for formats
	// that keep no masks.
	read(r *Reader) (plane func(i int) ([]uint8, error), err error)
	// omits tells whether slice i is left out of the files by the preset's rules.
	omits(e *CaseEntry, i int) bool
	// check holds a case's files against the rules of who takes them, as sentences.
	check(r *Reader) []string
	// checkSet does so for the files of the set.
	checkSet(dir string, m *Manifest) []string
}

// plain is what a format does where it has nothing of its own to do.
type plain struct{}

func (plain) values(labels []annotate.Label) (out [256]uint8, err error) {
	for _, l := range labels {
		out[l.Value] = l.ExportValue()
	}
	return out, nil
}
func (plain) finish(*SetWriter) error                            { return nil }
func (plain) read(*Reader) (func(i int) ([]uint8, error), error) { return nil, nil }
func (plain) omits(*CaseEntry, int) bool                         { return false }
func (plain) check(*Reader) []string                             { return nil }
func (plain) checkSet(string, *Manifest) []string                { return nil }

// oneValue gives all labels the same value.
func oneValue(labels []annotate.Label, v uint8) (out [256]uint8) {
	for _, l := range labels {
		out[l.Value] = v
	}
	return out
}

// Presets are all presets, in the order in which they are offered.
func Presets() []Preset {
	return []Preset{
		pngPreset,
		pngPalettePreset,
		nnunetPreset,
		nnunet2DPreset,
		decathlonPreset,
		niftiPreset,
		medsegPreset,
		probabilityPreset,
		cocoPreset,
		cocoPolygonsPreset,
		yoloPreset,
		vocPreset,
		labelmePreset,
		measurementsPreset,
		semisegPreset,
		semisegMultiPreset,
		semisegTVPreset,
		semisupervisedPreset,
		segPreset,
		segFractionalPreset,
		rtstructPreset,
	}
}

// PresetNamed finds a preset; the error lists what there is.
func PresetNamed(name string) (Preset, error) {
	var all []string
	for _, p := range Presets() {
		if p.Name == name {
			return p, nil
		}
		all = append(all, p.Name)
	}
	return Preset{}, fmt.Errorf("there is no preset %q; there are %s", name, strings.Join(all, ", "))
}

// Writer is what a format writes a case with.
type Writer struct {
	*Case
	Name    string       // of the case
	Options *Options     //
	Entry   *CaseEntry   // the case's manifest, whose files the Writer adds
	Labels  []LabelEntry // with the values of files
	Model   string
	Program string

	at     *folder // of the export
	folder string  // of the case, below that; "" for none
	value  [256]uint8
	names  []string
	ctx    context.Context
	step   func(i int) error // notes that slice i is under way; ctx's error where it was cancelled
}

// SliceNames are names for files of each slice, unique within the case.
func (w *Writer) SliceNames() []string { return w.names }

// Plane is slice i as files hold it, rows*columns values or Square*Square. Every format asks for the
// slices in order, which also tells how far it is.
func (w *Writer) Plane(i int) ([]uint8, error) {
	if err := w.step(i); err != nil {
		return nil, err
	}
	m, err := w.mask(i)
	if err != nil {
		return nil, err
	}
	return w.Options.plane(m, &w.value), nil
}

// plane is a mask as files hold it: its labels' values, resampled where that is asked for.
func (o *Options) plane(m *annotate.Mask, value *[256]uint8) []uint8 {
	return o.resampled(mapped(m.Label, value), m.W)
}

// Picture is slice i as 8-bit grey at the window level that was asked for.
func (w *Writer) Picture(i int) (*image.Gray, error) {
	s, err := w.Series.Slice(i)
	if err != nil {
		return nil, err
	}
	return w.Options.resampledPicture(slicePicture(s, w.Options.window())), nil
}

// Grey writes an 8-bit grey PNG of slice i, and notes its values for who reads it back.
func (w *Writer) Grey(kind string, i int, name string, g *image.Gray) error {
	if kind != KindMask {
		w.Entry.Slices[i].note(kind, g.Pix)
	}
	return w.File(kind, i, name, pngOf(g))
}

func mapped(labels []uint8, value *[256]uint8) []uint8 {
	out := make([]uint8, len(labels))
	for k, l := range labels {
		out[k] = value[l]
	}
	return out
}

// Kinds of files.
const (
	KindMask        = "mask"
	KindImage       = "image"
	KindProbability = "probability"
	KindWeight      = "weight"
	KindEdge        = "edge"
	KindTable       = "table"
	KindAudit       = "audit" // the log of the work on a case
)

// AllSlices stands for a file that is of no single slice.
const AllSlices = -1

// File writes a file of slice i, or of AllSlices, and notes it in the manifest. Name
// is its path within the case's folder, with slashes.
func (w *Writer) File(kind string, i int, name string, write func(io.Writer) error) error {
	e, err := w.at.write(path.Join(w.folder, name), write)
	if err != nil {
		return err
	}
	e.Kind, e.Slice = kind, i+1
	w.Entry.Files = append(w.Entry.Files, e)
	return nil
}

// SetWriter is what a format writes the files of a whole set with.
type SetWriter struct {
	Manifest *Manifest
	Options  *Options
	at       *folder
}

// File writes a file and notes it in the manifest. Name is its path within the
// export, with slashes.
func (w *SetWriter) File(name string, write func(io.Writer) error) error {
	e, err := w.at.write(name, write)
	if err != nil {
		return err
	}
	w.Manifest.Files = append(w.Manifest.Files, e)
	return nil
}

// Cases reads the cases' manifests one after the other, in order.
func (w *SetWriter) Cases(each func(c *CaseEntry) error) error {
	return w.Manifest.eachCase(w.at.out, each)
}

// eachCase reads the cases' manifests in an export's folder.
func (m *Manifest) eachCase(dir string, each func(c *CaseEntry) error) error {
	for _, c := range m.Cases {
		e, err := readCase(dir, c)
		if err != nil {
			return err
		}
		if err := each(e); err != nil {
			return err
		}
	}
	return nil
}

// Reader is what a format reads a case back with.
type Reader struct {
	Dir      string // of the export
	Manifest *Manifest
	Entry    *CaseEntry

	closers []io.Closer // of what its reading left open
}

func newReader(dir string, m *Manifest, e *CaseEntry) *Reader {
	return &Reader{Dir: dir, Manifest: m, Entry: e}
}

func (r *Reader) close() {
	for _, c := range r.closers {
		c.Close()
	}
}

// Size is the width and the height of the slices' pictures in files, in pixels.
func (r *Reader) Size() (w, h int) {
	if side := r.Manifest.Square; side > 0 {
		return side, side
	}
	return r.Entry.Series.Columns, r.Entry.Series.Rows
}

// Path is where a file of the export lies.
func (r *Reader) Path(f FileEntry) string { return filepath.Join(r.Dir, filepath.FromSlash(f.File)) }

// Files are the case's files of a kind, in the order in which they were written.
func (r *Reader) Files(kind string) []FileEntry {
	var out []FileEntry
	for _, f := range r.Entry.Files {
		if f.Kind == kind {
			out = append(out, f)
		}
	}
	return out
}

// Of is the case's file of a kind for slice i.
func (r *Reader) Of(kind string, i int) (FileEntry, bool) {
	k := slices.IndexFunc(r.Entry.Files, func(f FileEntry) bool { return f.Kind == kind && f.Slice == i+1 })
	if k < 0 {
		return FileEntry{}, false
	}
	return r.Entry.Files[k], true
}
