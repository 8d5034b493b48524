package dicom

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// fragment is a piece of compressed pixel data: where its bytes are in the file.
type fragment struct {
	offset, length int64
	begins         bool // looks like the beginning of a compressed picture
}

// encapsulated is compressed pixel data, of which each frame takes one fragment
// or several (DICOM PS3.5 A.4).
type encapsulated struct {
	table     []byte // the basic offset table
	fragments []fragment
}

// compressed reads the offset table and finds the fragments behind it. A file
// may end without the last delimiter.
func (p *parser) compressed() error {
	e := &p.f.frames
	first := true
	for {
		if b, err := p.c.peek(8); err != nil || len(b) == 0 && len(e.fragments) > 0 {
			return err
		}
		h, err := p.itemHeader(p.c.end, binary.LittleEndian)
		switch {
		case err != nil:
			return err
		case h.tag == tag.SequenceDelimitationItem:
			return nil
		case h.tag != tag.Item || h.length == undefined:
			return errors.New("a fragment of pixel data is damaged")
		case h.length > p.c.end-p.c.pos:
			return fmt.Errorf("the pixel data is cut short: %d of a fragment's %d bytes are there", p.c.end-p.c.pos, h.length)
		case first && h.length <= 4*int64(limits.frames):
			if e.table, err = p.c.read(h.length); err != nil {
				return err
			}
		default:
			if !first {
				b, err := p.c.peek(12)
				if err != nil {
					return err
				}
				e.fragments = append(e.fragments, fragment{p.c.pos, h.length, beginsPicture(b)})
			}
			if err := p.c.skip(h.length); err != nil {
				return err
			}
		}
		first = false
	}
}

// beginsPicture tells by its first bytes whether a fragment begins a JPEG,
// JPEG-LS or JPEG 2000 picture, and does not go on with one.
func beginsPicture(b []byte) bool {
	for _, start := range []string{"\xff\xd8\xff", "\xff\x4f\xff\x51", "\x00\x00\x00\x0cjP  "} {
		if bytes.HasPrefix(b, []byte(start)) {
			return true
		}
	}
	return false
}

// Tags of the extended offset table, which gives offsets of 64 bits.
var extendedOffsets = tag.Tag{Group: 0x7fe0, Element: 0x0001}

// split returns the index of each frame's first fragment: by the extended offset
// table, by the basic one, or, where they are missing or wrong, by what the
// fragments are. The extended table of lengths is not asked: it leaves out
// padding alone, which no decoder minds.
func (e *encapsulated) split(n int, d *dataset) ([]int, error) {
	if len(e.fragments) == 0 {
		return nil, errors.New("there are no pixels in it")
	}
	if el := d.find(extendedOffsets); el != nil {
		if starts := e.byOffsets(n, el.value, 8); starts != nil {
			return starts, nil
		}
	}
	if starts := e.byOffsets(n, e.table, 4); starts != nil {
		return starts, nil
	}
	if n == 1 {
		return []int{0}, nil
	}
	var all, beginning []int
	for i, f := range e.fragments {
		all = append(all, i)
		if f.begins {
			beginning = append(beginning, i)
		}
	}
	switch {
	case len(all) == n:
		return all, nil
	case len(all) < n:
		return nil, fmt.Errorf("the pixel data is cut short: there are %d pieces for %d frames", len(all), n)
	case len(beginning) == n && beginning[0] == 0:
		return beginning, nil
	}
	return nil, fmt.Errorf("it cannot be told which of the %d pieces of pixel data belong to which of the %d frames", len(all), n)
}

// byOffsets finds the fragments that n offsets of the given size point to; nil
// where there are not as many, or one points elsewhere. They count from the item
// tag of the first fragment.
func (e *encapsulated) byOffsets(n int, table []byte, size int) []int {
	if len(table) != n*size {
		return nil
	}
	starts := make([]int, n)
	for i := range starts {
		offset := uint64(binary.LittleEndian.Uint32(table[i*size:]))
		if size == 8 {
			offset = binary.LittleEndian.Uint64(table[i*size:])
		}
		at := e.fragments[0].offset + int64(offset)
		k := sort.Search(len(e.fragments), func(k int) bool { return e.fragments[k].offset >= at })
		if k == len(e.fragments) || e.fragments[k].offset != at || i == 0 && k != 0 || i > 0 && k <= starts[i-1] {
			return nil
		}
		starts[i] = k
	}
	return starts
}
