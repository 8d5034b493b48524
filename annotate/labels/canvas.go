package labels

import "encoding/binary"

// canvas holds the labels of a series' slices, each packed as runs: a label and
// a length (uvarint).
type canvas struct {
	w, h     int
	packed   [][]byte // by slice; nil where nothing was laid
	overlaps map[[2]uint8]int
	beneath  func(label uint8) bool // labels that go under all others
}

func newCanvas(w, h, n int) *canvas {
	return &canvas{w: w, h: h, packed: make([][]byte, n), overlaps: map[[2]uint8]int{}, beneath: func(uint8) bool { return false }}
}

// lay puts labels over those of slice i, but for those that go beneath, and counts
// where one hides another.
func (c *canvas) lay(i int, over []uint8) {
	under := c.plane(i)
	for p, v := range over {
		if v == 0 {
			continue
		}
		u := under[p]
		if u != 0 && c.beneath(v) && !c.beneath(u) {
			u, v = v, u
		}
		if u != 0 && u != v {
			c.overlaps[[2]uint8{u, v}]++
		}
		under[p] = v
	}
	c.packed[i] = pack(under)
}

// plane unpacks slice i.
func (c *canvas) plane(i int) []uint8 { return unpack(c.packed[i], c.w*c.h) }

func unpack(runs []byte, n int) []uint8 {
	out := make([]uint8, n)
	for at := 0; len(runs) > 0; {
		length, size := binary.Uvarint(runs[1:])
		for k := range out[at : at+int(length)] {
			out[at+k] = runs[0]
		}
		at += int(length)
		runs = runs[1+size:]
	}
	return out
}

func pack(plane []uint8) (out []byte) {
	for start := 0; start < len(plane); {
		end := start + 1
		for end < len(plane) && plane[end] == plane[start] {
			end++
		}
		out = binary.AppendUvarint(append(out, plane[start]), uint64(end-start))
		start = end
	}
	return out
}

// used are the slices that have any label.
func (c *canvas) used() (list []int) {
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
