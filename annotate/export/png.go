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
	Uses:   Uses{Images: true, Window: true, Values: true, Square: true},
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
		if err := w.Grey(KindMask, i, name+"_mask.png", w.grey(p)); err != nil {
			return err
		}
		if !f.o.Images {
			continue
		}
		g, err := w.Picture(i)
		if err != nil {
			return err
		}
		if err := w.Grey(KindImage, i, name+"_image.png", g); err != nil {
			return err
		}
	}
	return nil
}

func (pngFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return readGrey(r, KindMask), nil
}

func (pngFormat) check(r *Reader) []string { return greyPictures(r, KindImage) }

// grey is a plane of files as a picture.
func (w *Writer) grey(p []uint8) *image.Gray {
	if side := w.Options.Square; side > 0 {
		return grey(p, side)
	}
	return grey(p, w.Series.Columns)
}

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
// right size, or hold other values than were written.
func greyPictures(r *Reader, kind string) (problems []string) {
	for _, f := range r.Files(kind) {
		g, err := readPicture(r, f)
		switch {
		case errors.Is(err, os.ErrNotExist): // which is said of the file
		case err != nil:
			problems = append(problems, sentence(err))
		case f.Slice == 0 || r.Entry.Slices[f.Slice-1].Planes[kind] != digest(g.Pix):
			problems = append(problems, fmt.Sprintf("%s does not hold the %s of slice %d.", f.File, kind, f.Slice))
		}
	}
	return problems
}

func readPicture(r *Reader, f FileEntry) (*image.Gray, error) {
	data, err := readBounded(r.Path(f), maxFile)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", f.File, err)
	}
	w, h := r.Size()
	g, err := decodeGray(data, w, h)
	if err != nil {
		return nil, fmt.Errorf("%s %w", f.File, err)
	}
	return g, nil
}
