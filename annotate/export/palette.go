package export

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"
)

var pngPalettePreset = Preset{
	Name: "png-palette", Title: "PNG masks in colour",
	About:  "a mask a slice as PNG of label values with a palette of the labels' colours, on the slice's own grid",
	Uses:   Uses{Images: true, Window: true, Square: true},
	format: func(o *Options) format { return pngPaletteFormat{o: o} },
}

// pngPaletteFormat writes NAME_mask.png for each slice, and with images NAME_image.png.
type pngPaletteFormat struct {
	plain
	o *Options
}

func (f pngPaletteFormat) write(w *Writer) error {
	colours := labelColours(w.Labels)
	for i, name := range w.SliceNames() {
		p, err := w.Plane(i)
		if err != nil {
			return err
		}
		if err := w.paletted(i, name+"_mask.png", p, colours); err != nil {
			return err
		}
		if f.o.Images {
			if err := w.picture(i, name+"_image.png"); err != nil {
				return err
			}
		}
	}
	return nil
}

// paletted writes the mask of slice i as a PNG of 8-bit indices.
func (w *Writer) paletted(i int, name string, plane []uint8, colours color.Palette) error {
	side := w.side()
	return w.File(KindMask, i, name, pngOf(&image.Paletted{Pix: plane, Stride: side, Rect: image.Rect(0, 0, side, len(plane)/side), Palette: colours}))
}

// labelColours is a palette of 256 colours: those of labels at their values in files, and
// black.
func labelColours(labels []LabelEntry) color.Palette {
	out := make(color.Palette, 256)
	for k := range out {
		out[k] = color.NRGBA{A: 255}
	}
	for _, l := range labels {
		c := color.NRGBA{A: 255}
		fmt.Sscanf(l.Color, "#%02x%02x%02x", &c.R, &c.G, &c.B)
		out[l.InFiles] = c
	}
	out[0] = color.NRGBA{A: 255}
	return out
}

func (pngPaletteFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	return readPaletted(r, labelColours(r.Manifest.Labels)), nil
}

func (pngPaletteFormat) check(r *Reader) []string { return greyPictures(r, KindImage) }

// readPaletted reads masks that are a PNG of indices a slice.
func readPaletted(r *Reader, colours color.Palette) func(i int) ([]uint8, error) {
	return func(i int) ([]uint8, error) {
		f, ok := r.Of(KindMask, i)
		if !ok {
			return nil, nil
		}
		data, err := readBounded(r.Path(f), maxFile)
		if err != nil {
			return nil, fmt.Errorf("%s cannot be read: %w", f.File, err)
		}
		w, h := r.Size()
		p, err := decodePaletted(data, w, h, colours)
		if err != nil {
			return nil, fmt.Errorf("%s %w", f.File, err)
		}
		return p.Pix, nil
	}
}

// decodePaletted is decodeGray for indices of a palette.
func decodePaletted(data []byte, w, h int, colours color.Palette) (*image.Paletted, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	if c.Width != w || c.Height != h {
		return nil, fmt.Errorf("has %dx%d pixels instead of %dx%d", c.Width, c.Height, w, h)
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	p, ok := m.(*image.Paletted)
	if !ok {
		return nil, errors.New("has no palette")
	}
	if !slices.EqualFunc(p.Palette, colours, sameColour) {
		return nil, errors.New("has another palette")
	}
	return p, nil
}

func sameColour(a, b color.Color) bool {
	return color.NRGBAModel.Convert(a) == color.NRGBAModel.Convert(b)
}
