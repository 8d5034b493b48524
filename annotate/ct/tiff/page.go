package tiff

import (
	"errors"
	"fmt"
	"io"
)

// page says what a directory describes.
func (d directory) page(r io.ReaderAt) Page {
	p := Page{dir: d}
	p.Problem = p.read(r)
	return p
}

// read fills a page from its directory and returns what speaks against decoding
// it.
func (p *Page) read(r io.ReaderAt) error {
	var subfile, planar, format int
	for _, f := range []struct {
		to     *int
		tag    uint16
		preset int
	}{
		{&p.W, tagWidth, 0}, {&p.H, tagHeight, 0}, {&p.Bits, tagBits, 1}, {&subfile, tagSubfile, 0},
		{&p.photometric, tagPhotometric, -1}, {&p.samples, tagSamples, 1}, {&p.compression, tagCompression, uncompressed},
		{&p.predictor, tagPredictor, 1}, {&planar, tagPlanar, 1}, {&format, tagSampleFormat, 1},
		{&p.blockW, tagTileWidth, 0}, {&p.blockH, tagTileHeight, 0},
	} {
		v, err := p.dir.first(r, f.tag, f.preset)
		if err != nil {
			return err
		}
		*f.to = v
	}
	p.Part = subfile&5 != 0
	p.Signed = format == 2
	if err := p.divide(r); err != nil {
		return err
	}
	return p.problem(planar, format)
}

// divide finds the size of the strips or tiles.
func (p *Page) divide(r io.ReaderAt) error {
	if p.W <= 0 || p.H <= 0 || p.W > MaxPixels/p.H {
		return fmt.Errorf("a picture of %dx%d pixels is too large (the limit is %d pixels)", p.W, p.H, MaxPixels)
	}
	p.tiled = p.blockW > 0 || p.blockH > 0
	if p.tiled {
		across, down := p.blocks()
		if p.blockW < 16 || p.blockH < 16 || p.blockW > MaxPixels/p.blockH || across*down > maxTiled/(p.blockW*p.blockH) {
			return fmt.Errorf("tiles of %dx%d pixels are not possible", p.blockW, p.blockH)
		}
		return nil
	}
	rows, err := p.dir.first(r, tagRowsPerStrip, p.H)
	if err != nil {
		return err
	}
	if rows <= 0 || rows > p.H {
		rows = p.H
	}
	p.blockW, p.blockH = p.W, rows
	return nil
}

// blocks is the number of strips or tiles side by side and below each other.
func (p *Page) blocks() (across, down int) {
	if p.blockW <= 0 || p.blockH <= 0 {
		return 0, 0
	}
	return (p.W + p.blockW - 1) / p.blockW, (p.H + p.blockH - 1) / p.blockH
}

// formats names sample formats other than unsigned and signed integers.
var formats = map[int]string{3: "floating-point numbers", 4: "values of an undefined kind", 5: "complex integers", 6: "complex numbers"}

// problem says why the page cannot be decoded; nil where it can.
func (p *Page) problem(planar, format int) error {
	name, odd := formats[format]
	switch {
	case odd:
		return errors.New("a TIFF picture of " + name + " is not supported")
	case p.Bits != 8 && p.Bits != 16, p.photometric == palette && p.Bits != 8, p.Signed && p.Bits != 16:
		return fmt.Errorf("a TIFF picture of %d bits a value is not supported", p.Bits)
	case p.photometric < whiteIsZero || p.photometric > palette:
		return errors.New("the TIFF picture is neither grey nor RGB")
	case p.photometric == rgb && (p.samples < 3 || p.samples > 4 || planar != 1 || p.Signed):
		return errors.New("the TIFF picture's colours are stored in a way that is not supported")
	case p.photometric != rgb && p.samples != 1:
		return fmt.Errorf("a grey TIFF picture with %d values a pixel is not supported", p.samples)
	case decoders[p.compression] == nil:
		return fmt.Errorf("TIFF compression %d%s is not supported", p.compression, compressions[p.compression])
	case p.predictor != 1 && p.predictor != 2:
		return fmt.Errorf("TIFF predictor %d is not supported", p.predictor)
	}
	return nil
}
