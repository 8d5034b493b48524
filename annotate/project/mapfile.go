package project

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"math"

	"groundglass/annotate"
)

// encodeMap is a map as the payload of a frame: its number, its doubt, and the
// probabilities and labels as the session keeps them, each behind its length; no
// labels have the length 0.
func encodeMap(m *annotate.Map) []byte {
	prob, label := m.Planes()
	out := make([]byte, 1, len(prob)+len(label)+40)
	out[0] = isMap
	out = binary.AppendUvarint(out, m.ID)
	out = binary.LittleEndian.AppendUint64(out, math.Float64bits(m.Doubt))
	for _, plane := range [][]byte{prob, label} {
		out = binary.AppendUvarint(out, uint64(len(plane)))
		out = append(out, plane...)
	}
	return out
}

// packedMap is a map as it lies in a file.
type packedMap struct {
	id          uint64
	doubt       float64
	prob, label []byte
	old         bool // it may be compressed, as in early files of version 1
}

func splitMap(payload []byte) (m packedMap, ok bool) {
	id, n := binary.Uvarint(payload)
	if n <= 0 || len(payload) < n+8 {
		return m, false
	}
	m = packedMap{id: id, doubt: math.Float64frombits(binary.LittleEndian.Uint64(payload[n:]))}
	rest := payload[n+8:]
	for _, part := range []*[]byte{&m.prob, &m.label} {
		size, n := binary.Uvarint(rest)
		if n <= 0 || size > uint64(len(rest)-n) {
			return m, false
		}
		*part, rest = rest[n:n+int(size)], rest[n+int(size):]
	}
	return m, true
}

// packedMaps are the maps of a folder by number.
type packedMaps map[uint64]packedMap

// of gives maps of slices of n pixels.
func (p packedMaps) of(n int) func(id uint64) (annotate.Map, bool) {
	return func(id uint64) (annotate.Map, bool) {
		m, ok := p[id]
		if !ok {
			return annotate.Map{}, false
		}
		out, ok := annotate.NewMap(m.id, m.doubt, m.prob, m.label, n)
		if !ok && m.old {
			out, ok = m.inflate(n)
		}
		return out, ok
	}
}

// inflate takes apart a map of n pixels whose planes are zlib bytes.
func (p packedMap) inflate(n int) (annotate.Map, bool) {
	var planes [2][]byte
	for i, packed := range [2][]byte{p.prob, p.label} {
		if len(packed) == 0 {
			continue
		}
		r, err := zlib.NewReader(bytes.NewReader(packed))
		if err != nil {
			return annotate.Map{}, false
		}
		planes[i], err = io.ReadAll(io.LimitReader(r, int64(n)+1))
		if err != nil || len(planes[i]) != n {
			return annotate.Map{}, false
		}
	}
	return annotate.PackMap(p.id, p.doubt, planes[0], planes[1]), planes[0] != nil
}
