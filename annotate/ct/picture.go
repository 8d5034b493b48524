package ct

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	_ "image/jpeg" // registers the format
	_ "image/png"  // registers the format
	"io"
	"os"

	"groundglass/annotate/ct/tiff"
)

// ReadPicture reads a PNG, JPEG or TIFF file as a slice, of several pages the
// first. Black and white are taken as the edges of the lung window, whatever the
// number of bits, since pictures of CT say nothing of Hounsfield units, unless a
// window card (see [CardName]) lies beside the file. Colour is accepted only
// where it is grey.
func ReadPicture(path string) (*Slice, error) {
	scale, err := scaleFor(path)
	if err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, Plain(err)
	}
	defer f.Close()
	return decodePicture(f, scale)
}

// source is an opened file.
type source interface {
	io.ReadSeeker
	io.ReaderAt
}

// decodePicture reads a picture after its size is known to be tolerable.
func decodePicture(r source, scale greyScale) (*Slice, error) {
	m, signed, err := decodeImage(r)
	if err != nil {
		return nil, err
	}
	if signed {
		scale = scale.signed()
	}
	return scale.slice(m)
}

// decodeImage decodes a picture; signed tells that its values have 32768 added.
func decodeImage(r source) (m image.Image, signed bool, err error) {
	head := make([]byte, 8)
	if n, _ := r.ReadAt(head, 0); tiff.Is(head[:n]) {
		pages, _, err := usablePages(r)
		if len(pages) == 0 {
			return nil, false, err
		}
		m, err = pages[0].Decode(r)
		return m, pages[0].Signed, err
	}
	if _, err := pictureConfig(r); err != nil {
		return nil, false, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, false, err
	}
	if m, _, err = image.Decode(r); err != nil {
		return nil, false, fmt.Errorf("the picture is damaged: %w", err)
	}
	return m, false, nil
}

// config is what a picture's header says.
type config struct {
	w, h   int
	format string // "PNG", "JPEG" or "TIFF"
	values string // the kind of its values, as "8-bit"
}

// pictureConfig reads the header of a PNG or JPEG file alone and refuses
// pictures of absurd size.
func pictureConfig(r io.Reader) (config, error) {
	c, format, err := image.DecodeConfig(r)
	if err != nil {
		return config{}, fmt.Errorf("the picture is damaged: %w", err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > MaxPixels/c.Height {
		return config{}, fmt.Errorf("a picture of %dx%d pixels is too large (the limit is %d pixels)", c.Width, c.Height, MaxPixels)
	}
	values := eightBit
	switch c.ColorModel {
	case color.Gray16Model, color.RGBA64Model, color.NRGBA64Model:
		values = sixteenBit
	}
	return config{c.Width, c.Height, map[string]string{"png": "PNG", "jpeg": "JPEG"}[format], values}, nil
}

// isPicture tells PNG and JPEG files by their first bytes.
func isPicture(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")) || bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff})
}

// Colour noise of JPEG, and a few coloured marks, do not make a grey picture
// coloured.
const (
	greySpread  = 16 << 8 // largest difference of a grey pixel's channels, of 0xffff
	colourShare = 100     // one coloured pixel in so many is one too many
)

var errColour = errors.New("the picture is in colour; only grey pictures can be read as CT")

// fromColour fills s from a picture of any colour model, paletted ones too.
func (g greyScale) fromColour(s *Slice, m image.Image) error {
	b := m.Bounds()
	coloured := 0
	white := 255.0
	switch m.(type) {
	case *image.NRGBA64, *image.RGBA64:
		white = 0xffff
	}
	for y := range s.H {
		for x := range s.W {
			c := straight(m, b.Min.X+x, b.Min.Y+y)
			if max(c.R, c.G, c.B)-min(c.R, c.G, c.B) > greySpread {
				coloured++
			}
			grey := (299*uint32(c.R) + 587*uint32(c.G) + 114*uint32(c.B) + 500) / 1000
			s.HU[y*s.W+x] = g.hu(float64(grey)*white/0xffff, white)
		}
	}
	if coloured*colourShare > len(s.HU) {
		return errColour
	}
	return nil
}

// straight returns a pixel's colour with transparency ignored. An index beyond
// the palette is black.
func straight(m image.Image, x, y int) color.NRGBA64 {
	if p, ok := m.(*image.Paletted); ok {
		i := int(p.ColorIndexAt(x, y))
		if i >= len(p.Palette) {
			return color.NRGBA64{}
		}
		return color.NRGBA64Model.Convert(p.Palette[i]).(color.NRGBA64)
	}
	if n, ok := m.(*image.NRGBA); ok {
		c := n.NRGBAAt(x, y)
		return color.NRGBA64{R: uint16(c.R) * 0x101, G: uint16(c.G) * 0x101, B: uint16(c.B) * 0x101, A: 0xffff}
	}
	if n, ok := m.(*image.NRGBA64); ok {
		return n.NRGBA64At(x, y)
	}
	r, g, b, _ := m.At(x, y).RGBA() // JPEG and opaque PNG: nothing is premultiplied
	return color.NRGBA64{R: uint16(r), G: uint16(g), B: uint16(b), A: 0xffff}
}
