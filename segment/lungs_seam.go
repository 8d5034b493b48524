package segment

const (
	seamReach = 0.2 // of the body's width, how far the seam may stray from its middle
	seamSlope = 2   // columns that it may move by from row to row
	seamAside = 128 // the cost of a row at the end of the reach; it is 0 in the middle
	seamLung  = 64  // the least cost of a pixel of lung; lung of -850 HU costs some 700
	seamUnit  = 64  // what these are counted in, so that a column's step aside costs less
)

// seam parts right from left: for each row the first column of the left. It is
// the cheapest path from front to back, where lung is dear, and the dearer the
// darker, so that it follows the fold where the lungs touch; elsewhere it keeps
// to the middle (as in seam carving, Avidan and Shamir 2007).
func (t *thorax) seam(lung plane) []int {
	reach := int(seamReach * float64(t.w))
	n, first := 2*reach+1, t.w/2-reach
	total := make([]int32, n*t.h)
	for y := range t.h {
		row := total[y*n:][:n]
		for k := range row {
			aside := k - reach
			row[k] = int32(aside*aside*seamAside*seamUnit/(reach*reach+1)) + t.seamCost(lung, y*t.w+first+k)
			if y > 0 {
				_, cost := cheapest(total[(y-1)*n:][:n], k)
				row[k] += cost
			}
		}
	}
	return backtrack(total, n, first)
}

// seamCost is what the seam pays for pixel i besides its distance from the middle.
func (t *thorax) seamCost(lung plane, i int) int32 {
	if lung.v[i] == 0 {
		return 0
	}
	dark := (int32(t.cut) - int32(t.hu[i])) / 16
	return seamUnit * (seamLung + dark*dark)
}

// cheapest is where the seam comes to column k from in the row before, and what
// that costs.
func cheapest(before []int32, k int) (from int, cost int32) {
	from, cost = k, before[k]
	for d := 1; d <= seamSlope; d++ {
		for _, j := range [2]int{k - d, k + d} {
			if j >= 0 && j < len(before) && before[j]+int32(d*d) < cost {
				from, cost = j, before[j]+int32(d*d)
			}
		}
	}
	return from, cost
}

// backtrack follows the cheapest path from the last row, of n costs each, to
// the first.
func backtrack(total []int32, n, first int) []int {
	out := make([]int, len(total)/n)
	y := len(out) - 1
	k := n / 2
	for i, cost := range total[y*n:] {
		if cost < total[y*n+k] {
			k = i
		}
	}
	for ; y > 0; y-- {
		out[y] = first + k
		k, _ = cheapest(total[(y-1)*n:][:n], k)
	}
	out[0] = first + k
	return out
}
