package codec

// wavelet97 is the irreversible transform (T.800 F.3.8.2.1.2). Its low and high
// factors, K and twice 1/K, are those with which a high-pass sample's step has
// the gain of T.800 E-3 left out. Products are rounded before they are added,
// so that the values are the same on all processors.
var wavelet97 = wavelet[float32]{
	low: 1.230174105, high: 1.625732422, line: line97, columns: columns97, single: func([]float32, int) {},
}

// steps97 are delta, gamma, beta and alpha (T.800 table F.4).
var steps97 = [4]float32{0.443506852, 0.882911075, -0.052980118, -1.586134342}

func line97(t []float32, parity int) {
	for s, k := range steps97 {
		for i := (parity + s) & 1; i < len(t); i += 2 {
			before, after := neighbours(i, len(t))
			t[i] -= float32(k * (t[before] + t[after]))
		}
	}
}

func columns97(t []float32, width, parity int) {
	n := len(t) / width
	row := func(i int) []float32 { return t[i*width:][:width] }
	for s, k := range steps97 {
		for i := (parity + s) & 1; i < n; i += 2 {
			before, after := neighbours(i, n)
			b, a := row(before), row(after)
			for x, v := range row(i) {
				t[i*width+x] = v - float32(k*(b[x]+a[x]))
			}
		}
	}
}
