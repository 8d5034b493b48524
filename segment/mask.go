package segment

import "image"

// mask is a w×h picture of yes and no, row by row.
type mask []bool

// region is a connected part of a mask.
type region struct {
	area int
	box  image.Rectangle
}

// open removes what is narrower than three pixels (a 3×3 opening; pixels
// beyond the picture count as set).
func (m mask) open(w, h int) mask {
	return m.spread(w, h, false).spread(w, h, true)
}

// spread gives every pixel that has a neighbour (of nine) with the value to
// that value.
func (m mask) spread(w, h int, to bool) mask {
	rows := make(mask, len(m))
	for y := range h {
		r, o := m[y*w:][:w], rows[y*w:][:w]
		for x := range r {
			hit := r[x] == to || r[max(0, x-1)] == to || r[min(w-1, x+1)] == to
			o[x] = hit == to
		}
	}
	out := make(mask, len(m))
	for y := range h {
		a, b, c := rows[max(0, y-1)*w:], rows[y*w:], rows[min(h-1, y+1)*w:]
		o := out[y*w:][:w]
		for x := range o {
			hit := a[x] == to || b[x] == to || c[x] == to
			o[x] = hit == to
		}
	}
	return out
}

// regions lists the 4-connected parts of m and, per pixel, the part's number
// from 1, or 0.
func (m mask) regions(w, h int) ([]region, []int32) {
	number := make([]int32, len(m))
	var all []region
	var queue []int32
	for start, set := range m {
		if !set || number[start] != 0 {
			continue
		}
		n := int32(len(all) + 1)
		number[start] = n
		queue = append(queue[:0], int32(start))
		r := region{box: image.Rect(start%w, start/w, start%w+1, start/w+1)}
		for len(queue) > 0 {
			i := int(queue[len(queue)-1])
			queue = queue[:len(queue)-1]
			x, y := i%w, i/w
			r.add(x, y)
			visit := func(ok bool, j int) {
				if ok && m[j] && number[j] == 0 {
					number[j] = n
					queue = append(queue, int32(j))
				}
			}
			visit(x > 0, i-1)
			visit(x < w-1, i+1)
			visit(y > 0, i-w)
			visit(y < h-1, i+w)
		}
		all = append(all, r)
	}
	return all, number
}

// add counts the pixel at x, y in.
func (r *region) add(x, y int) {
	r.area++
	r.box.Min.X = min(r.box.Min.X, x)
	r.box.Max.X = max(r.box.Max.X, x+1)
	r.box.Min.Y = min(r.box.Min.Y, y)
	r.box.Max.Y = max(r.box.Max.Y, y+1)
}

// largest is the index of the region with the greatest area, or -1.
func largest(all []region) int {
	best := -1
	for i, r := range all {
		if best < 0 || r.area > all[best].area {
			best = i
		}
	}
	return best
}

// sides is the share of set pixels along the top, right, bottom and left edge.
func (m mask) sides(w, h int) [4]float64 {
	var n [4]int
	for x := range w {
		n[0] += one(m[x])
		n[2] += one(m[(h-1)*w+x])
	}
	for y := range h {
		n[1] += one(m[y*w+w-1])
		n[3] += one(m[y*w])
	}
	return [4]float64{float64(n[0]) / float64(w), float64(n[1]) / float64(h),
		float64(n[2]) / float64(w), float64(n[3]) / float64(h)}
}

func one(b bool) int {
	if b {
		return 1
	}
	return 0
}
