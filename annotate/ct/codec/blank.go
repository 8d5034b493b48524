package codec

import (
	"bytes"
	"encoding/binary"
)

// Blank puts zeros in the place of what a compressed frame has besides its pixels:
// comments, application data (but JFIF's and Adobe's, and the color transform of JPEG-LS,
// which decoders need) and what follows its end. All else, and every length, stays. It
// returns how many of these places said something. A frame that it cannot follow to its end
// is blanked up to there.
func Blank(frame []byte) int {
	b := blanker{frame: frame}
	switch {
	case bytes.HasPrefix(frame, []byte(startOfJPEG)):
		b.jpeg()
	case bytes.HasPrefix(frame, []byte(startOfJPEG2000)):
		b.jpeg2000()
	case bytes.HasPrefix(frame[min(4, len(frame)):], []byte("jP  ")):
		b.boxes()
	}
	return b.places
}

const (
	startOfJPEG     = "\xff\xd8\xff"
	startOfJPEG2000 = "\xff\x4f\xff\x51"
)

type blanker struct {
	frame  []byte
	places int
}

// zero blanks the bytes from a to b, as far as there are some.
func (b *blanker) zero(from, to int) {
	to = min(to, len(b.frame))
	if from >= to {
		return
	}
	if part := b.frame[from:to]; len(bytes.Trim(part, "\x00")) > 0 {
		b.places++
		clear(part)
	}
}

// segment is the end of a marker segment at i, whose length is behind the marker; beyond
// the frame where it is cut short.
func (b *blanker) segment(i int) int {
	if i+4 > len(b.frame) {
		return len(b.frame)
	}
	return i + 2 + max(2, int(binary.BigEndian.Uint16(b.frame[i+2:])))
}

// jpeg blanks a frame of JPEG or JPEG-LS (ISO 10918-1 annex B, 14495-1 annex C).
func (b *blanker) jpeg() {
	for i := 0; i+1 < len(b.frame); {
		marker := b.frame[i+1]
		switch {
		case b.frame[i] != 0xff: // as of pixels behind a scan's header
			i++
		case marker == 0xff, marker < 0xc0, marker >= 0xd0 && marker <= 0xd8: // filling, pixels, restarts, the beginning
			i += 1 + min(1, int(0xff-marker))
		case marker == 0xd9 && !bytes.HasPrefix(bytes.TrimLeft(b.frame[i+2:], "\x00"), []byte(startOfJPEG)):
			b.zero(i+2, len(b.frame))
			return
		case marker == 0xd9: // another frame in the same fragment
			i += 2
		default:
			end := b.segment(i)
			b.application(marker, i+4, end)
			i = end
		}
	}
}

// application blanks a segment of a comment or of application data.
func (b *blanker) application(marker byte, from, to int) {
	data := b.frame[min(from, len(b.frame)):min(to, len(b.frame))]
	keeps := 0
	switch {
	case marker == 0xfe:
	case marker < 0xe0 || marker > 0xef:
		return
	case marker == 0xe0 && bytes.HasPrefix(data, []byte("JFIF\x00")):
		keeps = 14
		if len(data) > keeps {
			clear(data[12:keeps]) // the size of a thumbnail
		}
	case marker == 0xee && bytes.HasPrefix(data, []byte("Adobe")):
		keeps = 12
	case marker == 0xe8 && bytes.HasPrefix(data, []byte("mrfx")):
		keeps = 5
	}
	b.zero(from+keeps, to)
}

// boxes blanks a JPEG 2000 file (ISO 15444-1 annex I), which DICOM does not know, and
// programs write.
func (b *blanker) boxes() {
	for i := 0; i+8 <= len(b.frame); {
		end := len(b.frame)
		if size := int64(binary.BigEndian.Uint32(b.frame[i:])); size >= 8 {
			end = i + int(min(size, int64(len(b.frame)-i)))
		}
		switch string(b.frame[i+4 : i+8]) {
		case "jp2c":
			inner := blanker{frame: b.frame[i+8 : end]}
			inner.jpeg2000()
			b.places += inner.places
		case "xml ", "uuid", "uinf", "free":
			b.zero(i+8, end)
		}
		i = end
	}
}

// jpeg2000 blanks a JPEG 2000 code stream (ISO 15444-1 annex A).
func (b *blanker) jpeg2000() {
	const (
		comment, tilePart, data, end = 0x64, 0x90, 0x93, 0xd9
	)
	next := 0 // tile-part
	for i := 2; i+1 < len(b.frame); {
		switch marker := b.frame[i+1]; {
		case b.frame[i] != 0xff:
			return
		case marker == end:
			b.zero(i+2, len(b.frame))
			return
		case marker == data:
			if next <= i {
				return
			}
			i = next
		case marker >= 0x30 && marker <= 0x3f: // without a length
			i += 2
		default:
			stop := b.segment(i)
			switch {
			case marker == comment:
				b.zero(i+4, stop)
			case marker == tilePart && i+10 <= len(b.frame):
				size := int64(binary.BigEndian.Uint32(b.frame[i+6:]))
				if next = i + int(min(size, int64(len(b.frame)))); size == 0 {
					next = b.last(i)
				}
			}
			i = stop
		}
	}
}

// last is where the last tile-part, which begins at i and has no length, ends.
func (b *blanker) last(i int) int {
	if k := bytes.LastIndex(b.frame[i:], []byte{0xff, 0xd9}); k >= 0 {
		return i + k
	}
	return len(b.frame)
}
