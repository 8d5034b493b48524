package segment

import "slices"

// planes cuts a picture of several channels, side×side each, into them.
func planes(v []float32, side int) [][]float32 {
	return slices.Collect(slices.Chunk(v, side*side))
}

// mirror writes rows of width side to dst, left to right turned round.
func mirror(dst, src []float32, side int) {
	for i, v := range src {
		x := i % side
		dst[i-x+side-1-x] = v
	}
}

// average makes each of v the mean of itself and of its mirror image in turned.
func average(v, turned []float32, side int) {
	for i := range v {
		x := i % side
		v[i] = (v[i] + turned[i-x+side-1-x]) / 2
	}
}
