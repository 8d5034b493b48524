package codec

// wavelet53 is the reversible transform (T.800 F.3.8.2.1.1).
var wavelet53 = wavelet[int32]{low: 1, high: 1, line: line53, columns: columns53, single: single53}

// single53 halves a high-pass sample that is alone (T.800 F.3.6).
func single53(t []int32, parity int) {
	if parity == 1 {
		for i := range t {
			t[i] /= 2
		}
	}
}

func line53(t []int32, parity int) {
	for i := parity; i < len(t); i += 2 {
		before, after := neighbours(i, len(t))
		t[i] -= (t[before] + t[after] + 2) >> 2
	}
	for i := 1 - parity; i < len(t); i += 2 {
		before, after := neighbours(i, len(t))
		t[i] += (t[before] + t[after]) >> 1
	}
}

func columns53(t []int32, width, parity int) {
	n := len(t) / width
	row := func(i int) []int32 { return t[i*width:][:width] }
	for i := parity; i < n; i += 2 {
		before, after := neighbours(i, n)
		b, a := row(before), row(after)
		for x, v := range row(i) {
			t[i*width+x] = v - (b[x]+a[x]+2)>>2
		}
	}
	for i := 1 - parity; i < n; i += 2 {
		before, after := neighbours(i, n)
		b, a := row(before), row(after)
		for x, v := range row(i) {
			t[i*width+x] = v + (b[x]+a[x])>>1
		}
	}
}
