package export

import (
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"math"
	"os"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

var pngPreset = Preset{
	Name: "png", Title: "PNG masks",
	About:  "a mask a slice as 8-bit grey PNG, of 0 and 255 or of label values, on the slice's own grid",
	Uses:   Uses{Images: true, Window: true, Values: true},
	format: func(o *Options) format { return pngFormat{o: o} },
}

// pngFormat writes NAME_mask.png for each slice, and with images NAME_image.png.
type pngFormat struct {
	plain
	o *Options
}

func (f pngFormat) values(labels []annotate.Label) ([256]uint8, error) {
	if f.o.Values {
		return f.plain.values(labels)
	}
	return oneValue(labels, 255), nil
}

func (f pngFormat) write(w *Writer) error {
	for i, name := range w.SliceNames() {
		p, err := w.Plane(i)
		if err != nil {
			return err
		}
		if err := w.File(KindMask, i, name+"_mask.png", pngOf(grey(p, w.Series.Columns))); err != nil {
			return err
		}
		if !f.o.Images {
			continue
		}
		s, err := w.Series.Slice(i)
		if err != nil {
			return err
		}
		if err := w.File(KindImage, i, name+"_image.png", pngOf(slicePicture(s, f.o.window()))); err != nil {
			return err
		}
	}
	return nil
}

func (pngFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return readGrey(r, KindMask), nil
}

func (pngFormat) check(r *Reader) []string { return greyPictures(r, KindImage) }

// grey is a plane as a picture.
func grey(p []uint8, w int) *image.Gray {
	return &image.Gray{Pix: p, Stride: w, Rect: image.Rect(0, 0, w, len(p)/w)}
}

func pngOf(p image.Image) func(io.Writer) error {
	return func(w io.Writer) error { return png.Encode(w, p) }
}

// slicePicture is a slice as 8-bit grey at a window level.
func slicePicture(s *ct.Slice, w ct.Window) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, s.W, s.H))
	for i, hu := range s.HU {
		g.Pix[i] = uint8(math.Round(255 * w.Unit(float64(hu))))
	}
	return g
}

// readGrey reads masks that are an 8-bit grey PNG a slice.
func readGrey(r *Reader, kind string) func(i int) ([]uint8, error) {
	return func(i int) ([]uint8, error) {
		f, ok := r.Of(kind, i)
		if !ok {
			return nil, nil
		}
		g, err := readPicture(r, f)
		if err != nil {
			return nil, err
		}
		return g.Pix, nil
	}
}

// greyPictures says which of the case's pictures of a kind are not 8-bit grey of the
// series' size.
func greyPictures(r *Reader, kind string) (problems []string) {
	for _, f := range r.Files(kind) {
		if _, err := readPicture(r, f); err != nil && !errors.Is(err, os.ErrNotExist) {
			problems = append(problems, sentence(err))
		}
	}
	return problems
}

func readPicture(r *Reader, f FileEntry) (*image.Gray, error) {
	data, err := readBounded(r.Path(f), maxFile)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", f.File, err)
	}
	g, err := decodeGray(data, r.Entry.Series.Columns, r.Entry.Series.Rows)
	if err != nil {
		return nil, fmt.Errorf("%s %w", f.File, err)
	}
	return g, nil
}
