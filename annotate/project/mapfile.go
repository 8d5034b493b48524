package project

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"groundglass/annotate"
)

// encodeMap is a map as the payload of a frame: its number, its doubt, and the
// probabilities and labels, each compressed behind its length; no labels have
// the length 0.
func encodeMap(m *annotate.Map) ([]byte, error) {
	out := binary.AppendUvarint(nil, m.ID)
	out = binary.LittleEndian.AppendUint64(out, math.Float64bits(m.Doubt))
	prob, label := m.Planes()
	for _, plane := range [][]uint8{prob, label} {
		packed, err := deflate(plane)
		if err != nil {
			return nil, err
		}
		out = binary.AppendUvarint(out, uint64(len(packed)))
		out = append(out, packed...)
	}
	return out, nil
}

func deflate(plane []byte) ([]byte, error) {
	if len(plane) == 0 {
		return nil, nil
	}
	var b bytes.Buffer
	w, err := zlib.NewWriterLevel(&b, zlib.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plane); err != nil {
		return nil, err
	}
	err = w.Close()
	return b.Bytes(), err
}

// inflate takes n bytes out of what deflate made.
func inflate(packed []byte, n int) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	out := make([]byte, n)
	if _, err := io.ReadFull(r, out); err != nil {
		return nil, err
	}
	var more [1]byte
	if k, err := r.Read(more[:]); k > 0 || !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("there is more than %d bytes in it", n)
	}
	return out, nil
}

// packedMap is a map that is not taken apart yet.
type packedMap struct {
	id          uint64
	doubt       float64
	prob, label []byte
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

// unpack takes a map of slices of n pixels apart.
func (p packedMap) unpack(n int) (m annotate.Map, ok bool) {
	m = annotate.Map{ID: p.id, Doubt: p.doubt}
	var err error
	if m.Prob, err = inflate(p.prob, n); err != nil {
		return m, false
	}
	if len(p.label) > 0 {
		m.Label, err = inflate(p.label, n)
	}
	return m, err == nil
}

// mapStore are the maps of a folder by number; they are taken apart by several
// goroutines.
type mapStore struct {
	packed map[uint64]packedMap
	pixels int
	mu     sync.Mutex
	ready  map[uint64]*readyMap
}

type readyMap struct {
	once sync.Once
	m    annotate.Map
	ok   bool
}

func newMapStore(pixels int) *mapStore {
	return &mapStore{packed: map[uint64]packedMap{}, pixels: pixels, ready: map[uint64]*readyMap{}}
}

func (s *mapStore) get(id uint64) (annotate.Map, bool) {
	p, ok := s.packed[id]
	if !ok {
		return annotate.Map{}, false
	}
	s.mu.Lock()
	r := s.ready[id]
	if r == nil {
		r = &readyMap{}
		s.ready[id] = r
	}
	s.mu.Unlock()
	r.once.Do(func() { r.m, r.ok = p.unpack(s.pixels) })
	return r.m, r.ok
}

// ahead takes maps apart before they are asked for.
func (s *mapStore) ahead(ids []uint64, workers int) {
	next := make(chan uint64, len(ids))
	for _, id := range ids {
		next <- id
	}
	close(next)
	for range workers {
		go func() {
			for id := range next {
				s.get(id)
			}
		}()
	}
}
