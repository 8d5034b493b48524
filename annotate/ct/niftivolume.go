package ct

import (
	"fmt"
	"io"
	"math"
	"sync"

	"groundglass/annotate/ct/nifti"
)

// panelBytes bounds the slices that are read together where the slices lie
// across the order of the file, so that each would need the whole file.
const panelBytes = 32 << 20

// niftiVolume reads the slices of one volume.
type niftiVolume struct {
	image   *nifti.Image
	number  int // of the volume in its file
	placing placing
	unit    bool // values 0..1 are a lung window
	open    func() (r io.ReaderAt, done func() error, err error)
	atOnce  int // slices that are read together

	mu    sync.Mutex
	first int // of the slices in panel
	panel []*Slice
}

// volume makes the series of a volume of which some values have been seen.
func (n *niftiFile) volume(v *niftiVolume, seen sample) *Series {
	v.unit = seen.unit()
	m, p := n.image, v.placing
	g := p.geometry(m)
	meta := Series{
		UID:              niftiUID(n.path, m.Dim, v.number),
		Description:      SliceName(Source{File: n.path}),
		Columns:          p.size[0],
		Rows:             p.size[1],
		Geometry:         g,
		Window:           seen.window(),
		Values:           valuesOf(m, v.unit),
		Assumed:          v.unit,
		TransferSyntaxes: []string{fmt.Sprintf("NIfTI-%d", m.Version)},
		Warnings:         append(placeWarnings(g), seen.warnings()...),
		Unlikely:         !seen.likely(),
		slight:           seen.slight(),
	}
	if m.Volumes > 1 {
		meta.Description += fmt.Sprintf(" (volume %d of %d)", v.number+1, m.Volumes)
	}
	normal, _ := direction(g.Normal())
	for i := range p.size[2] {
		src := Source{File: n.voxels, HasPosition: g.Known}
		if p.size[2] > 1 {
			src.Frame = p.stored(2, i) + 1
		}
		if g.Known {
			src.PositionMM = dot(normal, g.At(0, 0, float64(i)))
		}
		meta.Sources = append(meta.Sources, src)
	}
	return NewSeries(meta, v.slice)
}

// atOnce is 1 where the slices lie one after another in the file.
func (p placing) atOnce() int {
	if p.axis[2] == 2 {
		return 1
	}
	return max(1, panelBytes/(2*p.size[0]*p.size[1]))
}

// slice returns slice i, which it reads with those around it, unless they are
// read one by one.
func (v *niftiVolume) slice(i int) (*Slice, error) {
	if v.atOnce == 1 {
		s, err := v.read(i, 1)
		if err != nil {
			return nil, err
		}
		return s[0], nil
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if i < v.first || i >= v.first+len(v.panel) {
		first := i / v.atOnce * v.atOnce
		panel, err := v.read(first, min(v.atOnce, v.placing.size[2]-first))
		if err != nil {
			return nil, err
		}
		v.first, v.panel = first, panel
	}
	return v.panel[i-v.first], nil
}

// read reads n slices from first on in one pass through the file.
func (v *niftiVolume) read(first, n int) ([]*Slice, error) {
	p := v.placing
	lo, hi := [3]int{}, v.image.Dim
	lo[p.axis[2]] = min(p.stored(2, first), p.stored(2, first+n-1))
	hi[p.axis[2]] = lo[p.axis[2]] + n
	box := &box{hu: make([]int16, n*p.size[0]*p.size[1]), unit: v.unit}
	for w, step := range [3]int{1, p.size[0], p.size[0] * p.size[1]} {
		if p.flip[w] {
			step = -step
		}
		box.step[p.axis[w]] = step
		at := p.stored(w, 0)
		if w == 2 {
			at = p.stored(w, first)
		}
		box.origin -= step * at
	}
	r, done, err := v.open()
	if err != nil {
		return nil, err
	}
	defer done()
	err = v.image.Rows(r, v.number, lo, hi, func(j, k int, values []float64) error {
		box.put(lo[0], j, k, values)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return box.slices(p.size[0], p.size[1]), nil
}

// box is where voxels go, in the order of slices, rows, columns.
type box struct {
	hu     []int16
	pad    []bool // nil until a value is no number
	step   [3]int // from one voxel to the next along the stored axes
	origin int    // where voxel (0, 0, 0) goes, or would go
	unit   bool
}

func (b *box) put(i, j, k int, values []float64) {
	at := b.origin + i*b.step[0] + j*b.step[1] + k*b.step[2]
	for _, value := range values {
		switch {
		case math.IsNaN(value):
			if b.pad == nil {
				b.pad = make([]bool, len(b.hu))
			}
			b.hu[at], b.pad[at] = Air, true
		case b.unit:
			b.hu[at] = lungScale.hu(max(0, min(1, value)), 1)
		default:
			b.hu[at] = huOf(value)
		}
		at += b.step[0]
	}
}

func (b *box) slices(w, h int) (all []*Slice) {
	for n := w * h; len(b.hu) > 0; b.hu = b.hu[n:] {
		s := &Slice{HU: b.hu[:n:n], W: w, H: h}
		if b.pad != nil {
			s.Pad, b.pad = b.pad[:n:n], b.pad[n:]
		}
		all = append(all, s)
	}
	return all
}
