package segment

// lungRun is the pixels x0 to x1 (not included) of row y that have a value.
type lungRun struct {
	y, x0, x1 int32
	value     uint8
}

// lungRuns lists the runs of a mask w wide that have a value but 0, in reading
// order.
func lungRuns(mask []uint8, w int) []lungRun {
	var out []lungRun
	for i := 0; i < len(mask); {
		v, from, end := mask[i], i, (i/w+1)*w
		for i < end && mask[i] == v {
			i++
		}
		if v != 0 {
			y := from / w
			out = append(out, lungRun{int32(y), int32(from - y*w), int32(i - y*w), v})
		}
	}
	return out
}

// meet calls f with the indices of runs of a and of b that share pixels of a
// row, shifted by down rows from a to b, and with the number of pixels.
func meet(a, b []lungRun, down int32, f func(i, j int, pixels int32)) {
	j := 0
	for i, r := range a {
		y := r.y + down
		for j < len(b) && (b[j].y < y || b[j].y == y && b[j].x1 <= r.x0) {
			j++
		}
		for k := j; k < len(b) && b[k].y == y && b[k].x0 < r.x1; k++ {
			f(i, k, min(r.x1, b[k].x1)-max(r.x0, b[k].x0))
		}
	}
}

// lungForest joins the runs of slices, whatever their value, to parts that hang
// together side by side or from slice to slice.
type lungForest struct {
	first []int   // the number of each slice's first run
	root  []int32 // by run: another of its part, itself at the root
	size  []int   // by run: at the root, the part's pixels
}

func newLungForest(slices [][]lungRun) *lungForest {
	f := &lungForest{}
	for _, runs := range slices {
		f.first = append(f.first, len(f.root))
		for _, r := range runs {
			f.root = append(f.root, int32(len(f.root)))
			f.size = append(f.size, int(r.x1-r.x0))
		}
	}
	for i, runs := range slices {
		for k := 1; k < len(runs); k++ {
			if runs[k].y == runs[k-1].y && runs[k].x0 == runs[k-1].x1 {
				f.join(f.first[i]+k-1, f.first[i]+k)
			}
		}
		meet(runs, runs, 1, func(a, b int, _ int32) { f.join(f.first[i]+a, f.first[i]+b) })
		if i > 0 {
			meet(slices[i-1], runs, 0, func(a, b int, _ int32) { f.join(f.first[i-1]+a, f.first[i]+b) })
		}
	}
	return f
}

func (f *lungForest) find(run int) int {
	for int(f.root[run]) != run {
		f.root[run] = f.root[f.root[run]]
		run = int(f.root[run])
	}
	return run
}

// join hangs the smaller part under the larger.
func (f *lungForest) join(a, b int) {
	a, b = f.find(a), f.find(b)
	if a == b {
		return
	}
	if f.size[a] < f.size[b] {
		a, b = b, a
	}
	f.root[b] = int32(a)
	f.size[a] += f.size[b]
}

// sizeOf is the number of pixels of the part that run k of a slice is of.
func (f *lungForest) sizeOf(slice, k int) int { return f.size[f.find(f.first[slice]+k)] }
