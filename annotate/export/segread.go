package export

import (
	"errors"
	"fmt"
	"math"
	"os"

	"github.com/suyashkumar/dicom/pkg/tag"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom"
)

// segFile is a segmentation as it was read back.
type segFile struct {
	file   string
	labels int
	binary bool
	frames map[int][]segFrame // by slice; of binary ones
	sums   map[int]string     // by slice; of fractional ones
}

// segFrame is the pixels of a segment on a slice.
type segFrame struct {
	number int
	bits   []byte
}

// each calls f with the index of each pixel that is in the segment.
func (f segFrame) each(call func(p int)) {
	for k, b := range f.bits {
		for bit := 0; b != 0; bit, b = bit+1, b>>1 {
			if b&1 != 0 {
				call(8*k + bit)
			}
		}
	}
}

// dicomFile reads the case's one file of a kind.
func dicomFile(r *Reader, kind string, use func(o *dicom.Object) error) (string, error) {
	files := r.Files(kind)
	if len(files) != 1 {
		return "", fmt.Errorf("the case %s has %s of the kind %s, not one", r.Entry.Case, ct.Count(len(files), "file"), kind)
	}
	name := files[0].File
	f, err := os.Open(r.Path(files[0]))
	if err != nil {
		return name, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return name, err
	}
	o, err := dicom.ReadObject(f, info.Size())
	if err == nil {
		err = use(o)
	}
	if err != nil {
		return name, fmt.Errorf("%s cannot be read: %w", name, err)
	}
	return name, nil
}

// readSEG reads a segmentation of a number of labels: of bits where it is binary, else
// of probabilities.
func readSEG(r *Reader, kind string, binary bool, labels int) (*segFile, error) {
	s := &segFile{binary: binary, labels: labels, frames: map[int][]segFrame{}, sums: map[int]string{}}
	var err error
	s.file, err = dicomFile(r, kind, func(o *dicom.Object) error { return s.read(r, o) })
	return s, err
}

func (s *segFile) read(r *Reader, o *dicom.Object) error {
	if err := s.checkHead(r, o); err != nil {
		return err
	}
	find := newFinder(r.Entry)
	all := func(int, int) (bool, error) { return true, nil }
	return o.Frames(all, func(n int, f dicom.Stored) error {
		var from []dicom.Item
		for _, d := range o.Group(n, tag.DerivationImageSequence.Uint32()) {
			from = append(from, d.Items(tag.SourceImageSequence.Uint32())...)
		}
		i, err := find.slice(from)
		if err != nil {
			return fmt.Errorf("frame %d: %w", n+1, err)
		}
		if at := o.Place(n); !find.lies(i, at) {
			return fmt.Errorf("frame %d does not lie on slice %d, of which it is", n+1, i+1)
		}
		return s.keep(o, n, i, f)
	})
}

// checkHead says what the file is that it should not be.
func (s *segFile) checkHead(r *Reader, o *dicom.Object) error {
	kind, want, bits := o.Text(tag.SegmentationType.Uint32()), "FRACTIONAL", 8
	if s.binary {
		want, bits = "BINARY", 1
	}
	rows, columns := o.Integer(tag.Rows.Uint32(), 0), o.Integer(tag.Columns.Uint32(), 0)
	switch n := len(o.Items(tag.SegmentSequence.Uint32())); {
	case kind != want || o.Integer(tag.BitsAllocated.Uint32(), 0) != bits:
		return fmt.Errorf("it is %s, not %s", kind, want)
	case n != s.labels:
		return fmt.Errorf("it has %s, not %d", ct.Count(n, "segment"), s.labels)
	case rows != r.Entry.Series.Rows || columns != r.Entry.Series.Columns:
		return fmt.Errorf("its frames have %dx%d pixels", columns, rows)
	}
	return nil
}

// keep notes the pixels of frame n, which is of slice i.
func (s *segFile) keep(o *dicom.Object, n, i int, f dicom.Stored) error {
	plane := make([]uint8, len(f.Values))
	frame := segFrame{bits: make([]byte, (len(f.Values)+7)/8)}
	for p, v := range f.Values {
		plane[p] = uint8(v)
		if v != 0 {
			frame.bits[p/8] |= 1 << (p % 8)
		}
	}
	for _, item := range o.Group(n, tag.SegmentIdentificationSequence.Uint32()) {
		frame.number = item.Integer(tag.ReferencedSegmentNumber.Uint32(), 0)
	}
	if frame.number < 1 || frame.number > s.labels {
		return fmt.Errorf("frame %d is of a segment %d, which there is not", n+1, frame.number)
	}
	if s.binary {
		s.frames[i] = append(s.frames[i], frame)
		return nil
	}
	if s.sums[i] != "" {
		return fmt.Errorf("slice %d has two frames", i+1)
	}
	s.sums[i] = digest(plane)
	return nil
}

// finder finds the slices of a case that DICOM objects refer to.
type finder struct {
	e      *CaseEntry
	slices map[finderKey]int
}

type finderKey struct {
	uid   string
	frame int
}

func newFinder(e *CaseEntry) *finder {
	f := &finder{e, map[finderKey]int{}}
	for i, s := range e.Slices {
		f.slices[finderKey{s.SOPInstanceUID, s.Frame}] = i
	}
	return f
}

// slice is the one slice that references name.
func (f *finder) slice(references []dicom.Item) (int, error) {
	if len(references) != 1 {
		return 0, fmt.Errorf("it refers to %s, not one", ct.Count(len(references), "image"))
	}
	r := references[0]
	i, ok := f.slices[finderKey{r.Text(tag.ReferencedSOPInstanceUID.Uint32()), r.Integer(tag.ReferencedFrameNumber.Uint32(), 0)}]
	if !ok {
		return 0, errors.New("it refers to an image that is no slice of the case")
	}
	return i, nil
}

// corner is the centre of slice i's first pixel, in mm (LPS), and the steps from one
// column and from one row to the next.
func (f *finder) corner(i int) (at, right, down [3]float64) {
	s, a := f.e.Slices[i], f.e.Series.Affine
	for k, sign := range [3]float64{-1, -1, 1} {
		right[k], down[k] = sign*a[k][0], sign*a[k][1]
		at[k] = sign * (a[k][3] + a[k][2]*float64(i))
	}
	switch {
	case s.CornerMM != nil:
		at = *s.CornerMM
	case s.PositionMM != nil: // the steps are not quite of one length
		step := [3]float64{-a[0][2], -a[1][2], a[2][2]}
		normal := cross(right, down)
		far := (*s.PositionMM*math.Sqrt(dot(normal, normal)) - dot(at, normal)) / dot(step, normal)
		for k := range at {
			at[k] += far * step[k]
		}
	}
	return at, right, down
}

func dot(a, b [3]float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b [3]float64) [3]float64 {
	return [3]float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// Most that a frame may lie beside its slice, in mm: slices of even series may be that
// much off an even distance.
func (f *finder) tolerance() float64 { return max(0.05*f.e.Series.SpacingMM[2], 0.02) }

// lies reports whether a frame lies where slice i does.
func (f *finder) lies(i int, at dicom.Frame) bool {
	if f.e.Series.Affine == nil || !at.Placed {
		return false
	}
	corner, right, down := f.corner(i)
	far := 0.0
	for k := range 3 {
		far = max(far, math.Abs(corner[k]-at.Position[k]))
		far = max(far, 100*math.Abs(right[k]-at.Row[k]*at.Spacing[1]), 100*math.Abs(down[k]-at.Column[k]*at.Spacing[0]))
	}
	return far <= f.tolerance()
}
