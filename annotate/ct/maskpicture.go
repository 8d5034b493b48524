package ct

import (
	"fmt"
	"image"
	"image/png"
	"io"
)

// DecodeMask decodes the picture of a mask: a PNG of at most MaxPixels pixels,
// since other formats change values. What the values mean is the caller's.
func DecodeMask(r io.ReadSeeker) (image.Image, error) {
	c, err := png.DecodeConfig(r)
	if err != nil {
		return nil, fmt.Errorf("a mask must be a PNG picture, since others change values: %w", err)
	}
	if c.Width > MaxPixels/c.Height {
		return nil, fmt.Errorf("a mask of %dx%d pixels is too large", c.Width, c.Height)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	m, err := png.Decode(r)
	if err != nil {
		return nil, fmt.Errorf("the mask is damaged: %w", err)
	}
	return m, nil
}
