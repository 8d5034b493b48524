package annotate

import (
	"encoding/binary"
	"image"
)

// The human layer of a pixel fits one byte: free (the proposal shows), removed,
// or the label that a person painted (1 to 254).
const (
	free    uint8 = 0
	removed uint8 = 255
)

// humanState is a pixel's human layer.
func humanState(label uint8, o Origin) uint8 {
	switch o {
	case HumanAdded:
		return label
	case HumanRemoved:
		return removed
	}
	return free
}

// pixel is the label and origin that a human layer other than free stands for.
func pixel(state uint8) (uint8, Origin) {
	if state == removed {
		return 0, HumanRemoved
	}
	return state, HumanAdded
}

// packHuman returns the human layer of m within r, row by row as runs: a state
// and a length (uvarint) each.
func packHuman(m *Mask, r image.Rectangle) []byte {
	var out []byte
	run, state := uint64(0), free
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for i, end := y*m.W+r.Min.X, y*m.W+r.Max.X; i < end; i++ {
			for ; i+8 < end && all8(m, i, state); i += 8 {
				run += 8
			}
			if v := humanState(m.Label[i], m.Origin[i]); v != state {
				out = appendRun(out, state, run)
				run, state = 0, v
			}
			run++
		}
	}
	return appendRun(out, state, run)
}

// packStates is packHuman of states, rows of w.
func packStates(states []uint8, w int, r image.Rectangle) (out []byte) {
	run, state := uint64(0), free
	for y := r.Min.Y; y < r.Max.Y; y++ {
		row := states[y*w+r.Min.X : y*w+r.Max.X]
		for x := 0; x < len(row); x++ {
			for ; x+8 < len(row) && load8(row[x:x+8]) == uint64(state)*ones; x += 8 {
				run += 8
			}
			if row[x] != state {
				out = appendRun(out, state, run)
				run, state = 0, row[x]
			}
			run++
		}
	}
	return appendRun(out, state, run)
}

// countHuman is the number of pixels in runs that a person set.
func countHuman(runs []byte) (n int) {
	for len(runs) > 1 {
		length, size := binary.Uvarint(runs[1:])
		if size <= 0 {
			return n
		}
		n += int(length) * m2i(runs[0] != free)
		runs = runs[1+size:]
	}
	return n
}

// all8 reports whether the 8 pixels from i on have this human layer.
func all8(m *Mask, i int, state uint8) bool {
	o := load8(m.Origin[i : i+8])
	switch state {
	case free:
		return o&(uint64(humanBit)*ones) == 0
	case removed:
		return o == uint64(HumanRemoved)*ones
	}
	return o == uint64(HumanAdded)*ones && load8(m.Label[i:i+8]) == uint64(state)*ones
}

// sameHuman reports whether two masks have the same human layer within r.
func sameHuman(a, b *Mask, r image.Rectangle) bool {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for i := y*a.W + r.Min.X; i < y*a.W+r.Max.X; i++ {
			if humanState(a.Label[i], a.Origin[i]) != humanState(b.Label[i], b.Origin[i]) {
				return false
			}
		}
	}
	return true
}

func appendRun(out []byte, state uint8, n uint64) []byte {
	if n == 0 {
		return out
	}
	return binary.AppendUvarint(append(out, state), n)
}

// unpackHuman calls each with every run of what packHuman made of r, cut at the
// ends of rows: the state of columns [x0, x1) of row y.
func unpackHuman(runs []byte, r image.Rectangle, each func(y, x0, x1 int, state uint8)) {
	x, y := r.Min.X, r.Min.Y
	for len(runs) > 1 {
		n, size := binary.Uvarint(runs[1:])
		if size <= 0 {
			return
		}
		for left := int(n); left > 0 && y < r.Max.Y; {
			step := min(left, r.Max.X-x)
			each(y, x, x+step, runs[0])
			left -= step
			if x += step; x == r.Max.X {
				x, y = r.Min.X, y+1
			}
		}
		runs = runs[1+size:]
	}
}
