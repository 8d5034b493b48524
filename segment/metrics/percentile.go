package metrics

// percentile is the value below which p of 100 parts of the ascending values
// lie, interpolated linearly between neighbours: NumPy's default. There must be
// a value.
func percentile(ascending []float64, p float64) float64 {
	at := p / 100 * float64(len(ascending)-1)
	i := min(int(at), len(ascending)-1)
	if i == len(ascending)-1 || ascending[i] == ascending[i+1] {
		return ascending[i]
	}
	return ascending[i] + (at-float64(i))*(ascending[i+1]-ascending[i])
}
