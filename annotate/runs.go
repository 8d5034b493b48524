package annotate

import (
	"encoding/binary"
	"image"
)

// humanIn is the sheet's human layer within r, as packHuman has it.
func (h *sheet) humanIn(bounds, r image.Rectangle) []byte {
	if h.mask != nil {
		return packHuman(h.mask, r)
	}
	return cropRuns(h.packed, bounds, r)
}

// cropRuns cuts r out of the runs of bounds; no runs stand for a free layer.
func cropRuns(runs []byte, bounds, r image.Rectangle) []byte {
	if len(runs) == 0 {
		return appendRun(nil, free, uint64(r.Dx()*r.Dy()))
	}
	if r == bounds {
		return runs
	}
	var out []byte
	run, last := uint64(0), free
	unpackHuman(runs, bounds, func(y, x0, x1 int, state uint8) {
		x0, x1 = max(x0, r.Min.X), min(x1, r.Max.X)
		if y < r.Min.Y || y >= r.Max.Y || x0 >= x1 {
			return
		}
		if state != last {
			out = appendRun(out, last, run)
			run, last = 0, state
		}
		run += uint64(x1 - x0)
	})
	return appendRun(out, last, run)
}

// The forms in which a human layer is written: as runs, or a byte a pixel where
// that is shorter.
const (
	formRuns uint8 = iota
	formPlain
)

// layer writes the runs of a human layer of r.
func (e *encoder) layer(runs []byte, r image.Rectangle) {
	if n := r.Dx() * r.Dy(); len(runs) > n {
		e.byte(formPlain)
		e.count(n)
		unpackHuman(runs, r, func(_, x0, x1 int, state uint8) {
			for range x1 - x0 {
				e.b = append(e.b, state)
			}
		})
		return
	}
	e.byte(formRuns)
	e.bytes(runs)
}

// layer reads the runs of a human layer of r.
func (d *decoder) layer(r image.Rectangle) []byte {
	form, in := d.byte(), d.bytes()
	var out []byte
	run, last := uint64(0), free
	add := func(state uint8, n uint64) {
		if state != last {
			out = appendRun(out, last, run)
			run, last = 0, state
		}
		run += n
	}
	left := uint64(r.Dx() * r.Dy())
	switch form {
	case formPlain:
		for _, state := range in {
			add(state, 1)
		}
		if uint64(len(in)) != left {
			d.cut()
			return nil
		}
		left = 0
	case formRuns:
		for len(in) > 1 {
			n, size := binary.Uvarint(in[1:])
			if size <= 0 || n > left {
				d.cut()
				return nil
			}
			add(in[0], n)
			in, left = in[1+size:], left-n
		}
	}
	if form > formPlain || left != 0 {
		d.cut()
		return nil
	}
	return appendRun(out, last, run)
}
