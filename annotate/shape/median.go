package shape

import (
	"context"
	"image"
)

// Median is a set smoothed by majority: a pixel is in it if more than half of
// the box around it is, which reaches to mm on each side, rounded to whole pixels.
// Beyond the grid is nothing, as in the background.
func Median(ctx context.Context, s *Set, mm float64, progress Progress) (*Set, error) {
	rx, ry, rz := int(mm/s.Spacing[0]+0.5), int(mm/s.Spacing[1]+0.5), 0
	if s.D > 1 {
		rz = int(mm/s.Spacing[2] + 0.5)
	}
	half := int32((2*rx + 1) * (2*ry + 1) * (2*rz + 1) / 2)
	box := s.around(mm + max(s.Spacing[0], s.Spacing[1])/2)
	n := box.Dx() * box.Dy()
	out, sum, bits := NewSet(s.Grid), make([]int32, n), make([]bool, n)
	planes := map[int][]int32{}
	for z, next := 0, 0; z < s.D; z++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for ; next < s.D && next <= z+rz; next++ {
			s.raster(next, box, bits)
			planes[next] = boxSums(bits, box, rx, ry)
			accumulate(sum, planes[next], 1)
		}
		if old := z - rz - 1; old >= 0 {
			accumulate(sum, planes[old], -1)
			delete(planes, old)
		}
		for i, v := range sum {
			bits[i] = v > half
		}
		out.AddBits(bits, box)
		progress.tell(z+1, s.D)
	}
	return out, nil
}

func accumulate(sum, plane []int32, sign int32) {
	for i, v := range plane {
		sum[i] += sign * v
	}
}

// boxSums counts, for each pixel of a box, what is set within rx columns and ry
// rows.
func boxSums(bits []bool, box image.Rectangle, rx, ry int) []int32 {
	w, h := box.Dx(), box.Dy()
	rows, out := make([]int32, len(bits)), make([]int32, len(bits))
	for y := range h {
		slide(w, rx, func(i int) int32 { return b2i(bits[y*w+i]) }, func(i int, v int32) { rows[y*w+i] = v })
	}
	for x := range w {
		slide(h, ry, func(i int) int32 { return rows[i*w+x] }, func(i int, v int32) { out[i*w+x] = v })
	}
	return out
}

// slide sums n samples within r of each.
func slide(n, r int, at func(int) int32, set func(int, int32)) {
	var sum int32
	for i := range min(r, n) {
		sum += at(i)
	}
	for i := range n {
		if i+r < n {
			sum += at(i + r)
		}
		if i-r-1 >= 0 {
			sum -= at(i - r - 1)
		}
		set(i, sum)
	}
}

func b2i(b bool) int32 {
	if b {
		return 1
	}
	return 0
}
