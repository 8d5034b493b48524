package export

import (
	"fmt"
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

	hounsfield bool     // volumes of Hounsfield units always go with it
	leaves     []string // what its training code leaves in an export: patterns of path.Match
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
	NoLabels                            bool // it holds probabilities, whatever the labels
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
