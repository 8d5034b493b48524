package export

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"

	"groundglass/annotate/contour"
	"groundglass/annotate/ct"
)

// objects is what the formats share that keep parts of masks as objects: slices that
// somebody or a model looked at, named by stemOf.
type objects struct{ plain }

// omits leaves out the slices that nobody and no model has looked at, and those that a
// person ruled out: without objects, they would teach that there are none.
func (objects) omits(e *CaseEntry, i int) bool { return madeBy(e.Slices[i]) == byNobody }

// finish sees to it that there is anything to learn from.
func (f objects) finish(w *SetWriter) error {
	kept := false
	err := w.Cases(func(e *CaseEntry) error {
		for i := range e.Slices {
			kept = kept || !f.omits(e, i)
		}
		return nil
	})
	if err == nil && !kept {
		err = unfit{errors.New("there is no slice that a person or the model has looked at")}
	}
	return err
}

// eachSlice gives the slices that are kept, their stem and their plane, and says which
// are not.
func (f objects) eachSlice(w *Writer, each func(i int, stem string, plane []uint8) error) error {
	for i := range w.Entry.Slices {
		if f.omits(w.Entry, i) {
			continue
		}
		p, err := w.Plane(i)
		if err != nil {
			return err
		}
		if err := each(i, stemOf(w.Name, i), p); err != nil {
			return err
		}
	}
	w.remarkLeftOut(f.omits)
	return nil
}

// picture writes the picture of slice i.
func (w *Writer) picture(i int, name string) error {
	g, err := w.Picture(i)
	if err != nil {
		return err
	}
	return w.Grey(KindImage, i, name, g)
}

// side is the width of planes in files, in pixels.
func (w *Writer) side() int { return cmp.Or(w.Options.Square, w.Series.Columns) }

// checkPlaces holds the files of each slice to their places: by folder and ending of
// each kind.
func (f objects) checkPlaces(r *Reader, folders map[string][2]string) []string {
	problems := greyPictures(r, KindImage)
	for i := range r.Entry.Slices {
		want := map[string]string{}
		for kind, at := range folders {
			if !f.omits(r.Entry, i) {
				want[path.Join(at[0], stemOf(r.Entry.Case, i)+at[1])] = kind
			}
		}
		problems = append(problems, placed(r, i, want)...)
	}
	return problems
}

// part is a part of a mask: pixels of one value that share edges.
type part struct {
	value uint8
	contour.Polygon
}

// partsOf are the parts of a plane of w pixels a row, by value and then row by row.
func partsOf(plane []uint8, w int) (out []part) {
	var has [256]bool
	for _, v := range plane {
		has[v] = true
	}
	for v := 1; v < 256; v++ {
		if !has[v] {
			continue
		}
		for _, p := range contour.Trace(w, len(plane)/w, func(x, y int) bool { return int(plane[y*w+x]) == v }) {
			out = append(out, part{uint8(v), p})
		}
	}
	return out
}

func holesIn(parts []part) (n int) {
	for _, p := range parts {
		n += len(p.Holes)
	}
	return n
}

// remarkHoles says that holes are kept as keyholes.
func (w *Writer) remarkHoles(n int) {
	if n > 0 {
		w.remark("%s joined to the outline by a line of no width, since the format knows none", ct.Count(n, "hole"))
	}
}

// points are the corners of the part's outline, holes joined to it: x, y, x, y, …, in
// pixels, of which whole numbers are corners.
func (p part) points() []float64 {
	ring := p.Keyhole()
	out := make([]float64, 0, 2*len(ring))
	for _, c := range ring {
		out = append(out, float64(c.X), float64(c.Y))
	}
	return out
}

// fillEvenOdd calls set for each pixel of w x h whose centre lies within a closed line
// x, y, x, y, …, by the even-odd rule; a pixel's corners have whole numbers.
func fillEvenOdd(xy []float64, w, h int, set func(x, y int)) error {
	if len(xy) < 6 || len(xy)%2 != 0 {
		return fmt.Errorf("has an outline of fewer than three points")
	}
	rows := map[int][]float64{} // where edges cross the middle of a row
	for k := 0; k < len(xy); k += 2 {
		x0, y0 := xy[k], xy[k+1]
		x1, y1 := xy[(k+2)%len(xy)], xy[(k+3)%len(xy)]
		if !(x0 >= 0 && x0 <= float64(w) && y0 >= 0 && y0 <= float64(h)) {
			return fmt.Errorf("has an outline that leaves the picture")
		}
		if y0 > y1 {
			x0, y0, x1, y1 = x1, y1, x0, y0
		}
		for y := int(max(0, math.Ceil(y0-0.5))); y < h && float64(y)+0.5 < y1; y++ {
			rows[y] = append(rows[y], x0+(x1-x0)*(float64(y)+0.5-y0)/(y1-y0))
		}
	}
	for y, at := range rows {
		slices.Sort(at)
		for k := 0; k+1 < len(at); k += 2 {
			for x := int(max(0, math.Ceil(at[k]-0.5))); x < w && float64(x)+0.5 < at[k+1]; x++ {
				set(x, y)
			}
		}
	}
	return nil
}

// drawing is a plane on which objects are drawn, none over another.
type drawing struct {
	w, h  int
	plane []uint8
}

func newDrawing(w, h int) *drawing { return &drawing{w, h, make([]uint8, w*h)} }

// object draws one, and tells its extent.
func (d *drawing) object(value uint8, draw func(set func(x, y int)) error) (e extent, err error) {
	twice := false
	err = draw(func(x, y int) {
		at := &d.plane[y*d.w+x]
		twice = twice || *at != 0
		*at = value
		e.add(x, y)
	})
	if err == nil && twice {
		err = fmt.Errorf("lies over another")
	}
	return e, err
}

// extent is how many pixels there are, and the box around them.
type extent struct{ area, left, top, right, bottom int }

func (e *extent) add(x, y int) {
	if e.area == 0 {
		*e = extent{0, x, y, x + 1, y + 1}
	}
	e.area++
	e.left, e.top, e.right, e.bottom = min(e.left, x), min(e.top, y), max(e.right, x+1), max(e.bottom, y+1)
}

// box is x, y, width and height.
func (e extent) box() [4]int { return [4]int{e.left, e.top, e.right - e.left, e.bottom - e.top} }
