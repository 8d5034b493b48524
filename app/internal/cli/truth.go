package cli

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"

	"groundglass/annotate/ct"
)

// readSlice reads a file of one slice.
func readSlice(ctx context.Context, path string) (*ct.Slice, error) {
	found, err := ct.Open(ctx, []string{path}, nil)
	if err != nil {
		return nil, err
	}
	if err := nothing([]string{path}, found); err != nil {
		return nil, err
	}
	if len(found.Series) > 1 || found.Series[0].Len() > 1 {
		return nil, fmt.Errorf("%s holds several slices where one is needed", path)
	}
	return found.Series[0].Slice(0)
}

// readMask reads a mask of w by h pixels, row by row: 1 is foreground, whatever is not black, and 0 background.
func readMask(path string) (truth []uint8, w, h int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, 0, err
	}
	defer f.Close()
	if truth, w, h, err = decodeMask(f); err != nil {
		return nil, 0, 0, fmt.Errorf("%s: %w", path, err)
	}
	return truth, w, h, nil
}

func decodeMask(r io.ReadSeeker) (truth []uint8, w, h int, err error) {
	c, err := png.DecodeConfig(r)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("a mask must be a PNG picture, since others change values: %w", err)
	}
	if c.Width > ct.MaxPixels/c.Height {
		return nil, 0, 0, fmt.Errorf("a mask of %dx%d pixels is too large", c.Width, c.Height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, 0, 0, err
	}
	m, err := png.Decode(r)
	if err != nil {
		return nil, 0, 0, fmt.Errorf("the mask is damaged: %w", err)
	}
	return foreground(m), c.Width, c.Height, nil
}

// foreground is 1 where a picture is neither black nor transparent.
func foreground(m image.Image) []uint8 {
	b := m.Bounds()
	out := make([]uint8, 0, b.Dx()*b.Dy())
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			var v uint8
			if lit(m, x, y) {
				v = 1
			}
			out = append(out, v)
		}
	}
	return out
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
