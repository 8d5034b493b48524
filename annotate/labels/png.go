package labels

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"path/filepath"

	"groundglass/annotate/ct"
)

const kindPNG = "PNG mask"

// readPNG reads the picture of a mask, which its name matches to a slice.
func (in *intake) readPNG(r io.ReadSeeker) error {
	in.kind = kindPNG
	i, by, reason := in.sliceOf(in.file)
	if reason != "" {
		return errors.New(reason)
	}
	m, err := ct.DecodeMask(r)
	if err != nil {
		return err
	}
	w, h, values := pictureValues(m, in.o.Transposed)
	if w != in.target.s.Columns || h != in.target.s.Rows {
		return fmt.Errorf("the mask has %dx%d pixels, the slice %dx%d", w, h, in.target.s.Columns, in.target.s.Rows)
	}
	if _, paletted := m.(*image.Paletted); paletted {
		in.names = in.classes(filepath.Dir(filepath.Dir(in.file)), vocNames)
		defer func() { in.names = nil }()
	}
	_, words := stem(bare(in.file))
	return in.layValues(i, values, words, by)
}

// sliceOf finds the slice of a picture: by what an export of this program says, or
// else by its name.
func (in *intake) sliceOf(path string) (i int, by By, reason string) {
	if own, ok := in.own[path]; ok {
		return own.slice(in.target)
	}
	i, reason = in.target.byName(path)
	return i, ByName, reason
}

// layValues brings a plane of values to slice i.
func (in *intake) layValues(i int, values []value, words []string, by By) error {
	n, err := histogram(values)
	if err != nil {
		return err
	}
	labels, err := in.assign(n, words)
	if err != nil {
		return err
	}
	plane := make([]uint8, len(values))
	for p, v := range values {
		if v != 0 {
			plane[p] = labels[v]
		}
	}
	in.meanings(n, labels)
	in.lay(i, plane, "", by)
	return nil
}

// pictureValues are a picture's values, row by row: of palettes the indices, of
// grey pictures the grey as it is stored, else the colours. What is transparent
// is background.
func pictureValues(m image.Image, transposed bool) (w, h int, values []value) {
	b := m.Bounds()
	at := valueAt(m)
	if w, h = b.Dx(), b.Dy(); transposed {
		w, h = h, w
	}
	values = make([]value, 0, w*h)
	for y := range h {
		for x := range w {
			if transposed {
				values = append(values, at(b.Min.X+y, b.Min.Y+x))
			} else {
				values = append(values, at(b.Min.X+x, b.Min.Y+y))
			}
		}
	}
	return w, h, values
}

// valueAt returns what reads a picture's pixels.
func valueAt(m image.Image) func(x, y int) value {
	switch m := m.(type) {
	case *image.Paletted:
		return func(x, y int) value { return value(m.ColorIndexAt(x, y)) }
	case *image.Gray:
		return func(x, y int) value { return value(m.GrayAt(x, y).Y) }
	case *image.Gray16:
		return func(x, y int) value { return value(m.Gray16At(x, y).Y) }
	}
	return func(x, y int) value {
		c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
		if c.A == 0 {
			return 0
		}
		return rgb(c.R, c.G, c.B)
	}
}
