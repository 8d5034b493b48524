package tiff

import (
	"bufio"
	"compress/zlib"
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
