package export

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
)

// maxFile is more than the bytes of the largest picture that is exported.
const maxFile = 64 << 20

// decodeGray decodes an 8-bit grey PNG of w x h pixels; it looks at the size
// before it takes memory. Its errors complete a sentence that begins with the
// file's name.
func decodeGray(data []byte, w, h int) (*image.Gray, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	if c.Width != w || c.Height != h {
		return nil, fmt.Errorf("has %dx%d pixels instead of %dx%d", c.Width, c.Height, w, h)
	}
	p, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("is damaged: %w", err)
	}
	g, ok := p.(*image.Gray)
	if !ok {
		return nil, errors.New("is not an 8-bit grey picture")
	}
	return g, nil
}
