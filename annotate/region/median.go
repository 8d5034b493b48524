package region

func (p Plane) at(x, y int) int16 { return p.HU[y*p.W+x] }

// median is the median of the 3x3 pixels around one; at the plane's border its
// outermost pixels count again.
func (p Plane) median(x, y int) int16 {
	up, mid, low := p.row(y-1), p.row(y), p.row(y+1)
	l, r := max(x-1, 0), min(x+1, p.W-1)
	a0, a1, a2 := sort3(up[l], mid[l], low[l])
	b0, b1, b2 := sort3(up[x], mid[x], low[x])
	c0, c1, c2 := sort3(up[r], mid[r], low[r])
	_, m, _ := sort3(a1, b1, c1)
	_, m, _ = sort3(max(a0, b0, c0), m, min(a2, b2, c2))
	return m
}

// row is a row of the plane, the nearest one beyond its ends.
func (p Plane) row(y int) []int16 { return p.HU[min(max(y, 0), p.H-1)*p.W:][:p.W] }

func sort3(a, b, c int16) (low, mid, high int16) {
	if a > b {
		a, b = b, a
	}
	if b > c {
		b, c = c, b
	}
	if a > b {
		a, b = b, a
	}
	return a, b, c
}
