package tiff

import (
	"bufio"
	"compress/zlib"
	"errors"
	"io"
)

// Values of the compression entry.
const (
	uncompressed = 1
	lzw          = 5
	deflate      = 8
	deflateOld   = 32946
	packBits     = 32773
)

// compressions names kinds of compression that are not decoded.
var compressions = map[int]string{2: " (fax)", 3: " (fax)", 4: " (fax)", 6: " (JPEG)", 7: " (JPEG)", 34712: " (JPEG 2000)", 34925: " (LZMA)", 50000: " (Zstandard)", 50001: " (WebP)"}

// decoders fill a strip or tile from its bytes; more than that is not read.
var decoders = map[int]func(r io.Reader, block []byte) error{
	uncompressed: func(r io.Reader, block []byte) error {
		_, err := io.ReadFull(r, block)
		return err
	},
	lzw:        unLZW,
	deflate:    inflate,
	deflateOld: inflate,
	packBits:   unpackBits,
}

func inflate(r io.Reader, block []byte) error {
	z, err := zlib.NewReader(r)
	if err != nil {
		return err
	}
	_, err = io.ReadFull(z, block)
	return err
}

// unpackBits decodes runs of equal bytes and of single ones (TIFF 6.0, section 9).
func unpackBits(r io.Reader, block []byte) error {
	in := bufio.NewReader(r)
	for len(block) > 0 {
		n, err := in.ReadByte()
		if err != nil {
			return err
		}
		switch {
		case n < 128:
			run := min(int(n)+1, len(block))
			if _, err := io.ReadFull(in, block[:run]); err != nil {
				return err
			}
			block = block[run:]
		case n > 128:
			v, err := in.ReadByte()
			if err != nil {
				return err
			}
			run := min(257-int(n), len(block))
			for i := range run {
				block[i] = v
			}
			block = block[run:]
		}
	}
	return nil
}

const (
	clearCode = 256
	endCode   = 257
	maxCodes  = 4096
)

// unLZW decodes TIFF's LZW (section 13), whose codes grow one earlier than those
// of GIF and of the package compress/lzw. A word is where it stands in the
// block, since each is an earlier one and a byte more.
func unLZW(r io.Reader, block []byte) error {
	in := bufio.NewReader(r)
	var start, length [maxCodes]int
	var bits uint32
	var have, at int
	width, next := 9, endCode+1
	before := -1 // the code before; -1 after a clear code
	for at < len(block) {
		for have < width {
			b, err := in.ReadByte()
			if err != nil {
				return err
			}
			bits, have = bits<<8|uint32(b), have+8
		}
		code := int(bits >> (have - width) & (1<<width - 1))
		have -= width
		switch {
		case code == endCode:
			return io.ErrUnexpectedEOF
		case code == clearCode:
			width, next, before = 9, endCode+1, -1
			continue
		case before < 0 && code > endCode, code > next, code == next && next == maxCodes:
			return errors.New("a code that stands for nothing")
		}
		from := at
		if code < clearCode {
			block[at] = byte(code)
			at++
		} else {
			word := length[code]
			if code == next { // the word before and its own first byte
				word = wordLength(length[:], before) + 1
			}
			first := start[code]
			if code == next {
				first = from - (word - 1)
			}
			for i := 0; i < word && at < len(block); i++ {
				block[at] = block[first+i]
				at++
			}
		}
		if before >= 0 && next < maxCodes {
			start[next], length[next] = from-wordLength(length[:], before), wordLength(length[:], before)+1
			if next++; next+1 == 1<<width && width < 12 {
				width++
			}
		}
		before = code
	}
	return nil
}

func wordLength(length []int, code int) int {
	if code < clearCode {
		return 1
	}
	return length[code]
}
