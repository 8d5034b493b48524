package export

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/nifti"
)

// volumes is what formats of NIfTI volumes share: a volume of labels a case, and one of
// Hounsfield units, both on the grid of the series. Where the series does not say how it
// lies in the patient, rows are written bottom up, since readers take the second axis
// of such files to run to the front.
type volumes struct {
	plain
	label, image func(name string) string // their paths by the case's name; image may be nil
}

func (v volumes) write(w *Writer) error {
	if v.image != nil {
		err := w.File(KindImage, AllSlices, v.image(w.Name), func(to io.Writer) error {
			return nifti.WriteGzip(to, w.Series.NIfTIHeader(), w.hounsfield)
		})
		if err != nil {
			return err
		}
	}
	if g := w.Series.Geometry; !g.Known && g.Spacing == [3]float64{1, 1, 1} {
		w.remark("the images do not say how large their pixels are: voxels are given as 1 x 1 x 1 mm")
	}
	if w.Series.Geometry.Uneven {
		w.remark("slices are missing or shifted, and the volume does not say so: its affine takes them as evenly spaced")
	}
	if w.Entry.Series.sheared() {
		w.remark("the gantry was tilted, and the affine keeps it: programs that read with ITK, such as SimpleITK, take no such volume; nibabel does")
	}
	return w.File(KindMask, AllSlices, v.label(w.Name), func(to io.Writer) error {
		return nifti.WriteBytesGzip(to, w.Series.NIfTIHeader(), func(i int) ([]uint8, error) {
			p, err := w.Plane(i)
			return stored(w.Series.Geometry.Known, p, w.Series.Columns), err
		})
	})
}

// sheared reports whether the slices do not lie on top of each other, but aslant, by more
// than a tenth of a degree.
func (s SeriesEntry) sheared() bool {
	a := s.Affine
	if a == nil {
		return false
	}
	column := func(k int) [3]float64 { return [3]float64{a[0][k], a[1][k], a[2][k]} }
	cosine := func(u, v [3]float64) float64 {
		return math.Abs(u[0]*v[0]+u[1]*v[1]+u[2]*v[2]) / math.Hypot(math.Hypot(u[0], u[1]), u[2]) / math.Hypot(math.Hypot(v[0], v[1]), v[2])
	}
	const tenth = 0.1 * math.Pi / 180
	return max(cosine(column(0), column(1)), cosine(column(0), column(2)), cosine(column(1), column(2))) > tenth
}

// hounsfield is slice i as volumes hold it. Its digest is noted for who reads it back.
func (w *Writer) hounsfield(i int) ([]int16, error) {
	if err := w.ctx.Err(); err != nil {
		return nil, err
	}
	s, err := w.Series.Slice(i)
	if err != nil {
		return nil, err
	}
	w.Entry.Slices[i].note(KindImage, bytesOf16(s.HU))
	return stored(w.Series.Geometry.Known, s.HU, s.W), nil
}

// stored are the rows of a slice as volumes have them, and the reverse.
func stored[V any](placed bool, p []V, w int) []V {
	if placed {
		return p
	}
	return nifti.BottomUp(p, w)
}

func bytesOf16(values []int16) []byte {
	out := make([]byte, 0, 2*len(values))
	for _, v := range values {
		out = binary.LittleEndian.AppendUint16(out, uint16(v))
	}
	return out
}

func (v volumes) read(r *Reader) (func(i int) ([]uint8, error), error) {
	files := r.Files(KindMask)
	if len(files) != 1 {
		return nil, fmt.Errorf("%s has %s of labels in place of one", r.Entry.Case, ct.Count(len(files), "volume"))
	}
	return r.planes8(files[0])
}

// planes8 reads the slices of a volume of whole numbers, 0 to 255.
func (r *Reader) planes8(f FileEntry) (func(i int) ([]uint8, error), error) {
	slice, err := r.openVolume(f)
	if err != nil {
		return nil, err
	}
	return func(i int) ([]uint8, error) {
		values, err := slice(i)
		if err != nil {
			return nil, err
		}
		out := make([]uint8, len(values))
		for k, x := range values {
			if x < 0 || x > 255 || x != math.Trunc(x) {
				return nil, fmt.Errorf("%s has the value %g on slice %d, which is no label", f.File, x, i+1)
			}
			out[k] = uint8(x)
		}
		return out, nil
	}, nil
}

// openVolume opens a volume and compares how it lies with the series. The function
// gives its slices, to be taken in order.
func (r *Reader) openVolume(e FileEntry) (slice func(i int) ([]float64, error), err error) {
	f, err := os.Open(r.Path(e))
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", e.File, err)
	}
	r.closers = append(r.closers, f)
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	head, zipped := nifti.Head(f, info.Size())
	m, err := nifti.Parse(head)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.File, err)
	}
	if err := r.lies(m); err != nil {
		return nil, fmt.Errorf("%s %w", e.File, err)
	}
	var voxels io.ReaderAt = f
	if zipped {
		voxels = nifti.InflateSection(f, info.Size())
	}
	w, placed := m.Dim[0], r.Entry.Series.Affine != nil
	return func(i int) ([]float64, error) {
		out := make([]float64, 0, w*m.Dim[1])
		err := m.Rows(voxels, 0, [3]int{0, 0, i}, [3]int{w, m.Dim[1], i + 1}, func(_, _ int, values []float64) error {
			out = append(out, values...)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("%s is damaged at slice %d: %w", e.File, i+1, err)
		}
		return stored(placed, out, w), nil
	}, nil
}

// lies says in what a volume lies otherwise than the series.
func (r *Reader) lies(m *nifti.Image) error {
	s := r.Entry.Series
	if want := [3]int{s.Columns, s.Rows, len(r.Entry.Slices)}; m.Dim != want || m.Volumes > 1 {
		return fmt.Errorf("has %v voxels in place of %v", m.Dim, want)
	}
	if s.Affine == nil {
		return nil
	}
	if !m.Placed {
		return errors.New("does not say how it lies in the patient")
	}
	for row := range 3 {
		for column := range 4 {
			want, got := s.Affine[row][column], m.Affine[row][column]
			if math.Abs(got-want) > 1e-4*max(1, math.Abs(want)) {
				return fmt.Errorf("lies elsewhere than the series: its affine is %v, not %v", m.Affine, *s.Affine)
			}
		}
	}
	return nil
}

// check compares the volume of Hounsfield units with the one that was written.
func (v volumes) check(r *Reader) []string {
	return r.checkVolume(KindImage, "values than the series", func(values []float64) ([]byte, bool) {
		hu, whole := make([]int16, len(values)), true
		for k, x := range values {
			hu[k] = int16(x)
			whole = whole && float64(hu[k]) == x
		}
		return bytesOf16(hu), whole
	})
}

// checkVolume compares the case's one volume of a kind with the planes that were noted
// when it was written. Bytes are what was noted of such values; false for values that
// were never written. Other completes the sentence of a slice that has others.
func (r *Reader) checkVolume(kind, other string, bytes func(values []float64) ([]byte, bool)) []string {
	f, problems := r.oneOf(kind)
	if f.File == "" {
		return problems
	}
	slice, err := r.openVolume(f)
	if err != nil {
		return problemOf(err)
	}
	for i, s := range r.Entry.Slices {
		values, err := slice(i)
		if err != nil {
			return problemOf(err)
		}
		if plane, ok := bytes(values); !ok || digest(plane) != s.Planes[kind] {
			return []string{fmt.Sprintf("slice %d of %s has other %s.", i+1, f.File, other)}
		}
	}
	return nil
}

// oneOf is the case's one file of a kind, whose planes are noted in the manifest; none
// where none are. What there is too much or too little is a problem.
func (r *Reader) oneOf(kind string) (f FileEntry, problems []string) {
	files, want := r.Files(kind), 0
	if len(r.Entry.Slices) > 0 && r.Entry.Slices[0].Planes[kind] != "" {
		want = 1
	}
	if len(files) != want {
		return f, []string{fmt.Sprintf("%s has %s of the kind %s in place of %d.", r.Entry.Case, ct.Count(len(files), "file"), kind, want)}
	}
	if want == 0 {
		return f, nil
	}
	return files[0], nil
}

// problemOf is what is said of an error; nothing of a missing file, which is said
// elsewhere.
func problemOf(err error) []string {
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return []string{sentence(err)}
}
