package tiff

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
)

// Tags of TIFF 6.0.
const (
	tagSubfile         = 254
	tagWidth           = 256
	tagHeight          = 257
	tagBits            = 258
	tagCompression     = 259
	tagPhotometric     = 262
	tagStripOffsets    = 273
	tagSamples         = 277
	tagRowsPerStrip    = 278
	tagStripByteCounts = 279
	tagPlanar          = 284
	tagPredictor       = 317
	tagColorMap        = 320
	tagTileWidth       = 322
	tagTileHeight      = 323
	tagTileOffsets     = 324
	tagTileByteCounts  = 325
	tagSampleFormat    = 339
)

// Values of the photometric interpretation.
const (
	whiteIsZero = iota
	blackIsZero
	rgb
	palette
)

// known are the tags that are kept.
var known = map[uint16]bool{
	tagSubfile: true, tagWidth: true, tagHeight: true, tagBits: true, tagCompression: true, tagPhotometric: true,
	tagStripOffsets: true, tagSamples: true, tagRowsPerStrip: true, tagStripByteCounts: true, tagPlanar: true,
	tagPredictor: true, tagColorMap: true, tagTileWidth: true, tagTileHeight: true, tagTileOffsets: true,
	tagTileByteCounts: true, tagSampleFormat: true,
}

// directory is the entries of a page, each of twelve bytes, by tag.
type directory struct {
	order   binary.ByteOrder
	entries map[uint16][]byte
}

// readDirectory reads the directory at an offset and where the next one is.
func readDirectory(r io.ReaderAt, o binary.ByteOrder, at int64) (d directory, next uint32, err error) {
	b := make([]byte, 2)
	if _, err := r.ReadAt(b, at); err != nil {
		return d, 0, cut(err)
	}
	n := int(o.Uint16(b))
	if n == 0 || n > maxEntries {
		return d, 0, fmt.Errorf("a page of the TIFF file has %d entries", n)
	}
	b = make([]byte, 12*n+4)
	if _, err := r.ReadAt(b, at+2); err != nil {
		return d, 0, cut(err)
	}
	d = directory{o, map[uint16][]byte{}}
	for i := range n {
		e := b[12*i:][:12]
		if tag := o.Uint16(e); known[tag] && d.entries[tag] == nil {
			d.entries[tag] = bytes.Clone(e)
		}
	}
	return d, o.Uint32(b[12*n:]), nil
}

// sizes are the bytes of a value of the types BYTE, SHORT and LONG.
var sizes = map[uint16]int{1: 1, 3: 2, 4: 4}

// first returns an entry's first value; preset where there is no such entry.
func (d directory) first(r io.ReaderAt, tag uint16, preset int) (int, error) {
	if d.entries[tag] == nil {
		return preset, nil
	}
	v, err := d.values(r, tag, 1)
	if err != nil {
		return 0, err
	}
	return int(v[0]), nil
}

// values returns the first n values of an entry; it is an error if it has less.
func (d directory) values(r io.ReaderAt, tag uint16, n int) ([]uint32, error) {
	e := d.entries[tag]
	if e == nil {
		return nil, fmt.Errorf("the TIFF file lacks its entry %d", tag)
	}
	size, count := sizes[d.order.Uint16(e[2:])], int64(d.order.Uint32(e[4:]))
	if size == 0 || count < int64(n) {
		return nil, fmt.Errorf("entry %d of the TIFF file has %d values instead of %d", tag, count, n)
	}
	b := e[8:12]
	if count*int64(size) > 4 {
		b = make([]byte, n*size)
		if _, err := r.ReadAt(b, int64(d.order.Uint32(e[8:]))); err != nil {
			return nil, cut(err)
		}
	}
	v := make([]uint32, n)
	for i := range v {
		switch size {
		case 1:
			v[i] = uint32(b[i])
		case 2:
			v[i] = uint32(d.order.Uint16(b[2*i:]))
		default:
			v[i] = d.order.Uint32(b[4*i:])
		}
	}
	return v, nil
}
