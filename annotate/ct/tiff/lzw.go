package tiff

import (
	"bufio"
	"errors"
	"io"
)

const (
	clearCode = 256
	endCode   = 257
	maxCodes  = 4096
)

// words is the table of an LZW stream. A word is where it stands in the block,
// since each is an earlier one and a byte more.
type words struct {
	start, length [maxCodes]int
	next          int // the code of the next word
	width         int // bits of a code
}

func (w *words) clear() { w.width, w.next = 9, endCode+1 }

// size is the length of a code's word.
func (w *words) size(code int) int {
	if code < clearCode {
		return 1
	}
	return w.length[code]
}

// add takes a word into the table. Codes grow one earlier than those of GIF and
// of the package compress/lzw.
func (w *words) add(start, length int) {
	if w.next == maxCodes {
		return
	}
	w.start[w.next], w.length[w.next] = start, length
	if w.next++; w.next+1 == 1<<w.width && w.width < 12 {
		w.width++
	}
}

// unLZW decodes TIFF's LZW (TIFF 6.0, section 13).
func unLZW(r io.Reader, block []byte) error {
	in := codes{r: bufio.NewReader(r)}
	var w words
	w.clear()
	before := -1 // the code before; -1 after a clear code
	for at := 0; at < len(block); {
		code, err := in.next(w.width)
		switch {
		case err != nil:
			return err
		case code == endCode:
			return io.ErrUnexpectedEOF
		case code == clearCode:
			w.clear()
			before = -1
			continue
		case code > w.next || code > endCode && before < 0:
			return errors.New("a code that stands for nothing")
		}
		if before >= 0 { // the word before, and the first byte of this one
			w.add(at-w.size(before), w.size(before)+1)
		}
		if code < clearCode {
			block[at] = byte(code)
			at++
		} else {
			from := w.start[code]
			for i := 0; i < w.length[code] && at < len(block); i++ {
				block[at] = block[from+i]
				at++
			}
		}
		before = code
	}
	return nil
}

// codes reads codes of changing width, the highest bit first.
type codes struct {
	r    io.ByteReader
	bits uint32
	have int
}

func (c *codes) next(width int) (int, error) {
	for c.have < width {
		b, err := c.r.ReadByte()
		if err != nil {
			return 0, err
		}
		c.bits, c.have = c.bits<<8|uint32(b), c.have+8
	}
	c.have -= width
	return int(c.bits >> c.have & (1<<width - 1)), nil
}
