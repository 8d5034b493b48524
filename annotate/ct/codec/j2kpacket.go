package codec

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Bits of the style of code blocks (T.800 table A.19). Predictable termination,
// 16, changes nothing for a decoder.
const (
	styleBypass   = 1
	styleReset    = 2
	styleEnd      = 4 // every pass ends its segment
	styleVertical = 8 // contexts do not look into the next stripe
	styleSymbols  = 32
	styleHT       = 64 // High Throughput (T.814)
	styleMixed    = 128
)

// maxPlanes is how many bit planes a coefficient may have.
const maxPlanes = 30

// maxPasses is how many coding passes a code block may have.
const maxPasses = 3*maxPlanes - 2

// chunk is what one packet adds to one segment of a code block.
type chunk struct {
	start, length int32 // in the tile's data
	next          int32 // chunk of the same block; -1 at the end
	passes        uint8
	fresh         bool // begins a segment
}

// packets reads the packets of a tile (T.800 B.9, B.10).
type packets struct {
	settings *j2kSettings
	levels   []j2kLevel
	data     []byte
	pos      int
	chunks   []chunk
	maximum  int  // chunks that may be
	cut      bool // the end of the codestream is missing
	work     *int // how many blocks and packets of the picture may still be looked at
}

var errWork = errors.New("JPEG 2000 with so many packets is not supported")

// readAll reads packets until all are read or the data ends.
func (t *packets) readAll(tile area) error {
	for id := range t.order(tile) {
		if *t.work--; *t.work < 0 {
			break
		}
		done := &t.levels[id.level].layers[id.precinct]
		if int(*done) != id.layer {
			continue // an earlier progression had it
		}
		if t.pos >= len(t.data) {
			if t.cut {
				return errShort
			}
			return nil // whoever ended it so gave up some quality
		}
		if err := t.read(id); err != nil {
			return err
		}
		*done++
	}
	if *t.work < 0 {
		return errWork
	}
	return nil
}

// read reads one packet: which blocks it adds to, then the bytes.
func (t *packets) read(id packetID) error {
	c := &t.settings.coding
	if c.sop && t.marker() == mSOP {
		t.pos += 6
	}
	b := packetBits{data: t.data, pos: min(t.pos, len(t.data))}
	first := len(t.chunks)
	if b.bit() != 0 {
		for i := range t.levels[id.level].bands {
			p := &t.levels[id.level].bands[i].precincts[id.precinct]
			if err := t.readHeader(&b, p, id.layer); err != nil {
				return err
			}
		}
	}
	t.pos = b.end()
	if c.eph && t.marker() == mEPH {
		t.pos += 2
	}
	for i := range t.chunks[first:] {
		c := &t.chunks[first+i]
		if int(c.length) > len(t.data)-t.pos {
			return errShort
		}
		c.start = int32(t.pos)
		t.pos += int(c.length)
	}
	return nil
}

// marker returns the two bytes that come next.
func (t *packets) marker() uint16 {
	if t.pos+2 > len(t.data) {
		return 0
	}
	return binary.BigEndian.Uint16(t.data[t.pos:])
}

// readHeader reads a precinct's part of a packet header.
func (t *packets) readHeader(b *packetBits, p *j2kPrecinct, layer int) error {
	if *t.work -= len(p.blocks); *t.work < 0 {
		return errWork
	}
	for i := range p.blocks {
		k := &p.blocks[i]
		if !k.included {
			if !p.included.below(b, i, int32(layer+1)) {
				continue
			}
			for !p.planes.below(b, i, int32(k.missing)+1) {
				if k.missing++; k.missing > 80 {
					return damaged("a code block lacks more than 80 bit planes")
				}
			}
			k.included = true
		} else if b.bit() == 0 {
			continue
		}
		if err := t.contribution(b, k); err != nil {
			return err
		}
		if b.over {
			return errShort
		}
	}
	return nil
}

// contribution reads how many passes a packet adds to a block and how many
// bytes these take (T.800 B.10.6, B.10.7).
func (t *packets) contribution(b *packetBits, k *j2kBlock) error {
	left := b.passes()
	for b.bit() != 0 {
		if k.lengthBits++; k.lengthBits > 31 {
			return damaged("a length has more than 31 bits")
		}
	}
	if t.settings.coding.style&styleHT != 0 && int(k.passes)+left > 3 {
		return errors.New("High-Throughput JPEG 2000 with several sets of passes is not supported")
	}
	if int(k.passes)+left > maxPasses {
		return damaged("a code block has more than %d coding passes", maxPasses)
	}
	for left > 0 {
		c := chunk{next: -1}
		if k.room == 0 {
			c.fresh, k.room = true, t.segmentPasses(int(k.passes))
		}
		c.passes = uint8(min(left, int(k.room)))
		length := b.number(int(k.lengthBits) + bits.Len8(c.passes) - 1)
		if length > len(t.data) {
			return errShort
		}
		c.length = int32(length)
		k.passes += c.passes
		k.room -= c.passes
		left -= int(c.passes)
		if err := t.append(k, c); err != nil {
			return err
		}
	}
	return nil
}

// segmentPasses is how many passes the segment has that begins behind so many
// passes (T.800 table D.9).
func (t *packets) segmentPasses(done int) uint8 {
	style := t.settings.coding.style
	switch {
	case style&styleHT != 0 && done > 0:
		return 2
	case style&(styleHT|styleEnd) != 0:
		return 1
	case style&styleBypass == 0:
		return maxPasses
	case done == 0:
		return 10
	case (done-10)%3 == 0:
		return 2
	}
	return 1
}

// append adds a chunk to those of a block.
func (t *packets) append(k *j2kBlock, c chunk) error {
	if len(t.chunks) >= t.maximum {
		return errWork
	}
	at := int32(len(t.chunks))
	if k.first < 0 {
		k.first = at
	} else {
		t.chunks[k.last].next = at
	}
	k.last = at
	t.chunks = append(t.chunks, c)
	return nil
}

// packetBits reads the bits of a packet header, where one zero bit is stuffed
// behind a byte FF (T.800 B.10.1).
type packetBits struct {
	data []byte
	pos  int
	last byte
	n    uint // bits of last that are left
	over bool // bits were read behind the end
}

func (b *packetBits) bit() int {
	if b.n == 0 {
		b.n = 8
		if b.last == 0xff {
			b.n = 7
		}
		b.last = 0
		if b.pos < len(b.data) {
			b.last = b.data[b.pos]
		} else {
			b.over = true
		}
		b.pos++
	}
	b.n--
	return int(b.last >> b.n & 1)
}

func (b *packetBits) number(n int) (v int) {
	for range n {
		v = v<<1 | b.bit()
	}
	return v
}

// passes reads a number of coding passes (T.800 table B.4).
func (b *packetBits) passes() int {
	if b.bit() == 0 {
		return 1
	}
	if b.bit() == 0 {
		return 2
	}
	if n := b.number(2); n < 3 {
		return 3 + n
	}
	if n := b.number(5); n < 31 {
		return 6 + n
	}
	return 37 + b.number(7)
}

// end is where the bytes behind the header begin.
func (b *packetBits) end() int {
	if b.last == 0xff {
		b.pos++
	}
	return min(b.pos, len(b.data))
}
