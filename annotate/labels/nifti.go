package labels

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/nifti"
)

const kindNIfTI = "NIfTI mask"

// boxValues bounds how many values of a volume are held at once.
const boxValues = 64 << 20

// volume is a NIfTI mask that is being read.
type volume struct {
	image  *nifti.Image
	voxels io.ReaderAt
	codes  map[value]uint8 // of the values seen, in the order of their coming
	values []value         // by code
}

// onSlice is a slice and where its values are.
type onSlice struct {
	slice int
	lattice
	by     By
	packed []byte // codes
}

// readNIfTI reads a NIfTI mask of whole numbers; false where the file is none.
func (in *intake) readNIfTI(f io.ReaderAt, size int64) (known bool, err error) {
	v, known, err := in.openVolume(f, size)
	if !known || err != nil {
		return known, err
	}
	on, labels, err := in.readVolume(v)
	if err != nil {
		return true, err
	}
	if n := v.image.Dim[on[0].axis[2]]; len(on) < n {
		in.remark("%d of its %d planes lie where the series has no slice: %s", n-len(on), n, missing(on, n))
	}
	for _, o := range on {
		in.lay(o.slice, v.labelled(o, labels, in.canvas.pixels()), fmt.Sprintf("plane %d", o.plane+1), o.by)
	}
	in.meanings(v.count(on, in.canvas.pixels()), labels)
	return true, nil
}

// openVolume looks at what a NIfTI file says of its voxels; false where it is none.
func (in *intake) openVolume(f io.ReaderAt, size int64) (v *volume, known bool, err error) {
	head, compressed := nifti.Head(f, size)
	if !nifti.Is(head) {
		return nil, false, nil
	}
	in.kind = kindNIfTI
	m, err := nifti.Parse(head)
	if err != nil {
		return nil, true, err
	}
	switch {
	case m.Pair:
		return nil, true, errors.New("its voxels are in a file of their own; convert it to .nii or .nii.gz")
	case m.Volumes > 1:
		return nil, true, fmt.Errorf("it holds %d volumes, where a mask is one", m.Volumes)
	case !m.Fits(size, compressed):
		return nil, true, fmt.Errorf("the file is cut short: %d bytes cannot hold %dx%dx%d voxels", size, m.Dim[0], m.Dim[1], m.Dim[2])
	}
	v = &volume{image: m, voxels: f, codes: map[value]uint8{0: 0}, values: []value{0}}
	if compressed {
		v.voxels = nifti.InflateSection(f, size)
	}
	return v, true, nil
}

// readVolume reads a volume's planes that lie on slices, in their order, of which there
// is at least one, and finds the labels of its values.
func (in *intake) readVolume(v *volume) (on []onSlice, labels map[value]uint8, err error) {
	on, reason := in.planesOf(v.image)
	if len(on) == 0 {
		return nil, nil, errors.New(reason)
	}
	slices.SortFunc(on, func(a, b onSlice) int { return a.plane - b.plane })
	for rest := on; len(rest) > 0; {
		n := v.together(rest)
		if err := in.readPlanes(v, rest[:n]); err != nil {
			return nil, nil, err
		}
		rest = rest[n:]
	}
	_, words := stem(bare(in.file))
	labels, err = in.assign(v.count(on, in.canvas.pixels()), words)
	return on, labels, err
}

// together is how many of the first planes are read at once: as far as the box
// around them is small, but at least one.
func (v *volume) together(on []onSlice) int {
	dim := v.image.Dim
	plane := dim[on[0].axis[0]] * dim[on[0].axis[1]]
	n := 1
	for n < len(on) && (on[n].plane-on[0].plane+1)*plane <= boxValues {
		n++
	}
	return n
}

// readPlanes reads planes that are read together.
func (in *intake) readPlanes(v *volume, on []onSlice) error {
	lo, hi, z := [3]int{}, v.image.Dim, on[0].axis[2]
	if hi[on[0].axis[0]] > ct.MaxPixels/hi[on[0].axis[1]] {
		return errors.New("its planes are too large")
	}
	lo[z], hi[z] = on[0].plane, on[len(on)-1].plane+1
	size := [3]int{hi[0] - lo[0], hi[1] - lo[1], hi[2] - lo[2]}
	box := make([]uint8, 0, size[0]*size[1]*size[2])
	err := v.image.Rows(v.voxels, 0, lo, hi, func(_, _ int, values []float64) (err error) {
		if err := in.ctx.Err(); err != nil {
			return err
		}
		box, err = v.encode(box, values)
		return err
	})
	if err != nil {
		return err
	}
	for i := range on {
		on[i].packed = pack(take(on[i].lattice, box, size, lo[z]))
	}
	return nil
}

// encode appends the codes of values, which must be whole numbers, and few.
func (v *volume) encode(box []uint8, values []float64) ([]uint8, error) {
	last, code := 0.0, uint8(0)
	for _, f := range values {
		if f != last {
			if f != math.Trunc(f) || math.Abs(f) >= float64(isColour) {
				return nil, fmt.Errorf("it holds values such as %g: a mask has whole numbers", f)
			}
			c, ok := v.codes[value(f)]
			if !ok {
				if len(v.values) > maxValues {
					return nil, errManyValues
				}
				c = uint8(len(v.values))
				v.codes[value(f)], v.values = c, append(v.values, value(f))
			}
			last, code = f, c
		}
		box = append(box, code)
	}
	return box, nil
}

// count counts the values, without 0, on planes of n pixels.
func (v *volume) count(on []onSlice, n int) map[value]int {
	codes := [256]int{}
	for _, o := range on {
		for _, c := range unpack(o.packed, n) {
			codes[c]++
		}
	}
	out := map[value]int{}
	for c, value := range v.values {
		if codes[c] > 0 && value != 0 {
			out[value] = codes[c]
		}
	}
	return out
}

// labelled is a plane of n pixels with labels in place of values.
func (v *volume) labelled(o onSlice, labels map[value]uint8, n int) []uint8 {
	plane := unpack(o.packed, n)
	for p, c := range plane {
		plane[p] = labels[v.values[c]]
	}
	return plane
}
