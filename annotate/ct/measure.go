package ct

import "math"

// Shape is the outline of a Region.
type Shape uint8

// The shapes of a region.
const (
	Rectangle Shape = iota
	Ellipse
)

// Region is an upright rectangle, or the ellipse in it, between two opposite
// corners. Its coordinates are those of the picture: the pixel in column i and
// row j covers [i, i+1) x [j, j+1).
type Region struct {
	Shape          Shape
	X0, Y0, X1, Y1 float64
}

// Statistics are those of the pixels of a region that hold data.
type Statistics struct {
	Pixels   int     // that were counted
	Padding  int     // that lie in the region and were left out
	Mean, SD float64 // in HU; SD is the root of the mean square deviation of these very pixels
	Min, Max int16   // in HU
}

// Statistics measures the pixels whose centre lies in r. Padding is left out.
// Where nothing is left to count, all is 0.
func (s *Slice) Statistics(r Region) (st Statistics) {
	var sum, squares float64
	r = r.sorted()
	for y := max(0, int(math.Ceil(r.Y0-0.5))); y < s.H && float64(y)+0.5 <= r.Y1; y++ {
		for x := max(0, int(math.Ceil(r.X0-0.5))); x < s.W && float64(x)+0.5 <= r.X1; x++ {
			if !r.has(float64(x)+0.5, float64(y)+0.5) {
				continue
			}
			i := y*s.W + x
			if s.Pad != nil && s.Pad[i] {
				st.Padding++
				continue
			}
			v := s.HU[i]
			if st.Pixels == 0 {
				st.Min, st.Max = v, v
			}
			st.Min, st.Max = min(st.Min, v), max(st.Max, v)
			st.Pixels++
			sum += float64(v)
			squares += float64(v) * float64(v)
		}
	}
	if st.Pixels > 0 {
		n := float64(st.Pixels)
		st.Mean = sum / n
		st.SD = math.Sqrt(max(0, squares/n-st.Mean*st.Mean))
	}
	return st
}

// Area returns the region's area in square pixels: of the shape itself, not of
// the pixels counted in it.
func (r Region) Area() float64 {
	a := math.Abs((r.X1 - r.X0) * (r.Y1 - r.Y0))
	if r.Shape == Ellipse {
		a *= math.Pi / 4
	}
	return a
}

func (r Region) sorted() Region {
	r.X0, r.X1 = min(r.X0, r.X1), max(r.X0, r.X1)
	r.Y0, r.Y1 = min(r.Y0, r.Y1), max(r.Y0, r.Y1)
	return r
}

// has tells whether a point of the sorted region's box lies in the shape.
func (r Region) has(x, y float64) bool {
	if r.Shape == Rectangle {
		return true
	}
	a, b := (r.X1-r.X0)/2, (r.Y1-r.Y0)/2
	dx, dy := (x-r.X0-a)/a, (y-r.Y0-b)/b
	return dx*dx+dy*dy <= 1
}

// Distance returns the distance between two points of one slice, in mm where
// the geometry is known and in pixels where it is not. The points are in any
// coordinates in which a pixel is 1 wide and 1 high.
func (g Geometry) Distance(x0, y0, x1, y1 float64) float64 {
	if !g.Known {
		return math.Hypot(x1-x0, y1-y0)
	}
	a, b := g.At(x0, y0, 0), g.At(x1, y1, 0)
	return length([3]float64{b[0] - a[0], b[1] - a[1], b[2] - a[2]})
}

// PixelArea is a pixel's area in mm2, and 1 where the geometry is not known.
func (g Geometry) PixelArea() float64 {
	if !g.Known {
		return 1
	}
	return g.Spacing[0] * g.Spacing[1]
}
