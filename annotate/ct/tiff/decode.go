package tiff

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"io"
)

// Decode reads a page as an image.Gray or image.Gray16, an image.Paletted, or,
// of RGB, an image.NRGBA or image.NRGBA64 without transparency. White is the
// highest value, whichever way the file stores it.
func (p *Page) Decode(r io.ReaderAt) (image.Image, error) {
	if p.Problem != nil {
		return nil, p.Problem
	}
	size := p.samples * p.Bits / 8 // bytes a pixel
	pix, err := p.pixels(r, size)
	if err != nil {
		return nil, err
	}
	if p.Bits == 16 {
		p.bigEndian(pix)
	}
	box := image.Rect(0, 0, p.W, p.H)
	switch {
	case p.photometric == palette:
		colours, err := p.palette(r)
		if err != nil {
			return nil, err
		}
		return &image.Paletted{Pix: pix, Stride: p.W, Rect: box, Palette: colours}, nil
	case p.photometric == rgb:
		return p.colours(pix, box), nil
	case p.photometric == whiteIsZero:
		for i := range pix {
			pix[i] ^= 0xff
		}
	}
	if p.Bits == 8 {
		return &image.Gray{Pix: pix, Stride: p.W, Rect: box}, nil
	}
	return &image.Gray16{Pix: pix, Stride: 2 * p.W, Rect: box}, nil
}

// pixels puts the strips or tiles together, in the file's byte order.
func (p *Page) pixels(r io.ReaderAt, size int) ([]byte, error) {
	across, down := p.blocks()
	offsets, counts := uint16(tagStripOffsets), uint16(tagStripByteCounts)
	if p.tiled {
		offsets, counts = tagTileOffsets, tagTileByteCounts
	}
	at, err := p.dir.values(r, offsets, across*down)
	if err != nil {
		return nil, err
	}
	length, err := p.dir.values(r, counts, across*down)
	if err != nil {
		return nil, err
	}
	pix := make([]byte, p.W*p.H*size)
	block := make([]byte, p.blockW*p.blockH*size)
	for i := range at {
		x, y := i%across*p.blockW, i/across*p.blockH
		h := min(p.blockH, p.H-y)
		part := block
		if !p.tiled {
			part = block[:p.blockW*h*size]
		}
		if err := decoders[p.compression](io.NewSectionReader(r, int64(at[i]), int64(length[i])), part); err != nil {
			return nil, fmt.Errorf("the TIFF picture is damaged: %w", cut(err))
		}
		if p.predictor == 2 {
			p.predict(part)
		}
		for row := range h {
			copy(pix[((y+row)*p.W+x)*size:][:min(p.blockW, p.W-x)*size], part[row*p.blockW*size:])
		}
	}
	return pix, nil
}

// predict undoes horizontal differencing in the rows of a block.
func (p *Page) predict(b []byte) {
	line := p.blockW * p.samples
	for ; len(b) > 0; b = b[line*p.Bits/8:] {
		for i := p.samples; i < line; i++ {
			if p.Bits == 8 {
				b[i] += b[i-p.samples]
				continue
			}
			o := p.dir.order
			o.PutUint16(b[2*i:], o.Uint16(b[2*i:])+o.Uint16(b[2*(i-p.samples):]))
		}
	}
}

// bigEndian brings 16-bit values into the byte order of the image package, and
// signed ones into the order of unsigned ones.
func (p *Page) bigEndian(pix []byte) {
	for i := 0; i < len(pix); i += 2 {
		v := p.dir.order.Uint16(pix[i:])
		if p.Signed {
			v ^= 0x8000
		}
		binary.BigEndian.PutUint16(pix[i:], v)
	}
}

// palette reads the colours, all reds first. Of their 16 bits the upper eight
// count, since writers fill the lower ones with zeros or with the upper again.
func (p *Page) palette(r io.ReaderAt) (color.Palette, error) {
	n := 1 << p.Bits
	v, err := p.dir.values(r, tagColorMap, 3*n)
	if err != nil {
		return nil, err
	}
	colours := make(color.Palette, n)
	for i := range colours {
		colours[i] = color.NRGBA{R: uint8(v[i] >> 8), G: uint8(v[i+n] >> 8), B: uint8(v[i+2*n] >> 8), A: 0xff}
	}
	return colours, nil
}

// colours makes a picture of RGB, of which a fourth channel is dropped.
func (p *Page) colours(pix []byte, box image.Rectangle) image.Image {
	bytes := p.Bits / 8
	out := make([]byte, 0, 4*bytes*p.W*p.H)
	for ; len(pix) > 0; pix = pix[p.samples*bytes:] {
		out = append(out, pix[:3*bytes]...)
		for range bytes {
			out = append(out, 0xff)
		}
	}
	if p.Bits == 8 {
		return &image.NRGBA{Pix: out, Stride: 4 * p.W, Rect: box}
	}
	return &image.NRGBA64{Pix: out, Stride: 8 * p.W, Rect: box}
}
