package cli

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"groundglass/annotate/ct"
)

// pair is an image and its true mask.
type pair struct {
	image, mask, group string // group "" is none
	line               int    // in the CSV
}

// readPairs reads a CSV with the columns image, mask and group, in any order and any case; others are passed over. All
// files are looked for before anything is measured.
func readPairs(path string) ([]pair, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pairs, err := parsePairs(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for i := range pairs {
		q := &pairs[i]
		for _, file := range []*string{&q.image, &q.mask} {
			if *file, err = resolve(filepath.Dir(path), *file); err != nil {
				return nil, fmt.Errorf("%s, line %d: %w", path, q.line, err)
			}
		}
	}
	return pairs, nil
}

// resolve finds a file named in a CSV of a folder.
func resolve(folder, file string) (string, error) {
	near := file
	if !filepath.IsAbs(file) {
		near = filepath.Join(folder, file)
	}
	for _, path := range []string{near, file} {
		if info, err := os.Stat(path); err == nil {
			if info.IsDir() {
				return "", fmt.Errorf("%s is a folder, not a file", path)
			}
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: no such file", near)
}

func parsePairs(r io.Reader) ([]pair, error) {
	b := bufio.NewReader(r)
	if mark, err := b.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = b.Discard(len(mark))
	}
	c := csv.NewReader(b)
	c.TrimLeadingSpace = true
	header, err := c.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("the file is empty; a header with the columns image and mask is needed")
	} else if err != nil {
		return nil, err
	}
	column := map[string]int{}
	for i, name := range header {
		column[strings.ToLower(strings.TrimSpace(name))] = i
	}
	image, ok := column["image"]
	mask, both := column["mask"]
	if !ok || !both {
		return nil, fmt.Errorf("the header is %q; it must have the columns image and mask", strings.Join(header, ","))
	}
	group, grouped := column["group"]
	var pairs []pair
	for {
		record, err := c.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		line, _ := c.FieldPos(0)
		q := pair{image: strings.TrimSpace(record[image]), mask: strings.TrimSpace(record[mask]), line: line}
		if grouped {
			q.group = strings.TrimSpace(record[group])
		}
		if q.image == "" || q.mask == "" {
			return nil, fmt.Errorf("line %d names no image or no mask", line)
		}
		pairs = append(pairs, q)
	}
	if len(pairs) == 0 {
		return nil, errors.New("there are no pairs below the header")
	}
	return pairs, nil
}

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
