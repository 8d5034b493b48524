package labels

import (
	"bytes"
	"encoding/binary"
)

// canvas holds the labels of a series' slices, each packed as runs: a label and
// a length (uvarint). The slice that was laid on last stays unpacked until another
// one's turn, so that thousands of small parts of one slice take little.
type canvas struct {
	w, h     int
	packed   [][]byte // by slice; nil where nothing was laid
	overlaps map[[2]uint8]int
	beneath  func(label uint8) bool // labels that go under all others
	scratch  []uint8
	at       int  // the slice that scratch holds; -1 for none
	changed  bool // since it was unpacked
	moved    int  // bytes that were packed and unpacked
}

func newCanvas(w, h, n int) *canvas {
	return &canvas{
		w: w, h: h, packed: make([][]byte, n), overlaps: map[[2]uint8]int{}, beneath: func(uint8) bool { return false }, scratch: make([]uint8, w*h), at: -1,
	}
}

// pixels is how many a slice has.
func (c *canvas) pixels() int { return c.w * c.h }

// lay puts labels over those of slice i, but for those that go beneath, and counts
// where one hides another. Only those from low on and before high are looked at;
// it returns how many there are.
func (c *canvas) lay(i int, over []uint8, low, high int) (n int) {
	c.open(i)
	under := c.scratch
	m := meeting{c: c}
	for p, v := range over[low:high] {
		if v == 0 {
			continue
		}
		n++
		if u := under[low+p]; u != 0 && u != v {
			v = m.top(u, v)
		}
		under[low+p] = v
	}
	m.end()
	c.changed = c.changed || n > 0 || c.packed[i] == nil
	return n
}

// open unpacks slice i.
func (c *canvas) open(i int) {
	if c.at == i {
		return
	}
	c.settle()
	clear(c.scratch)
	unpackOn(c.scratch, c.packed[i])
	c.at = i
	c.moved += len(c.packed[i])
}

// settle packs the slice that is unpacked. Until another lay, all of the canvas can be
// read then by several goroutines.
func (c *canvas) settle() {
	if c.changed {
		c.packed[c.at] = pack(c.scratch)
		c.moved += len(c.packed[c.at])
		c.changed = false
	}
}

// meeting counts pixels at which two labels meet, which are often the same two as
// at the pixel before.
type meeting struct {
	c           *canvas
	under, over uint8 // as they came
	lies, hides uint8 // as they are laid
	n           int
}

// top is which of two labels, of which over comes later, is laid over the other.
func (m *meeting) top(under, over uint8) uint8 {
	if under != m.under || over != m.over {
		m.end()
		m.under, m.over, m.lies, m.hides, m.n = under, over, under, over, 0
		if m.c.beneath(over) && !m.c.beneath(under) {
			m.lies, m.hides = over, under
		}
	}
	m.n++
	return m.hides
}

func (m *meeting) end() {
	if m.n > 0 {
		m.c.overlaps[[2]uint8{m.lies, m.hides}] += m.n
	}
}

// plane unpacks slice i.
func (c *canvas) plane(i int) []uint8 {
	c.settle()
	return unpack(c.packed[i], c.w*c.h)
}

func unpack(runs []byte, n int) []uint8 {
	out := make([]uint8, n)
	unpackOn(out, runs)
	return out
}

// unpackOn unpacks runs on a plane of zeros, and returns outside which range it
// stays so.
func unpackOn(out []uint8, runs []byte) (low, high int) {
	low = len(out)
	for at := 0; len(runs) > 0; {
		length, size := binary.Uvarint(runs[1:])
		if runs[0] != 0 {
			fill(out[at:at+int(length)], runs[0])
			low, high = min(low, at), at+int(length)
		}
		at += int(length)
		runs = runs[1+size:]
	}
	return min(low, high), high
}

// fill sets all of b to v.
func fill(b []uint8, v uint8) {
	if len(b) == 0 {
		return
	}
	b[0] = v
	for n := 1; n < len(b); n *= 2 {
		copy(b[n:], b[:n])
	}
}

func pack(plane []uint8) (out []byte) {
	for start := 0; start < len(plane); {
		end := start + same(plane[start:])
		out = binary.AppendUvarint(append(out, plane[start]), uint64(end-start))
		start = end
	}
	return out
}

// same is how many of the first bytes are alike; b is not empty.
func same(b []byte) (n int) {
	const step = 32
	n = 1
	for n+step < len(b) && bytes.Equal(b[n:n+step], b[n-1:n-1+step]) {
		n += step
	}
	for n < len(b) && b[n] == b[0] {
		n++
	}
	return n
}

// used are the slices that have any label.
func (c *canvas) used() (list []int) {
	c.settle()
	for i, runs := range c.packed {
		for at := 0; at < len(runs); {
			if runs[at] != 0 {
				list = append(list, i)
				break
			}
			_, size := binary.Uvarint(runs[at+1:])
			at += 1 + size
		}
	}
	return list
}
