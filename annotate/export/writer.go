package export

import (
	"context"
	"image"
	"io"
	"path"

	"groundglass/annotate"
)

// Writer is what a format writes a case with.
type Writer struct {
	*Case
	Name    string // of the case
	Options *Options
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
	remarks  []string
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
