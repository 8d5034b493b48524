package shape

import (
	"encoding/binary"
	"image"
	"math/bits"
)

// Grid is the extent of a mask: W columns, H rows and D slices, with the
// distance in mm between the centres of neighbours along each (x, y, z).
type Grid struct {
	W, H, D int
	Spacing [3]float64
}

// slice is one slice of the grid by itself.
func (g Grid) slice() Grid { g.D = 1; return g }

// PixelSize is the area of a pixel in mm² where the grid is one slice, else the
// volume of a voxel in mm³.
func (g Grid) PixelSize() float64 {
	if g.D == 1 {
		return g.Spacing[0] * g.Spacing[1]
	}
	return g.Spacing[0] * g.Spacing[1] * g.Spacing[2]
}

// run is the pixels x0 to x1 (not included) of a row: z*H + y.
type run struct{ row, x0, x1 int32 }

// Set is the pixels of a mask, as runs in reading order.
type Set struct {
	Grid
	runs  []run
	first []int32 // the first run of each row added so far, and their number
}

// NewSet returns the set of no pixels, to which D planes are to be added.
func NewSet(g Grid) *Set {
	return &Set{Grid: g, first: append(make([]int32, 0, g.H*g.D+1), 0)}
}

// Add adds the next slice: the pixels of a plane, W*H, row-major, that are value.
func (s *Set) Add(plane []uint8, value uint8) {
	s.add(func(y, x int, in bool) int { return seek(plane[y*s.W:(y+1)*s.W], x, value, in) })
}

// AddBits adds the next slice: the pixels within box for which bits, row-major
// within the box, are true.
func (s *Set) AddBits(bits []bool, box image.Rectangle) {
	w := box.Dx()
	s.add(func(y, x int, in bool) int {
		if y < box.Min.Y || y >= box.Max.Y {
			return s.W
		}
		x = max(x, box.Min.X)
		row := bits[(y-box.Min.Y)*w : (y-box.Min.Y+1)*w]
		for x < box.Max.X && row[x-box.Min.X] != in {
			x++
		}
		if x == box.Max.X && in {
			return s.W
		}
		return x
	})
}

// add adds a plane whose rows are told by the first column from x on that is in
// the set, or not.
func (s *Set) add(seek func(y, x int, in bool) int) {
	z := (len(s.first) - 1) / s.H
	for y := range s.H {
		for x := seek(y, 0, true); x < s.W; {
			x1 := seek(y, x, false)
			s.append(run{int32(z*s.H + y), int32(x), int32(x1)})
			x = seek(y, x1, true)
		}
		s.first = append(s.first, int32(len(s.runs)))
	}
}

func (s *Set) append(r run) { s.runs = append(s.runs, r) }

// seek is the first index from x on where the row is value, or is not; the row's
// length where there is none. It looks at 8 bytes at once.
func seek(row []uint8, x int, value uint8, in bool) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; x+8 <= len(row); x += 8 {
		differs := binary.LittleEndian.Uint64(row[x:]) ^ uint64(value)*ones
		if in {
			differs = (differs - ones) &^ differs & highs
		}
		if differs != 0 {
			return x + bits.TrailingZeros64(differs)/8
		}
	}
	for x < len(row) && (row[x] == value) != in {
		x++
	}
	return x
}

// of returns the runs of plane z.
func (s *Set) of(z int) []run { return s.runs[s.first[z*s.H]:s.first[(z+1)*s.H]] }

// Plane writes slice z of the set to out, W*H, row-major.
func (s *Set) Plane(z int, out []bool) { s.raster(z, s.bounds(), out) }

func (s *Set) bounds() image.Rectangle { return image.Rect(0, 0, s.W, s.H) }

// raster writes what lies of slice z within box to out, row-major in the box.
func (s *Set) raster(z int, box image.Rectangle, out []bool) {
	clear(out)
	w := box.Dx()
	for _, r := range s.of(z) {
		y := int(r.row) - z*s.H
		if y < box.Min.Y || y >= box.Max.Y {
			continue
		}
		x0, x1 := max(int(r.x0), box.Min.X), min(int(r.x1), box.Max.X)
		for x := x0; x < x1; x++ {
			out[(y-box.Min.Y)*w+x-box.Min.X] = true
		}
	}
}

// Has reports whether slice z has any pixel.
func (s *Set) Has(z int) bool { return len(s.of(z)) > 0 }

// Each calls do with the columns [x0, x1) of row y for every run of slice z.
func (s *Set) Each(z int, do func(y, x0, x1 int)) {
	for _, r := range s.of(z) {
		do(int(r.row)-z*s.H, int(r.x0), int(r.x1))
	}
}

// Len is the number of pixels.
func (s *Set) Len() (n int) {
	for _, r := range s.runs {
		n += int(r.x1 - r.x0)
	}
	return n
}

// Box is the smallest rectangle, the same in each slice, that holds the set.
func (s *Set) Box() (box image.Rectangle) {
	for _, r := range s.runs {
		y := int(r.row) % s.H
		box = box.Union(image.Rect(int(r.x0), y, int(r.x1), y+1))
	}
	return box
}

// around is the box of the set with a margin in mm and one pixel, within the
// grid.
func (s *Set) around(mm float64) image.Rectangle {
	b := s.Box()
	if b.Empty() {
		return b
	}
	dx, dy := int(mm/s.Spacing[0])+1, int(mm/s.Spacing[1])+1
	return image.Rect(b.Min.X-dx, b.Min.Y-dy, b.Max.X+dx, b.Max.Y+dy).Intersect(s.bounds())
}

// filter is the set's runs for which keep holds.
func (s *Set) filter(keep func(i int) bool) *Set {
	out := NewSet(s.Grid)
	for row := range s.H * s.D {
		for i := s.first[row]; i < s.first[row+1]; i++ {
			if keep(int(i)) {
				out.append(s.runs[i])
			}
		}
		out.first = append(out.first, int32(len(out.runs)))
	}
	return out
}
