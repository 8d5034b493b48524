package train

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"

	"groundglass/annotate/ct"
	"groundglass/segment"
)

// Mask is a picture of class values, row-major; 0 is background.
type Mask struct {
	Pixels []uint8
	W, H   int
}

// ReadMask reads a PNG picture's values, 0..255; of colours and palettes, their
// grey, as COVID-SemiSeg counts them. Other formats would change values.
func ReadMask(path string) (*Mask, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m, err := decodeMask(f)
	if err != nil {
		return nil, fmt.Errorf("mask %s: %w", path, err)
	}
	return m, nil
}

func decodeMask(r io.ReadSeeker) (*Mask, error) {
	c, err := png.DecodeConfig(r)
	if err != nil {
		return nil, err
	}
	if c.Width > ct.MaxPixels/c.Height {
		return nil, fmt.Errorf("%dx%d pixels are too many", c.Width, c.Height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	picture, err := png.Decode(r)
	if err != nil {
		return nil, err
	}
	grey := image.NewGray(image.Rect(0, 0, c.Width, c.Height))
	draw.Draw(grey, grey.Rect, picture, picture.Bounds().Min, draw.Src)
	return &Mask{Pixels: grey.Pix, W: c.Width, H: c.Height}, nil
}

func (m *Mask) transposed() *Mask {
	return &Mask{Pixels: transpose(m.Pixels, m.W, m.H), W: m.H, H: m.W}
}

// crop gives the mean of a map of the mask's size in each cell of a side x side
// grid laid over box; nil of nil.
func (m *Mask) crop(values []uint8, box image.Rectangle, side int) []uint8 {
	if values == nil {
		return nil
	}
	v := make([]float32, box.Dx()*box.Dy())
	for y := range box.Dy() {
		for x := range box.Dx() {
			v[y*box.Dx()+x] = float32(values[(box.Min.Y+y)*m.W+box.Min.X+x]) / 255
		}
	}
	return quantize(segment.Resize(v, box.Dx(), box.Dy(), side, side, segment.Bilinear))
}
