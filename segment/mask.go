package segment

import "groundglass/segment/connect"

// mask is a w×h picture of yes and no, row by row.
type mask []bool

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
func (m mask) regions(w, h int) ([]connect.Component, []int32) {
	set := make([]uint8, len(m))
	for i, v := range m {
		set[i] = uint8(one(v))
	}
	return connect.Components(set, w, h, connect.Four)
}

// largest is the index of the region with the greatest area, or -1.
func largest(all []connect.Component) int {
	best := -1
	for i, r := range all {
		if best < 0 || r.Size > all[best].Size {
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
