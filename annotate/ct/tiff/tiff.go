// Package tiff reads the grey pictures of TIFF 6.0 files: all pages, of 8 or 16
// bits, with a palette, or grey in RGB, in strips or tiles, uncompressed or by
// PackBits, LZW or Deflate. Other kinds are refused by name.
//
// Start with [Pages]; [Page.Decode] then reads one of them. Input is untrusted:
// nothing here panics on bad files, and memory is bounded by [MaxPixels].
//
// Source: TIFF Revision 6.0, Adobe 1992, and its Technical Note 2 for Deflate.
package tiff

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const (
	// MaxPixels is the largest number of pixels of a page or a tile.
	MaxPixels = 1 << 24

	maxTiled = 4 * MaxPixels // pixels of all tiles, what lies beyond the picture too

	maxPages   = 8192
	maxEntries = 512
)

// Page is one picture of a file.
type Page struct {
	W, H    int
	Bits    int   // of a grey value, palette index or channel: 8 or 16
	Signed  bool  // values are signed; Decode returns them with 32768 added
	Part    bool  // a thumbnail or a mask of another page
	Problem error // why the page cannot be decoded; nil where nothing is known against it

	dir                                          directory
	photometric, samples, compression, predictor int
	blockW, blockH                               int // of strips or tiles
	tiled                                        bool
}

// Is tells by a file's first bytes whether it is a TIFF file.
func Is(head []byte) bool {
	return order(head) != nil
}

func order(head []byte) binary.ByteOrder {
	switch {
	case bytes.HasPrefix(head, []byte("II*\x00")), bytes.HasPrefix(head, []byte("II+\x00")):
		return binary.LittleEndian
	case bytes.HasPrefix(head, []byte("MM\x00*")), bytes.HasPrefix(head, []byte("MM\x00+")):
		return binary.BigEndian
	}
	return nil
}

// Pages reads the directories of all pages. An error means that the file cannot
// be read at all.
func Pages(r io.ReaderAt) (pages []Page, err error) {
	head := make([]byte, 8)
	if _, err := r.ReadAt(head, 0); err != nil {
		return nil, cut(err)
	}
	o := order(head)
	switch {
	case o == nil:
		return nil, errors.New("not a TIFF file")
	case o.Uint16(head[2:]) == 43:
		return nil, errors.New("BigTIFF is not supported")
	}
	seen := map[uint32]bool{}
	for at := o.Uint32(head[4:]); at != 0; {
		if seen[at] {
			return nil, errors.New("the TIFF file's pages lead back to an earlier one")
		}
		if seen[at] = true; len(seen) > maxPages {
			return nil, fmt.Errorf("the TIFF file has more than %d pages", maxPages)
		}
		dir, next, err := readDirectory(r, o, int64(at))
		if err != nil {
			return nil, err
		}
		pages = append(pages, dir.page(r))
		at = next
	}
	return pages, nil
}

// cut words an end of file where there should be more.
func cut(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errors.New("the TIFF file is cut short")
	}
	return err
}
