package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Markers of a codestream (T.800 table A.2).
const (
	mSOC = 0xff4f
	mCAP = 0xff50
	mSIZ = 0xff51
	mCOD = 0xff52
	mCOC = 0xff53
	mQCD = 0xff5c
	mQCC = 0xff5d
	mRGN = 0xff5e
	mPOC = 0xff5f
	mPPM = 0xff60
	mPPT = 0xff61
	mSOT = 0xff90
	mSOP = 0xff91
	mEPH = 0xff92
	mSOD = 0xff93
	mEOC = 0xffd9
)

// j2kHeader is what a codestream says, and where its tiles are.
type j2kHeader struct {
	size  j2kSize
	main  j2kSettings
	tiles []j2kTile
	ended bool   // the marker that ends the codestream is there
	data  []byte // not read yet
}

// j2kSize is the picture's place on the reference grid and its tiling (T.800
// A.5.1, B.2, B.3).
type j2kSize struct {
	picture       area
	tileX, tileY  int // corner of the first tile
	tileW, tileH  int
	across, tiles int // tiles in a row, in all
	precision     int
	signed        bool
}

// j2kTile is what the tile-parts of one tile hold.
type j2kTile struct {
	settings *j2kSettings // nil before the first tile-part
	parts    [][]byte
}

// parseJ2K reads a codestream's headers and finds its tile-parts.
func parseJ2K(data []byte, p Params) (*j2kHeader, error) {
	if len(data) < 2 || binary.BigEndian.Uint16(data) != mSOC {
		return nil, errors.New("the compressed pixels are not JPEG 2000")
	}
	h := &j2kHeader{data: data[2:]}
	marker, body, err := h.segment()
	if err != nil {
		return nil, err
	}
	if marker != mSIZ {
		return nil, damaged("the JPEG 2000 header does not begin with the size")
	}
	if err := h.setSize(body, p); err != nil {
		return nil, err
	}
	for {
		if marker, body, err = h.segment(); err != nil {
			return nil, err
		}
		if marker == mSOT {
			break
		}
		if err := h.main.set(marker, body); err != nil {
			return nil, err
		}
	}
	if !h.main.complete() {
		return nil, damaged("the JPEG 2000 header is not complete")
	}
	h.tiles = make([]j2kTile, h.size.tiles)
	for marker == mSOT {
		if err := h.tilePart(body); err != nil {
			return nil, err
		}
		if len(h.data) < 12 || binary.BigEndian.Uint16(h.data) != mSOT {
			break
		}
		if marker, body, err = h.segment(); err != nil {
			return nil, err
		}
	}
	h.ended = len(h.data) >= 2 && binary.BigEndian.Uint16(h.data) == mEOC
	return h, h.checkTiles()
}

func (h *j2kHeader) checkTiles() error {
	for i := range h.tiles {
		if h.tiles[i].settings == nil {
			return fmt.Errorf("%w: part %d of %d is missing", errShort, i+1, len(h.tiles))
		}
	}
	return nil
}

// segment takes the next marker segment (T.800 A.1.2).
func (h *j2kHeader) segment() (marker int, body []byte, err error) {
	if len(h.data) < 4 {
		return 0, nil, errShort
	}
	marker = int(binary.BigEndian.Uint16(h.data))
	n := int(binary.BigEndian.Uint16(h.data[2:]))
	if marker < 0xff00 || n < 2 {
		return 0, nil, damaged("there is no marker where one should be")
	}
	if n+2 > len(h.data) {
		return 0, nil, errShort
	}
	body = h.data[4 : n+2]
	h.data = h.data[n+2:]
	return marker, body, nil
}

// setSize reads the SIZ segment (T.800 A.5.1) and compares it with the header
// before anything depends on it.
func (h *j2kHeader) setSize(s []byte, p Params) error {
	if len(s) < 37 {
		return errShort
	}
	word := func(i int) int { return int(binary.BigEndian.Uint32(s[2+4*i:])) }
	z := &h.size
	z.picture = area{word(2), word(3), word(0), word(1)}
	z.tileW, z.tileH, z.tileX, z.tileY = word(4), word(5), word(6), word(7)
	z.precision, z.signed = int(s[36]&0x7f)+1, s[36]&0x80 != 0
	components := int(binary.BigEndian.Uint16(s[34:]))
	if components == 1 && len(s) < 39 {
		return errShort
	}
	if err := p.match(z.picture.height(), z.picture.width(), z.precision, components); err != nil {
		return err
	}
	if z.precision > 16 {
		return fmt.Errorf("JPEG 2000 of %d bits a pixel is not supported", z.precision)
	}
	if s[37] != 1 || s[38] != 1 {
		return errors.New("JPEG 2000 of reduced resolution is not supported")
	}
	return z.setTiles(p)
}

// setTiles checks the tiling (T.800 B.3).
func (z *j2kSize) setTiles(p Params) error {
	if z.tileW < 1 || z.tileH < 1 || z.tileX > z.picture.x0 || z.tileY > z.picture.y0 ||
		z.tileX+z.tileW <= z.picture.x0 || z.tileY+z.tileH <= z.picture.y0 {
		return damaged("the picture does not lie in its tiles")
	}
	z.across = (z.picture.x1 - z.tileX + z.tileW - 1) / z.tileW
	down := (z.picture.y1 - z.tileY + z.tileH - 1) / z.tileH
	z.tiles = z.across * down
	if z.tiles > min(1<<16-1, 1024+p.pixels()/64) {
		return fmt.Errorf("a picture of %dx%d pixels in %d tiles is not supported", p.Columns, p.Rows, z.tiles)
	}
	return nil
}

// tile is the place of tile i (T.800 B-7 to B-10).
func (z *j2kSize) tile(i int) area {
	x, y := z.tileX+i%z.across*z.tileW, z.tileY+i/z.across*z.tileH
	return area{x, y, x + z.tileW, y + z.tileH}.intersect(z.picture)
}

// tilePart reads a tile-part, whose SOT segment was just taken (T.800 A.4.2).
func (h *j2kHeader) tilePart(sot []byte) error {
	if len(sot) < 8 {
		return errShort
	}
	i, length := int(binary.BigEndian.Uint16(sot)), int(binary.BigEndian.Uint32(sot[2:]))
	if i >= len(h.tiles) {
		return damaged("there is no tile %d", i)
	}
	t := &h.tiles[i]
	if t.settings == nil {
		t.settings = h.main.forTile()
	}
	before := len(h.data)
	if err := h.tileHeader(t); err != nil {
		return err
	}
	// Psot counts from the SOT marker, 12 bytes before the end of its segment
	n := length - 12 - (before - len(h.data))
	if length == 0 {
		n = endOfCodestream(h.data)
	}
	if n < 0 {
		return damaged("the length of a tile is %d", length)
	}
	if n > len(h.data) {
		return errShort
	}
	t.parts = append(t.parts, h.data[:n])
	h.data = h.data[n:]
	return nil
}

// tileHeader reads the segments of a tile-part up to its data.
func (h *j2kHeader) tileHeader(t *j2kTile) error {
	for {
		if len(h.data) < 2 {
			return errShort
		}
		if binary.BigEndian.Uint16(h.data) == mSOD {
			h.data = h.data[2:]
			return nil
		}
		marker, body, err := h.segment()
		if err != nil {
			return err
		}
		if err := t.settings.set(marker, body); err != nil {
			return err
		}
	}
}
