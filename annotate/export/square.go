package export

import (
	"image"

	"golang.org/x/image/draw"
)

// The least and the largest side, in pixels, to which pictures are resampled: a square of
// the largest has no more pixels than a slice may have.
const (
	MinSquare = 16
	MaxSquare = 4096
)

// resampled is a plane of values, w to a row, on the grid of files: each pixel has the
// value of the one that its centre lies in.
func (o *Options) resampled(p []uint8, w int) []uint8 {
	side := o.Square
	if side == 0 {
		return p
	}
	out, h := make([]uint8, 0, side*side), len(p)/w
	for y := range side {
		row := p[(2*y+1)*h/(2*side)*w:][:w]
		for x := range side {
			out = append(out, row[(2*x+1)*w/(2*side)])
		}
	}
	return out
}

// resampledPicture is a grey picture on the grid of files: linear between pixels, and
// the mean of those that a smaller picture's pixel covers, weighted by their nearness.
func (o *Options) resampledPicture(g *image.Gray) *image.Gray {
	if o.Square == 0 {
		return g
	}
	out := image.NewGray(image.Rect(0, 0, o.Square, o.Square))
	draw.BiLinear.Scale(out, out.Rect, g, g.Rect, draw.Src, nil)
	return out
}
