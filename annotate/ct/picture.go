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
	"math"
	"os"
)

// ReadPicture reads a PNG or JPEG file as a slice. Black and white are taken as
// the edges of the lung window, whatever the number of bits, since pictures of
// CT say nothing of Hounsfield units. Colour is accepted only where it is grey.
func ReadPicture(path string) (*Slice, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, plain(err)
	}
	defer f.Close()
	return decodePicture(f)
}

// decodePicture reads a picture after its size is known to be tolerable.
func decodePicture(r io.ReadSeeker) (*Slice, error) {
	if _, err := pictureConfig(r); err != nil {
		return nil, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, _, err := image.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("the picture is damaged: %w", err)
	}
	return fromImage(m)
}

// config is what a picture's header says.
type config struct {
	w, h   int
	format string // "PNG" or "JPEG"
}

// pictureConfig reads the header alone and refuses pictures of absurd size.
func pictureConfig(r io.Reader) (config, error) {
	c, format, err := image.DecodeConfig(r)
	if err != nil {
		return config{}, fmt.Errorf("the picture is damaged: %w", err)
	}
	if c.Width <= 0 || c.Height <= 0 || c.Width > MaxPixels/c.Height {
		return config{}, fmt.Errorf("a picture of %dx%d pixels is too large (the limit is %d pixels)", c.Width, c.Height, MaxPixels)
	}
	return config{c.Width, c.Height, map[string]string{"png": "PNG", "jpeg": "JPEG"}[format]}, nil
}

// isPicture tells PNG and JPEG files by their first bytes.
func isPicture(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\x89PNG\r\n\x1a\n")) || bytes.HasPrefix(head, []byte{0xff, 0xd8, 0xff})
}

// lungTable maps 8-bit grey values to Hounsfield units, so that Lung.Unit times
// 255 rounds back to the same value.
var lungTable = func() (t [256]int16) {
	for v := range t {
		t[v] = lungHU(float64(v) / 255)
	}
	return t
}()

func lungHU(unit float64) int16 {
	return int16(math.Round(unit*Lung.Width + Lung.Level - Lung.Width/2))
}

func fromImage(m image.Image) (*Slice, error) {
	b := m.Bounds()
	s := &Slice{HU: make([]int16, b.Dx()*b.Dy()), W: b.Dx(), H: b.Dy()}
	switch m := m.(type) {
	case *image.Gray:
		for y := range s.H {
			line := m.Pix[y*m.Stride:][:s.W]
			for x, v := range line {
				s.HU[y*s.W+x] = lungTable[v]
			}
		}
	case *image.Gray16:
		for y := range s.H {
			line := m.Pix[y*m.Stride:][:2*s.W]
			for x := range s.W {
				s.HU[y*s.W+x] = lungHU(float64(uint16(line[2*x])<<8|uint16(line[2*x+1])) / 0xffff)
			}
		}
	default:
		if err := fromColour(s, m); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Colour noise of JPEG, and a few coloured marks, do not make a grey picture
// coloured.
const (
	greySpread  = 16 << 8 // largest difference of a grey pixel's channels, of 0xffff
	colourShare = 100     // one coloured pixel in so many is one too many
)

var errColour = errors.New("the picture is in colour; only grey pictures can be read as CT")

// fromColour fills s from a picture of any colour model, paletted ones too.
func fromColour(s *Slice, m image.Image) error {
	b := m.Bounds()
	coloured := 0
	for y := range s.H {
		for x := range s.W {
			c := straight(m, b.Min.X+x, b.Min.Y+y)
			if max(c.R, c.G, c.B)-min(c.R, c.G, c.B) > greySpread {
				coloured++
			}
			grey := (299*uint32(c.R) + 587*uint32(c.G) + 114*uint32(c.B) + 500) / 1000
			s.HU[y*s.W+x] = lungHU(float64(grey) / 0xffff)
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
