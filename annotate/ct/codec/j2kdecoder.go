package codec

import (
	"bytes"
	"errors"
	"math"
)

// j2kDecoder decodes the tiles of a picture one after the other.
type j2kDecoder struct {
	block   blockDecoder
	segment []byte    // a segment that lies in several packets
	ints    []int32   // coefficients of the tile, then its pixels
	floats  []float32 // the same, for the 9/7 wavelet
	scratch []int32
	rows    []float32
	work    int
}

// decode decodes tile i into the picture.
func (d *j2kDecoder) decode(h *j2kHeader, i int, out []int32) error {
	t := &h.tiles[i]
	tile := h.size.tile(i)
	data := t.parts[0]
	if len(t.parts) > 1 {
		data = bytes.Join(t.parts, nil)
	}
	if len(data) > math.MaxInt32 {
		return errors.New("JPEG 2000 data of more than 2 GB is not supported")
	}
	if t.settings.region > 0 && t.settings.coding.style&styleHT != 0 {
		return errors.New("High-Throughput JPEG 2000 with a region of interest is not supported")
	}
	levels, err := layOut(tile, t.settings, h.size.precision)
	if err != nil {
		return err
	}
	if i == 0 {
		d.work = 1<<24 + 2*len(out)
	}
	p := packets{
		settings: t.settings, levels: levels, data: data, cut: !h.ended,
		maximum: 4096 + 6*tile.width()*tile.height(), work: &d.work,
	}
	if err := p.readAll(tile); err != nil {
		return err
	}
	if err := d.coefficients(&p, tile); err != nil {
		return err
	}
	d.synthesize(levels, tile, t.settings.coding.reversible)
	h.size.store(d.ints, tile, out)
	return nil
}

// coefficients decodes all code blocks of a tile. Subbands lie beside each
// other so that each level's fill the upper left corner.
func (d *j2kDecoder) coefficients(p *packets, tile area) error {
	n := tile.width() * tile.height()
	d.ints = cleared(d.ints, n)
	if !p.settings.coding.reversible {
		d.floats = cleared(d.floats, n)
	}
	for r := range p.levels {
		for i := range p.levels[r].bands {
			b := &p.levels[r].bands[i]
			x, y := -b.x0, -b.y0
			if b.orient&1 != 0 {
				x += p.levels[r-1].width()
			}
			if b.orient&2 != 0 {
				y += p.levels[r-1].height()
			}
			if err := d.band(p, b, y*tile.width()+x, tile.width()); err != nil {
				return err
			}
		}
	}
	return nil
}

// cleared returns a slice of n zeros, the given one if it is large enough.
func cleared[T int32 | float32](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// band decodes the code blocks of a subband whose coefficient at 0,0 would lie
// at the given offset.
func (d *j2kDecoder) band(p *packets, b *j2kBand, offset, stride int) error {
	for i := range b.precincts {
		for j := range b.precincts[i].blocks {
			k := &b.precincts[i].blocks[j]
			if k.first < 0 {
				continue
			}
			planes := p.settings.region + b.planes - int(k.missing)
			if planes < 1 || planes > maxPlanes {
				return damaged("a code block has %d bit planes", planes)
			}
			d.block.reset(int(k.w), int(k.h), b.orient, planes, p.settings.coding.style)
			if err := d.passes(p, k); err != nil {
				return err
			}
			if s := p.settings.region; s > 0 {
				lowerRegion(d.block.values, uint(s))
			}
			d.place(b, offset+int(k.y)*stride+int(k.x), stride, p.settings.coding.reversible)
		}
	}
	return nil
}

// passes decodes a block's segments, each of which may lie in several chunks.
func (d *j2kDecoder) passes(p *packets, k *j2kBlock) error {
	done := 0
	for at := k.first; at >= 0; {
		c := &p.chunks[at]
		data, passes := p.data[c.start:][:c.length], int(c.passes)
		joined := false
		for at = c.next; at >= 0 && !p.chunks[at].fresh; at = p.chunks[at].next {
			c = &p.chunks[at]
			if !joined {
				d.segment, joined = append(d.segment[:0], data...), true
			}
			d.segment = append(d.segment, p.data[c.start:][:c.length]...)
			passes += int(c.passes)
		}
		if joined {
			data = d.segment
		}
		if p.settings.coding.style&styleHT == 0 {
			d.block.segment(data, done, passes)
		} else if err := d.block.highThroughput(data, done, passes, int(k.missing)); err != nil {
			return err
		}
		done += passes
	}
	return nil
}

// lowerRegion shifts the coefficients of a region of interest, which are those
// above all others, back (T.800 H.1).
func lowerRegion(values []int32, shift uint) {
	if shift > 31 {
		return // no coefficient has so many bits
	}
	for i, v := range values {
		if m := max(v, -v); m >= 1<<shift {
			if m >>= shift; v < 0 {
				m = -m
			}
			values[i] = m
		}
	}
}

// place dequantizes the decoded block's coefficients (T.800 E.1) and puts them
// where they belong.
func (d *j2kDecoder) place(b *j2kBand, at, stride int, reversible bool) {
	w := d.block.w
	for y := range d.block.h {
		values := d.block.values[y*w:][:w]
		if reversible {
			to := d.ints[at+y*stride:][:w]
			for x, v := range values {
				to[x] = v / 2
			}
			continue
		}
		to := d.floats[at+y*stride:][:w]
		for x, v := range values {
			to[x] = float32(v) * (b.step * 0.5)
		}
	}
}

// synthesize turns coefficients into pixels.
func (d *j2kDecoder) synthesize(levels []j2kLevel, tile area, reversible bool) {
	if reversible {
		d.scratch = cleared(d.scratch, len(d.ints))
		inverseWavelet(wavelet53, d.ints, d.scratch, tile.width(), levels)
		return
	}
	d.rows = cleared(d.rows, len(d.floats))
	inverseWavelet(wavelet97, d.floats, d.rows, tile.width(), levels)
	for i, v := range d.floats {
		d.ints[i] = int32(math.RoundToEven(float64(v)))
	}
}

// store shifts a tile's pixels to unsigned values where they are so (T.800
// G.1.2), limits them to the precision, and puts them into the picture.
func (z *j2kSize) store(pixels []int32, tile area, out []int32) {
	middle := int32(1) << (z.precision - 1)
	low, high := int32(0), 2*middle-1
	if z.signed {
		low, high, middle = -middle, middle-1, 0
	}
	w := tile.width()
	for y := range tile.height() {
		to := out[(tile.y0+y-z.picture.y0)*z.picture.width()+tile.x0-z.picture.x0:][:w]
		for x, v := range pixels[y*w:][:w] {
			to[x] = min(high, max(low, v+middle))
		}
	}
}
