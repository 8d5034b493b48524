package region

import (
	"image"
	"math/bits"
)

// Plane is the HU of one slice.
type Plane struct {
	HU   []int16
	W, H int
}

// Bounds is the plane's rectangle; empty where HU does not fill it.
func (p Plane) Bounds() image.Rectangle {
	if p.W <= 0 || p.H <= 0 || len(p.HU) < p.W*p.H {
		return image.Rectangle{}
	}
	return image.Rect(0, 0, p.W, p.H)
}

// Set is a set of pixels within a box, a bit a pixel. A nil Set is empty.
type Set struct {
	box    image.Rectangle
	stride int // words a row
	bits   []uint64
}

// NewSet is an empty set of pixels of a box.
func NewSet(box image.Rectangle) *Set {
	box = box.Canon()
	stride := (box.Dx() + 63) / 64
	return &Set{box: box, stride: stride, bits: make([]uint64, stride*box.Dy())}
}

// Has reports whether the pixel in column x and row y is in the set.
func (s *Set) Has(x, y int) bool {
	if s == nil || !image.Pt(x, y).In(s.box) {
		return false
	}
	x -= s.box.Min.X
	return s.bits[(y-s.box.Min.Y)*s.stride+x>>6]>>(x&63)&1 != 0
}

// Add puts the columns [x0, x1) of row y into the set, clipped to its box.
func (s *Set) Add(y, x0, x1 int) {
	x0, x1 = max(x0, s.box.Min.X)-s.box.Min.X, min(x1, s.box.Max.X)-s.box.Min.X
	if y < s.box.Min.Y || y >= s.box.Max.Y || x0 >= x1 {
		return
	}
	row := s.bits[(y-s.box.Min.Y)*s.stride:][:s.stride]
	for w := x0 >> 6; w <= (x1-1)>>6; w++ {
		from, to := max(x0-w<<6, 0), min(x1-w<<6, 64)
		row[w] |= ^uint64(0) << from & (^uint64(0) >> (64 - to))
	}
}

// Count is the number of pixels in the set.
func (s *Set) Count() (n int) {
	if s == nil {
		return 0
	}
	for _, w := range s.bits {
		n += bits.OnesCount64(w)
	}
	return n
}

// Bounds is the least rectangle that holds the set.
func (s *Set) Bounds() (r image.Rectangle) {
	s.Spans(func(y, x0, x1 int) { r = r.Union(image.Rect(x0, y, x1, y+1)) })
	return r
}

// Spans calls f for each run of columns [x0, x1) of a row y, from the top and
// the left.
func (s *Set) Spans(f func(y, x0, x1 int)) {
	if s == nil {
		return
	}
	for y := range s.box.Dy() {
		row := s.bits[y*s.stride:][:s.stride]
		for x := next(row, 0, 0); x < s.stride<<6; {
			end := next(row, x, ^uint64(0))
			f(y+s.box.Min.Y, x+s.box.Min.X, end+s.box.Min.X)
			x = next(row, end, 0)
		}
	}
}

// next is the first bit of a row from x on that is set, or clear where flip has
// all bits; the row's end where there is none.
func next(row []uint64, x int, flip uint64) int {
	for w := x >> 6; w < len(row); w++ {
		v := row[w] ^ flip
		if w == x>>6 {
			v &= ^uint64(0) << (x & 63)
		}
		if v != 0 {
			return w<<6 + bits.TrailingZeros64(v)
		}
	}
	return len(row) << 6
}

// Union puts the pixels of another set into s, as far as its box reaches.
func (s *Set) Union(o *Set) { o.Spans(s.Add) }

// Remove takes the columns [x0, x1) of row y out of the set.
func (s *Set) Remove(y, x0, x1 int) {
	for x := max(x0, s.box.Min.X); x < min(x1, s.box.Max.X) && y >= s.box.Min.Y && y < s.box.Max.Y; x++ {
		at := x - s.box.Min.X
		s.bits[(y-s.box.Min.Y)*s.stride+at>>6] &^= 1 << (at & 63)
	}
}
