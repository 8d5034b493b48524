package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// j2kSettings are the parameters that hold for a tile.
type j2kSettings struct {
	coding  j2kCoding
	quant   j2kQuant
	region  int         // by how many bits the region of interest is shifted
	volumes []j2kVolume // progression order changes, in place of the coding's order
	foreign bool        // volumes are the main header's, which a tile's own replace
}

// j2kCoding is the coding style (T.800 A.6.1, A.6.2).
type j2kCoding struct {
	given          bool
	sop, eph       bool
	order          byte
	layers         int
	levels         int  // decompositions
	blockW, blockH uint // exponents of the size of code blocks
	style          byte // of code blocks
	reversible     bool // the 5/3 wavelet, not the 9/7
	precincts      [33]byte
	component      bool // the part from levels on was set for the component, which goes before the default
}

// j2kQuant is the quantization of each subband (T.800 A.6.4).
type j2kQuant struct {
	given     bool
	guard     int
	n         int // subbands
	exponent  [97]uint8
	mantissa  [97]uint16
	component bool
}

// partHT is what the CAP segment says where Part 15 alone is needed beside Part 1
// (T.800 A.5.2).
const partHT = 1 << 17

// j2kVolume is a part of the packets in one order (T.800 A.6.6).
type j2kVolume struct {
	order      byte
	level, end int // resolution levels from level up to end
	layers     int
}

func (s *j2kSettings) complete() bool { return s.coding.given && s.quant.given }

// forTile returns a copy that a tile's own header may change. What that says
// goes before what the main header says even of the component.
func (s *j2kSettings) forTile() *j2kSettings {
	t := *s
	t.coding.component, t.quant.component, t.foreign = false, false, true
	return &t
}

// set reads a segment of the main or of a tile's header. Segments that only
// help to find or to describe things are skipped.
func (s *j2kSettings) set(marker int, body []byte) error {
	switch marker {
	case mCOD:
		return s.coding.setDefault(body)
	case mCOC:
		return s.coding.setComponent(body)
	case mQCD:
		if s.quant.component {
			return nil
		}
		return s.quant.set(body)
	case mQCC:
		if len(body) < 1 || body[0] != 0 {
			return damaged("there is quantization for a colour that is not there")
		}
		if err := s.quant.set(body[1:]); err != nil {
			return err
		}
		s.quant.component = true
	case mRGN:
		if len(body) < 3 || body[0] != 0 || body[1] != 0 {
			return damaged("a region of interest is of no known kind")
		}
		s.region = int(body[2])
	case mPOC:
		return s.setOrder(body)
	case mPPM, mPPT:
		return errors.New("JPEG 2000 with packed packet headers is not supported")
	case mCAP:
		if len(body) < 4 || binary.BigEndian.Uint32(body) != partHT {
			return errors.New("JPEG 2000 that needs another part than 1 and 15 of its standard is not supported")
		}
	case mSIZ, mSOC, mSOT, mSOD:
		return damaged("marker %x is in the wrong place", marker)
	}
	return nil
}

// setDefault reads a COD segment.
func (c *j2kCoding) setDefault(s []byte) error {
	if len(s) < 10 {
		return errShort
	}
	c.given = true
	c.sop, c.eph = s[0]&2 != 0, s[0]&4 != 0
	c.order, c.layers = s[1], int(binary.BigEndian.Uint16(s[2:]))
	if c.order > 4 || c.layers < 1 {
		return damaged("there are %d layers in order %d", c.layers, c.order)
	}
	if c.component {
		return nil
	}
	return c.setBlocks(s[5:], s[0]&1 != 0)
}

// setComponent reads a COC segment.
func (c *j2kCoding) setComponent(s []byte) error {
	if len(s) < 7 || s[0] != 0 {
		return damaged("there is a coding style for a colour that is not there")
	}
	c.component = true
	return c.setBlocks(s[2:], s[1]&1 != 0)
}

// setBlocks reads the part that COD and COC share (T.800 table A.20).
func (c *j2kCoding) setBlocks(s []byte, precincts bool) error {
	c.levels, c.style, c.reversible = int(s[0]), s[3], s[4] == 1
	c.blockW, c.blockH = uint(s[1]&15)+2, uint(s[2]&15)+2
	if c.levels > 32 || c.blockW > 10 || c.blockH > 10 || c.blockW+c.blockH > 12 || s[4] > 1 {
		return damaged("code blocks of 2^%d x 2^%d pixels on %d levels with wavelet %d are not possible",
			c.blockW, c.blockH, c.levels, s[4])
	}
	if c.style&styleMixed != 0 || c.style&styleHT != 0 && c.style&^(styleHT|styleVertical) != 0 {
		return fmt.Errorf("JPEG 2000 with code blocks of style %x is not supported", c.style)
	}
	for i := range c.precincts {
		c.precincts[i] = 0xff
	}
	if !precincts {
		return nil
	}
	if len(s) < 5+c.levels+1 {
		return errShort
	}
	copy(c.precincts[:], s[5:5+c.levels+1])
	for _, size := range c.precincts[1 : c.levels+1] {
		if size&15 == 0 || size>>4 == 0 {
			return damaged("a precinct is one pixel wide")
		}
	}
	return nil
}

// set reads a QCD segment, or a QCC segment behind its component.
func (q *j2kQuant) set(s []byte) error {
	if len(s) < 2 {
		return errShort
	}
	style := s[0] & 31
	*q = j2kQuant{given: true, guard: int(s[0] >> 5)}
	s = s[1:]
	switch style {
	case 0: // none
		q.n = min(len(s), len(q.exponent))
		for i, v := range s[:q.n] {
			q.exponent[i] = v >> 3
		}
	case 1, 2: // derived from the first, or one for each subband
		q.n = min(len(s)/2, len(q.exponent))
		for i := range q.n {
			v := binary.BigEndian.Uint16(s[2*i:])
			q.exponent[i], q.mantissa[i] = uint8(v>>11), v&0x7ff
		}
		if style == 1 {
			q.derive()
		}
	default:
		return damaged("there is no quantization of kind %d", style)
	}
	return nil
}

// derive sets all subbands by the lowest one (T.800 E-5).
func (q *j2kQuant) derive() {
	q.n = len(q.exponent)
	for i := 1; i < q.n; i++ {
		q.exponent[i] = uint8(max(0, int(q.exponent[0])-(i-1)/3))
		q.mantissa[i] = q.mantissa[0]
	}
}

// setOrder reads a POC segment, which later ones of the same header go on with.
func (s *j2kSettings) setOrder(b []byte) error {
	if s.foreign {
		s.volumes, s.foreign = nil, false
	}
	for ; len(b) >= 7; b = b[7:] {
		v := j2kVolume{order: b[6], level: int(b[0]), end: int(b[4]), layers: int(binary.BigEndian.Uint16(b[2:]))}
		if v.order > 4 || len(s.volumes) == 1<<10 {
			return damaged("the order of the packets changes in an unknown way")
		}
		s.volumes = append(s.volumes, v)
	}
	return nil
}
