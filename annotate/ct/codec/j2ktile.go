package codec

import (
	"errors"
	"math"
)

// j2kLevel is a resolution level of a tile (T.800 B.5), divided into precincts
// (B.6).
type j2kLevel struct {
	area
	precinctW, precinctH uint // exponents of the size of precincts
	across, down         int  // precincts in a row, rows of them
	bands                []j2kBand
	layers               []uint16 // how many layers of each precinct were read
}

// j2kBand is a subband.
type j2kBand struct {
	area
	orient    int     // 0 LL, 1 HL, 2 LH, 3 HH
	planes    int     // bit planes, Mb of T.800 E-2
	step      float32 // quantization step
	precincts []j2kPrecinct
}

// j2kPrecinct is a precinct's part of a subband, divided into code blocks (T.800
// B.7).
type j2kPrecinct struct {
	blocks           []j2kBlock // row by row
	included, planes tagTree    // first layer and number of missing bit planes of each
}

// j2kBlock is a code block and what the packets say of it.
type j2kBlock struct {
	x, y, w, h  int32 // in its subband
	included    bool
	missing     uint8 // bit planes that are all zero
	lengthBits  uint8 // Lblock of T.800 B.10.7
	passes      uint8
	room        uint8 // passes that the current segment still takes
	first, last int32 // its chunks; -1 without
}

var errManyBlocks = errors.New("JPEG 2000 with so many code blocks is not supported")

// layOut divides a tile into levels, subbands, precincts and code blocks. What
// these take is bounded by the tile's pixels.
func layOut(tile area, s *j2kSettings, precision int) ([]j2kLevel, error) {
	c := &s.coding
	if s.quant.n < 3*c.levels+1 {
		return nil, damaged("the quantization of some subbands is missing")
	}
	spare := 4096 + tile.width()*tile.height()/4 // precincts and blocks that may still be
	levels := make([]j2kLevel, c.levels+1)
	for r := range levels {
		l := &levels[r]
		l.area = tile.shrink(uint(c.levels - r))
		l.precinctW, l.precinctH = uint(c.precincts[r]&15), uint(c.precincts[r]>>4)
		if !l.empty() {
			l.across = ceilShift(l.x1, l.precinctW) - l.x0>>l.precinctW
			l.down = ceilShift(l.y1, l.precinctH) - l.y0>>l.precinctH
		}
		if spare -= l.across * l.down; spare < 0 {
			return nil, errManyBlocks
		}
		l.layers = make([]uint16, l.across*l.down)
		orients := []int{1, 2, 3}
		if r == 0 {
			orients = []int{0}
		}
		for _, orient := range orients {
			b := newBand(tile, s, r, orient, precision)
			if err := b.divide(l, c, r > 0, &spare); err != nil {
				return nil, err
			}
			l.bands = append(l.bands, b)
		}
	}
	return levels, nil
}

// newBand places a subband (T.800 B-15) of level r and finds its quantization
// (E-2, E-3).
func newBand(tile area, s *j2kSettings, r, orient, precision int) j2kBand {
	b := j2kBand{orient: orient}
	index := 0
	if r == 0 {
		b.area = tile.shrink(uint(s.coding.levels))
	} else {
		index = 3*(r-1) + orient
		n := uint(s.coding.levels - r + 1)
		dx, dy := (orient&1)<<(n-1), (orient>>1)<<(n-1)
		b.area = area{tile.x0 - dx, tile.y0 - dy, tile.x1 - dx, tile.y1 - dy}.shrink(n)
	}
	exponent := int(s.quant.exponent[index])
	b.planes = exponent + s.quant.guard - 1
	b.step = float32(math.Ldexp(1+float64(s.quant.mantissa[index])/2048, precision-exponent))
	return b
}

// divide makes the precincts of a subband and their code blocks. Those of a
// detail subband have half the size that their level states.
func (b *j2kBand) divide(l *j2kLevel, c *j2kCoding, detail bool, spare *int) error {
	w, h := l.precinctW, l.precinctH
	x, y := l.x0>>w, l.y0>>h
	if detail {
		w, h = w-1, h-1
	}
	b.precincts = make([]j2kPrecinct, l.across*l.down)
	for k := range b.precincts {
		px, py := (x+k%l.across)<<w, (y+k/l.across)<<h
		in := area{px, py, px + 1<<w, py + 1<<h}.intersect(b.area)
		if in.empty() {
			continue
		}
		if !b.precincts[k].divide(in, min(c.blockW, w), min(c.blockH, h), spare) {
			return errManyBlocks
		}
	}
	return nil
}

// divide makes the code blocks, of 2^w x 2^h pixels, of a precinct that covers
// in; false where there would be too many.
func (p *j2kPrecinct) divide(in area, w, h uint, spare *int) bool {
	x, y := in.x0>>w, in.y0>>h
	across, down := ceilShift(in.x1, w)-x, ceilShift(in.y1, h)-y
	if *spare -= across * down; *spare < 0 {
		return false
	}
	p.blocks = make([]j2kBlock, across*down)
	for i := range p.blocks {
		bx, by := (x+i%across)<<w, (y+i/across)<<h
		a := area{bx, by, bx + 1<<w, by + 1<<h}.intersect(in)
		p.blocks[i] = j2kBlock{
			x: int32(a.x0), y: int32(a.y0), w: int32(a.width()), h: int32(a.height()),
			lengthBits: 3, first: -1, last: -1,
		}
	}
	p.included, p.planes = newTagTree(across, down), newTagTree(across, down)
	return true
}
