package train

import (
	"fmt"
	"image"
	"image/draw"
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
	picture, err := ct.DecodeMask(f)
	if err != nil {
		return nil, fmt.Errorf("mask %s: %w", path, err)
	}
	b := picture.Bounds()
	grey := image.NewGray(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(grey, grey.Rect, picture, b.Min, draw.Src)
	return &Mask{Pixels: grey.Pix, W: b.Dx(), H: b.Dy()}, nil
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
