package export

import (
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/suyashkumar/dicom/pkg/tag"

	"groundglass/annotate/contour"
	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/export/derived"
)

var rtstructPreset = Preset{
	Name: "rtstruct", Title: "DICOM RTSTRUCT",
	About:  "a DICOM radiotherapy structure set a series, a structure a label, with contours along the edges of pixels; holes are joined to the contour around them",
	Many:   true,
	format: func(*Options) format { return rtstructFormat{} },
}

// maxContours is how many contours package dicom reads at most, which bounds the
// elements of a file.
const maxContours = 24_000

// rtstructFormat writes NAME_rtstruct.dcm. Structures are numbered by the labels'
// values.
type rtstructFormat struct{ plain }

func (rtstructFormat) write(w *Writer) error {
	from, err := w.source()
	if err != nil {
		return err
	}
	values := fileValues(w.Labels)
	lines, parts := make([][]derived.Contour, len(values)), 0
	by, sum, err := w.eachPlane(func(i int, p []uint8) {
		for k, v := range values {
			for _, part := range contour.Trace(from.Columns, from.Rows, func(x, y int) bool { return p[y*from.Columns+x] == v }) {
				lines[k] = append(lines[k], derived.Contour{Slice: i, Corners: part.Keyhole()})
				parts++
			}
		}
	})
	if err != nil {
		return err
	}
	if parts > maxContours {
		return fmt.Errorf("the masks have more than %d separate parts: too many contours to be read again; remove small islands, or take another format", maxContours)
	}
	s := &derived.StructureSet{
		Source: from, By: w.maker("Labels", &from), Content: sum,
		Labels:  derivedLabels(w.Labels, by, func(_ int, v uint8) int { return int(v) }),
		Outline: func(label int) iter.Seq[derived.Contour] { return slices.Values(lines[label]) },
	}
	return w.File(KindMask, AllSlices, w.Name+"_rtstruct.dcm", s.Write)
}

// outline is the contours of a structure on a slice: x and y of corners, in pixels,
// whose centres are whole numbers.
type outline struct {
	value uint8
	lines [][][2]float64
}

func (rtstructFormat) read(r *Reader) (func(i int) ([]uint8, error), error) {
	outlines := map[int][]*outline{}
	_, err := dicomFile(r, KindMask, func(o *dicom.Object) error {
		find := newFinder(r.Entry)
		for _, roi := range o.Items(tag.ROIContourSequence.Uint32()) {
			if err := readStructure(find, roi, outlines); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	w, h := r.Entry.Series.Columns, r.Entry.Series.Rows
	return func(i int) ([]uint8, error) {
		out := make([]uint8, w*h)
		for _, o := range outlines[i] {
			o.fill(out, w, h)
		}
		return out, nil
	}, nil
}

// readStructure reads the contours of a structure.
func readStructure(find *finder, roi dicom.Item, outlines map[int][]*outline) error {
	value := roi.Integer(tag.ReferencedROINumber.Uint32(), 0)
	if value < 1 || value > 255 {
		return fmt.Errorf("there is a structure %d", value)
	}
	for n, c := range roi.Items(tag.ContourSequence.Uint32()) {
		i, err := find.slice(c.Items(tag.ContourImageSequence.Uint32()))
		if err != nil {
			return fmt.Errorf("contour %d of structure %d: %w", n+1, value, err)
		}
		numbers, err := c.Decimals(tag.ContourData.Uint32())
		if err != nil {
			return err
		}
		line, ok := find.flat(i, numbers)
		if !ok || len(line) < 3 || len(line) != c.Integer(tag.NumberOfContourPoints.Uint32(), 0) {
			return fmt.Errorf("contour %d of structure %d is no closed line on slice %d, of which it is", n+1, value, i+1)
		}
		here := outlines[i]
		if len(here) == 0 || here[len(here)-1].value != uint8(value) {
			here = append(here, &outline{value: uint8(value)})
			outlines[i] = here
		}
		here[len(here)-1].lines = append(here[len(here)-1].lines, line)
	}
	return nil
}

// flat brings points in mm, three numbers each, to slice i's pixels; false where they
// do not lie in its plane.
func (f *finder) flat(i int, numbers []float64) (line [][2]float64, ok bool) {
	if f.e.Series.Affine == nil || len(numbers)%3 != 0 {
		return nil, false
	}
	corner, right, down := f.corner(i)
	normal := cross(right, down)
	area := math.Sqrt(dot(normal, normal))
	for k := 0; k < len(numbers); k += 3 {
		d := [3]float64{numbers[k] - corner[0], numbers[k+1] - corner[1], numbers[k+2] - corner[2]}
		if math.Abs(dot(d, normal)) > f.tolerance()*area {
			return nil, false
		}
		line = append(line, [2]float64{dot(d, right) / dot(right, right), dot(d, down) / dot(down, down)})
	}
	return line, true
}

// fill gives the structure's value to the pixels whose centres lie within an odd
// number of its contours.
func (o *outline) fill(plane []uint8, w, h int) {
	odd := make([]bool, (w+1)*h) // whether a pixel is on another side than the one before it
	for _, line := range o.lines {
		a := line[len(line)-1]
		for _, b := range line {
			low, high := a, b
			if low[1] > high[1] {
				low, high = b, a
			}
			for y := max(0, int(math.Ceil(low[1]))); y < h && float64(y) < high[1]; y++ {
				x := low[0] + (float64(y)-low[1])*(high[0]-low[0])/(high[1]-low[1])
				at := &odd[y*(w+1)+int(min(max(math.Ceil(x), 0), float64(w)))]
				*at = !*at
			}
			a = b
		}
	}
	for y := range h {
		in := false
		for x := range w {
			if in = in != odd[y*(w+1)+x]; in {
				plane[y*w+x] = o.value
			}
		}
	}
}
