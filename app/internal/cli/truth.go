package cli

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"io"
	"os"

	"groundglass/annotate/ct"
)

// readSlice reads a file of one slice, and the mm between its columns and between its rows, 0 where the file does not say.
func readSlice(ctx context.Context, path string) (s *ct.Slice, spacing [2]float64, err error) {
	found, err := ct.Open(ctx, []string{path}, nil)
	if err != nil {
		return nil, spacing, err
	}
	if err := nothing([]string{path}, found); err != nil {
		return nil, spacing, err
	}
	if len(found.Series) > 1 || found.Series[0].Len() > 1 {
		return nil, spacing, fmt.Errorf("%s holds several slices where one is needed", path)
	}
	if g := found.Series[0].Geometry; g.Known {
		spacing = [2]float64{g.Spacing[1], g.Spacing[0]}
	}
	s, err = found.Series[0].Slice(0)
	return s, spacing, err
}

// readMask reads a mask of w by h pixels, row by row: 1 is foreground, and 0 background. Foreground are the given grey
// values, or whatever is not black where none is given.
func readMask(path string, values greyValues) (truth []uint8, w, h int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, 0, err
	}
	defer f.Close()
	if truth, w, h, err = decodeMask(f, values); err != nil {
		return nil, 0, 0, fmt.Errorf("%s: %w", path, err)
	}
	return truth, w, h, nil
}

func decodeMask(r io.ReadSeeker, values greyValues) (truth []uint8, w, h int, err error) {
	m, err := ct.DecodeMask(r)
	if err != nil {
		return nil, 0, 0, err
	}
	return foreground(m, values), m.Bounds().Dx(), m.Bounds().Dy(), nil
}

// foreground is 1 where a picture has one of the grey values; without any, where it is neither black nor transparent.
func foreground(m image.Image, values greyValues) []uint8 {
	is := lit
	if len(values) > 0 {
		is = func(m image.Image, x, y int) bool { return values.has(greyOf(m, x, y)) }
	}
	b := m.Bounds()
	out := make([]uint8, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			var v uint8
			if is(m, x, y) {
				v = 1
			}
			out = append(out, v)
		}
	}
	return out
}

// greyOf is the grey value of a pixel: as stored in grey pictures of 8 or 16 bits, and else of its colour, 0 to 255, by the
// weights of ITU-R BT.601, as Pillow converts to "L". So dark red, the first colour of a PASCAL VOC palette, is 38.
func greyOf(m image.Image, x, y int) uint16 {
	switch m := m.(type) {
	case *image.Gray:
		return uint16(m.GrayAt(x, y).Y)
	case *image.Gray16:
		return m.Gray16At(x, y).Y
	case *image.Paletted:
		if int(m.ColorIndexAt(x, y)) >= len(m.Palette) {
			return 0
		}
	}
	return uint16(color.GrayModel.Convert(m.At(x, y)).(color.Gray).Y)
}

func lit(m image.Image, x, y int) bool {
	switch m := m.(type) {
	case *image.Gray:
		return m.GrayAt(x, y).Y > 0
	case *image.Paletted:
		i := int(m.ColorIndexAt(x, y))
		return i < len(m.Palette) && coloured(m.Palette[i])
	}
	return coloured(m.At(x, y))
}

func coloured(c color.Color) bool {
	r, g, b, _ := c.RGBA()
	return r|g|b > 0
}
