package segment

import "slices"

// planes cuts n maps of the same size that follow each other apart.
func planes(v []float32, n int) [][]float32 {
	return slices.Collect(slices.Chunk(v, len(v)/n))
}

// mirrored is a picture of width side, turned round left to right.
func mirrored(picture []float32, side int) []float32 {
	out := make([]float32, len(picture))
	for i, v := range picture {
		x := i % side
		out[i-x+side-1-x] = v
	}
	return out
}

// average makes each value of the maps the mean of itself and of its mirror
// image in those of the mirrored picture.
func average(maps, turned [][]float32, side int) {
	for k, m := range maps {
		for i := range m {
			x := i % side
			m[i] = (m[i] + turned[k][i-x+side-1-x]) / 2
		}
	}
}
