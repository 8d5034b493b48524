package project

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
)

// A frame is a piece of a file: a head of 16 bytes, and a payload. The head is
// four bytes that are always the same, the payload's length and CRC-32C, and the
// CRC-32C of the twelve bytes before; numbers have their lowest byte first. Since
// each head can be told from what is none, a damaged frame hides no other.
const headBytes = 16

var (
	mark       = []byte{0xf7, 'G', 'g', '\n'}
	castagnoli = crc32.MakeTable(crc32.Castagnoli)
)

// maxFrame bounds a payload.
const maxFrame = 1 << 30

func appendFrame(out, payload []byte) []byte {
	at := len(out)
	out = append(out, mark...)
	out = binary.LittleEndian.AppendUint32(out, uint32(len(payload)))
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(payload, castagnoli))
	out = binary.LittleEndian.AppendUint32(out, crc32.Checksum(out[at:], castagnoli))
	return append(out, payload...)
}

// frames are the whole frames of a file, and how much else there is in it.
type frames struct {
	payloads [][]byte // parts of the file's bytes
	damaged  int      // bytes that are in no whole frame, before the last one that is
	tail     int      // such bytes at the end
}

// readFrames finds the whole frames of data.
func readFrames(data []byte) (f frames) {
	lost := 0
	for len(data) > 0 {
		payload, ok := frameAt(data)
		if ok {
			f.payloads = append(f.payloads, payload)
			f.damaged += lost
			lost, data = 0, data[headBytes+len(payload):]
			continue
		}
		step := bytes.Index(data[1:], mark) + 1
		if step == 0 {
			step = len(data)
		}
		lost, data = lost+step, data[step:]
	}
	f.tail = lost
	return f
}

// frameAt is the payload of the frame that data begins with.
func frameAt(data []byte) ([]byte, bool) {
	if len(data) < headBytes || !bytes.Equal(data[:4], mark) {
		return nil, false
	}
	if binary.LittleEndian.Uint32(data[12:]) != crc32.Checksum(data[:12], castagnoli) {
		return nil, false
	}
	n := binary.LittleEndian.Uint32(data[4:])
	if n > maxFrame || int(n) > len(data)-headBytes {
		return nil, false
	}
	payload := data[headBytes : headBytes+int(n)]
	return payload, binary.LittleEndian.Uint32(data[8:]) == crc32.Checksum(payload, castagnoli)
}
