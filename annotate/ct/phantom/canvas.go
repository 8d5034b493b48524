package phantom

import (
	"math"
	"slices"
)

// canvas is a square axial picture that is painted with flat shapes.
type canvas struct {
	size int
	mm   float64   // side of a pixel
	hu   []float32 // row-major, size*size

	cuts [][]float64 // scratch of fill
}

// newCanvas is a canvas of air whose side is size pixels and field mm.
func newCanvas(size int, field float64) *canvas {
	c := &canvas{size: size, mm: field / float64(size), hu: make([]float32, size*size)}
	for i := range c.hu {
		c.hu[i] = airHU
	}
	return c
}

// centre is the coordinate in mm of the middle of column or row i.
func (c *canvas) centre(i int) float64 { return (float64(i) + 0.5 - float64(c.size)/2) * c.mm }

// pixel is the continuous column or row of a coordinate in mm: pixel i covers i to i+1.
func (c *canvas) pixel(mm float64) float64 { return mm/c.mm + float64(c.size)/2 }

// span clips the range [low, high] in mm to pixels [a, b).
func (c *canvas) span(low, high float64) (a, b int) {
	a = max(0, int(math.Floor(c.pixel(low))))
	b = min(c.size, int(math.Ceil(c.pixel(high)))+1)
	return a, max(a, b)
}

// cover is the share of every pixel that a shape covers, within a rectangle.
type cover struct {
	x0, y0, x1, y1 int
	share          []float32 // row-major, (x1-x0)*(y1-y0)
}

func newCover(x0, y0, x1, y1 int) cover {
	return cover{x0, y0, x1, y1, make([]float32, (x1-x0)*(y1-y0))}
}

func (v cover) row(y int) []float32 {
	w := v.x1 - v.x0
	return v.share[(y-v.y0)*w : (y-v.y0+1)*w]
}

// subRows is the number of scan lines a pixel row is sampled with.
const subRows = 4

// fill computes how much of every pixel lies inside a closed outline:
// even-odd rule, exact along rows, sampled across them.
func (c *canvas) fill(outline []point) cover {
	if len(outline) == 0 {
		return cover{}
	}
	low, high := outline[0], outline[0]
	for _, p := range outline {
		low, high = point{min(low.x, p.x), min(low.y, p.y)}, point{max(high.x, p.x), max(high.y, p.y)}
	}
	x0, x1 := c.span(low.x, high.x)
	y0, y1 := c.span(low.y, high.y)
	v := newCover(x0, y0, x1, y1)
	lines := c.crossings(outline, y0, y1)
	for i, cuts := range lines {
		slices.Sort(cuts)
		row := v.row(y0 + i/subRows)
		for k := 0; k+1 < len(cuts); k += 2 {
			addSpan(row, cuts[k]-float64(x0), cuts[k+1]-float64(x0))
		}
	}
	return v
}

// crossings finds, for every scan line of rows [y0, y1), the columns where the outline crosses it.
func (c *canvas) crossings(outline []point, y0, y1 int) [][]float64 {
	n := (y1 - y0) * subRows
	for len(c.cuts) < n {
		c.cuts = append(c.cuts, nil)
	}
	lines := c.cuts[:n]
	for i := range lines {
		lines[i] = lines[i][:0]
	}
	for i, p := range outline {
		q := outline[(i+1)%len(outline)]
		ax, ay := c.pixel(p.x), (c.pixel(p.y)-float64(y0))*subRows-0.5
		bx, by := c.pixel(q.x), (c.pixel(q.y)-float64(y0))*subRows-0.5
		if ay > by {
			ax, ay, bx, by = bx, by, ax, ay
		}
		for k := max(0, int(math.Ceil(ay))); k < n && float64(k) < by; k++ {
			lines[k] = append(lines[k], ax+(bx-ax)*(float64(k)-ay)/(by-ay))
		}
	}
	return lines
}

// addSpan adds one scan line's stretch from a to b, in columns, to a row of shares.
func addSpan(row []float32, a, b float64) {
	a, b = max(a, 0), min(b, float64(len(row)))
	if b <= a {
		return
	}
	i, j := int(a), int(b)
	if i == j {
		row[i] += float32((b - a) / subRows)
		return
	}
	row[i] += float32((float64(i+1) - a) / subRows)
	for k := i + 1; k < j; k++ {
		row[k] += 1.0 / subRows
	}
	if j < len(row) {
		row[j] += float32((b - float64(j)) / subRows)
	}
}

// paint lays a flat shape of the given HU over the picture.
func (c *canvas) paint(v cover, hu float32) {
	for y := v.y0; y < v.y1; y++ {
		out := c.hu[y*c.size+v.x0 : y*c.size+v.x1]
		for i, a := range v.row(y) {
			if a > 0 {
				out[i] += (hu - out[i]) * a
			}
		}
	}
}

// shape fills an outline with one HU.
func (c *canvas) shape(outline []point, hu float32) { c.paint(c.fill(outline), hu) }

// bone fills an outline with a dense shell, mm thick, around marrow.
func (c *canvas) bone(outline []point, mm float64, shell, marrow float32) {
	c.shape(outline, shell)
	c.shape(inset(outline, mm), marrow)
}
