package codec

// wavelet is an inverse wavelet transform of samples in their natural order,
// those at even places of the grid low-pass, the others high-pass. Parity is
// that of the first sample's place.
type wavelet[T int32 | float32] struct {
	low, high T                              // what samples are multiplied by first
	line      func(t []T, parity int)        // transforms a row
	columns   func(t []T, width, parity int) // transforms all columns of rows of that width
	single    func(t []T, parity int)        // transforms samples that are alone in their row or column
}

// inverseWavelet transforms the subbands of a tile, level by level, rows before
// columns (T.800 F.3). Scratch has the size of a.
func inverseWavelet[T int32 | float32](w wavelet[T], a, scratch []T, stride int, levels []j2kLevel) {
	for r := 1; r < len(levels); r++ {
		whole, low := levels[r].area, levels[r-1].area
		if whole.empty() {
			continue
		}
		n := whole.width()
		t := scratch[:n*whole.height()]
		for y := range whole.height() {
			row := t[interleaved(y, low.height(), whole.y0&1)*n:][:n]
			w.row(row, a[y*stride:][:n], low.width(), whole.x0&1)
			if whole.height() > 1 {
				scale(row, w.scaleOf(y < low.height()))
			}
		}
		if whole.height() > 1 {
			w.columns(t, n, whole.y0&1)
		} else {
			w.single(t, whole.y0&1)
		}
		for y := range whole.height() {
			copy(a[y*stride:][:n], t[y*n:])
		}
	}
}

// interleaved is the natural place of sample i of those of which the first n are
// low-pass.
func interleaved(i, n, parity int) int {
	if i < n {
		return 2*i + parity
	}
	return 2*(i-n) + 1 - parity
}

func (w *wavelet[T]) scaleOf(low bool) T {
	if low {
		return w.low
	}
	return w.high
}

func scale[T int32 | float32](t []T, by T) {
	if by == 1 {
		return
	}
	for i := range t {
		t[i] *= by
	}
}

// row transforms one row, whose first n samples are low-pass, into another.
func (w *wavelet[T]) row(to, from []T, n, parity int) {
	if len(from) == 1 {
		to[0] = from[0]
		w.single(to, parity)
		return
	}
	for i, v := range from[:n] {
		to[2*i+parity] = v * w.low
	}
	for i, v := range from[n:] {
		to[2*i+1-parity] = v * w.high
	}
	w.line(to, parity)
}

// neighbours are the places before and after one of n > 1, mirrored at the ends
// (T.800 F.3.7).
func neighbours(i, n int) (before, after int) {
	before, after = i-1, i+1
	if before < 0 {
		before = after
	}
	if after >= n {
		after = before
	}
	return before, after
}
