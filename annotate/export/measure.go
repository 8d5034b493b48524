package export

import (
	"math"
	"slices"

	"groundglass/annotate/shape"
)

// amount is what is measured of some pixels. Volumes are in ml: of each pixel, its area
// times the distance that its slice stands for, half of that to either neighbour.
type amount struct {
	px      int
	ml      float64
	sum, sq float64 // of the Hounsfield units
	right   int     // pixels in the right lung
	left    int
}

func (a *amount) add(b amount) {
	a.px, a.ml, a.sum, a.sq, a.right, a.left = a.px+b.px, a.ml+b.ml, a.sum+b.sum, a.sq+b.sq, a.right+b.right, a.left+b.left
}

// pixel counts a pixel of a number of Hounsfield units.
func (a *amount) pixel(hu int16) {
	v := float64(hu)
	a.px, a.sum, a.sq = a.px+1, a.sum+v, a.sq+v*v
}

// side counts a pixel that is in the right lung (1), the left one (2) or neither.
func (a *amount) side(lung uint8) {
	switch lung {
	case 1:
		a.right++
	case 2:
		a.left++
	}
}

// mean and deviation are of the Hounsfield units of these very pixels.
func (a amount) mean() float64 { return a.sum / float64(a.px) }

func (a amount) deviation() float64 {
	m := a.mean()
	return math.Sqrt(max(0, a.sq/float64(a.px)-m*m))
}

// lesion is a connected part of a label, by a side, an edge or a corner of voxels.
type lesion struct {
	amount
	first, last int        // slices
	at          [3]float64 // sum of its voxels' positions in mm (LPS)
}

// measures are those of a case.
type measures struct {
	labels  []LabelEntry
	slices  [][]amount // by slice and row of labels
	lungs   []amount   // of each slice: the pixels of both lungs, by side
	found   bool       // lungs
	sided   bool
	lesions [][]lesion // by row of labels, the largest first
}

// measure measures a case's labels.
func (w *Writer) measure() (*measures, error) {
	s := w.Series
	m := &measures{labels: w.Labels, lungs: make([]amount, s.Len()), lesions: make([][]lesion, len(w.Labels))}
	lungs := Lungs{}
	if w.Lungs != nil {
		var err error
		if lungs, err = w.Lungs(w.ctx); err != nil && w.ctx.Err() != nil {
			return nil, err
		}
		if m.found, m.sided = lungs.Mask != nil, lungs.Sided; err != nil {
			w.remark("the lungs of some slices were not found, and shares of them are of the others")
		}
	}
	sets := make([]*shape.Set, len(w.Labels))
	for k := range sets {
		sets[k] = shape.NewSet(shape.Grid{W: s.Columns, H: s.Rows, D: s.Len(), Spacing: [3]float64{1, 1, 1}})
	}
	for i := range s.Len() {
		plane, err := w.Plane(i)
		if err != nil {
			return nil, err
		}
		for k, l := range w.Labels {
			sets[k].Add(plane, l.InFiles)
		}
		row, err := w.measureSlice(m, i, plane, lungs)
		if err != nil {
			return nil, err
		}
		m.slices = append(m.slices, row)
	}
	for k, set := range sets {
		var err error
		if m.lesions[k], err = w.lesionsOf(set, lungs); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// measureSlice measures the labels of slice i, and its lungs.
func (w *Writer) measureSlice(m *measures, i int, plane []uint8, lungs Lungs) ([]amount, error) {
	s, err := w.Series.Slice(i)
	if err != nil {
		return nil, err
	}
	var by [256]amount
	var lung []uint8
	if lungs.Mask != nil {
		lung = lungs.Mask(i)
	}
	for k, v := range plane {
		if v != 0 {
			by[v].pixel(s.HU[k])
		}
		if lung == nil || lung[k] == 0 {
			continue
		}
		m.lungs[i].side(lung[k])
		if v != 0 {
			by[v].side(lung[k])
		}
	}
	row := make([]amount, len(w.Labels))
	for k, l := range w.Labels {
		row[k] = by[l.InFiles]
		row[k].ml = float64(row[k].px) * w.pixelML(i)
	}
	return row, nil
}

// pixelML is the volume that a pixel of slice i stands for, NaN where that is not known.
func (w *Writer) pixelML(i int) float64 {
	if !w.Series.Geometry.Known {
		return math.NaN()
	}
	return w.Series.Geometry.PixelArea() * w.thickness(i) / 1000
}

// thickness is the distance in mm that slice i stands for: half of that to each
// neighbour, and at the ends the usual one's half.
func (w *Writer) thickness(i int) float64 {
	s := w.Series
	half := func(j int) float64 {
		if j < 0 || j >= s.Len() || !s.Sources[i].HasPosition || !s.Sources[j].HasPosition {
			return s.Geometry.Spacing[2] / 2
		}
		return math.Abs(s.Sources[i].PositionMM-s.Sources[j].PositionMM) / 2
	}
	return half(i-1) + half(i+1)
}

// lesionsOf measures the connected parts of a label.
func (w *Writer) lesionsOf(set *shape.Set, lungs Lungs) ([]lesion, error) {
	parts := set.Parts(shape.Corners)
	out := make([]lesion, len(parts.Size))
	for i := range out {
		out[i].first = -1
	}
	for z := range w.Series.Len() {
		if !set.Has(z) {
			continue
		}
		s, err := w.Series.Slice(z)
		if err != nil {
			return nil, err
		}
		var lung []uint8
		if lungs.Mask != nil {
			lung = lungs.Mask(z)
		}
		parts.Each(z, func(part, y, x0, x1 int) {
			l := &out[part]
			if l.first < 0 {
				l.first = z
			}
			l.last = z
			for x := x0; x < x1; x++ {
				l.pixel(s.HU[y*s.W+x])
				if lung != nil {
					l.side(lung[y*s.W+x])
				}
			}
			l.ml += float64(x1-x0) * w.pixelML(z)
			middle := w.Series.At(float64(x0+x1-1)/2, float64(y), z)
			for k, v := range middle {
				l.at[k] += float64(x1-x0) * v
			}
		})
	}
	slices.SortStableFunc(out, func(a, b lesion) int { return b.px - a.px })
	return out, nil
}
