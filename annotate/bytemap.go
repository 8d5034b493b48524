package annotate

import (
	"encoding/binary"
	"sync"
	"weak"
)

// byteMap is a byte a pixel that is kept small, since most of a probability map
// is 0. It is not changed once made, and serves any goroutine. A nil one is none.
type byteMap struct {
	n       int
	runs    []byte
	atLeast [256]int32 // pixels by the least value that is counted

	mu   sync.Mutex
	open weak.Pointer[openMap]
}

// openMap is the content of a byteMap, to read only. The map knows it as long as
// somebody holds it.
type openMap struct{ bytes []uint8 }

// packMap keeps bytes, which it does not hold on to. Noise costs a byte in 64
// more than it is.
func packMap(pix []uint8) *byteMap {
	m := &byteMap{n: len(pix)}
	var count [256]int32
	literal := 0 // start of what no run covers
	for i := 0; i < len(pix); {
		n := runLength(pix[i:])
		if n < shortestRun {
			i += n
			continue
		}
		m.literal(pix[literal:i])
		m.runs = append(binary.AppendUvarint(m.runs, uint64(n)<<1|1), pix[i])
		i += n
		literal = i
	}
	m.literal(pix[literal:])
	m.runs = append([]byte(nil), m.runs...)
	for _, v := range pix {
		count[v]++
	}
	m.counted(&count)
	return m
}

// mapOf is the map of n pixels whose runs packMap made; ok is false where it made
// none such. It keeps the runs.
func mapOf(runs []byte, n int) (m *byteMap, ok bool) {
	m = &byteMap{n: n, runs: runs}
	var count [256]int32
	left := uint64(n)
	for len(runs) > 0 {
		head, size := binary.Uvarint(runs)
		k := head >> 1
		if size <= 0 || k == 0 || k > left {
			return nil, false
		}
		left -= k
		runs = runs[size:]
		if head&1 == 0 {
			if k > uint64(len(runs)) {
				return nil, false
			}
			for _, v := range runs[:k] {
				count[v]++
			}
			runs = runs[k:]
			continue
		}
		if len(runs) == 0 {
			return nil, false
		}
		count[runs[0]] += int32(k)
		runs = runs[1:]
	}
	m.counted(&count)
	return m, left == 0
}

// counted takes the number of pixels of each value.
func (m *byteMap) counted(count *[256]int32) {
	for v, sum := 255, int32(0); v >= 0; v-- {
		sum += count[v]
		m.atLeast[v] = sum
	}
}

// values are those that its pixels have.
func (m *byteMap) values() (s LabelSet) {
	if m == nil {
		return s
	}
	for v := range 256 {
		s.Put(uint8(v), m.atLeast[v] > 0 && (v == 255 || m.atLeast[v] > m.atLeast[v+1]))
	}
	return s
}

// shortestRun is the length from which equal bytes are kept as a run.
const shortestRun = 6

// literal appends bytes as they are.
func (m *byteMap) literal(pix []uint8) {
	if len(pix) > 0 {
		m.runs = append(binary.AppendUvarint(m.runs, uint64(len(pix))<<1), pix...)
	}
}

// runLength is how many of the first bytes are the same.
func runLength(pix []uint8) int {
	n, all := 1, uint64(pix[0])*ones
	for n+8 <= len(pix) && load8(pix[n:n+8]) == all {
		n += 8
	}
	for n < len(pix) && pix[n] == pix[0] {
		n++
	}
	return n
}

// bytes is about how much memory it keeps.
func (m *byteMap) bytes() int64 {
	if m == nil {
		return 0
	}
	return int64(len(m.runs))
}

// count is how many pixels are at least cut.
func (m *byteMap) count(cut uint8) int {
	if m == nil {
		return 0
	}
	return int(m.atLeast[cut])
}

// read is the content, which is unpacked unless somebody holds it; nil of none.
func (m *byteMap) read() *openMap {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if o := m.open.Value(); o != nil {
		return o
	}
	o := &openMap{bytes: m.unpack()}
	m.open = weak.Make(o)
	return o
}

func (m *byteMap) unpack() []uint8 {
	out := make([]uint8, m.n)
	at := 0
	for runs := m.runs; len(runs) > 0; {
		head, size := binary.Uvarint(runs)
		runs = runs[size:]
		n := int(head >> 1)
		if head&1 == 0 {
			copy(out[at:], runs[:n])
			runs = runs[n:]
		} else {
			fillRun(out[at:at+n], runs[0])
			runs = runs[1:]
		}
		at += n
	}
	return out
}

// fillRun sets bytes that are 0 to v.
func fillRun(b []uint8, v uint8) {
	if v == 0 {
		return
	}
	b[0] = v
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}

// pixels are an open map's bytes; nil of none.
func (o *openMap) pixels() []uint8 {
	if o == nil {
		return nil
	}
	return o.bytes
}
