package connect

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// exact solves until nothing changes any more.
func exact(p []float32, w, h int, lambda float64, held bool) []float32 {
	g := newGrid(p, w, h, lambda, held)
	g.solve(1e-7, 3000)
	return g.u
}

// reference is a slow solver of another kind in float64: accelerated projected
// descent on the flow over each edge (Beck, Teboulle 2009). It returns u and a
// proven bound on its root mean square error.
func reference(p []float32, w, h int, lambda float64, steps int) (u []float64, bound float64) {
	type edge struct{ a, b int }
	var edges []edge
	for i := range p {
		if i%w+1 < w {
			edges = append(edges, edge{i, i + 1})
		}
		if i/w+1 < h {
			edges = append(edges, edge{i, i + w})
		}
	}
	u = make([]float64, w*h)
	flow := func(z []float64) {
		for i, v := range p {
			u[i] = float64(v)
		}
		for k, e := range edges {
			u[e.a] += z[k]
			u[e.b] -= z[k]
		}
	}
	z, y := make([]float64, len(edges)), make([]float64, len(edges))
	for t, n := 1.0, 0; n < steps; n++ {
		next := (1 + math.Sqrt(1+4*t*t)) / 2
		flow(y)
		for k, e := range edges {
			v := min(max(y[k]+(u[e.b]-u[e.a])/8, -lambda), lambda)
			y[k] = v + (t-1)/next*(v-z[k])
			z[k] = v
		}
		t = next
	}
	flow(z)
	gap := 0.0
	for k, e := range edges {
		d := u[e.b] - u[e.a]
		gap += lambda*math.Abs(d) - z[k]*d
	}
	return u, math.Sqrt(2 * gap / float64(w*h))
}

// patches is a picture of noisy patches in 0..1.
func patches(r *rand.Rand, w, h int, noise float64) []float32 {
	p := make([]float32, w*h)
	for range 1 + r.IntN(6) {
		x0, y0, v := r.IntN(w), r.IntN(h), r.Float64()
		x1, y1 := x0+1+r.IntN(w-x0), y0+1+r.IntN(h-y0)
		for y := y0; y < y1; y++ {
			for x := x0; x < x1; x++ {
				p[y*w+x] = float32(v)
			}
		}
	}
	for i := range p {
		p[i] = float32(min(max(float64(p[i])+noise*r.NormFloat64(), 0), 1))
	}
	return p
}

// rms is the root mean square of the difference, and the greatest one.
func rms[A, B float32 | float64](a []A, b []B) (mean, most float64) {
	for i := range a {
		d := math.Abs(float64(a[i]) - float64(b[i]))
		mean += d * d
		most = max(most, d)
	}
	return math.Sqrt(mean / float64(max(1, len(a)))), most
}

func TestDenoiseByHand(t *testing.T) {
	square := make([]float32, 100) // 4×4 in 10×10
	inside := func(i int) bool { return i%10 >= 3 && i%10 < 7 && i/10 >= 3 && i/10 < 7 }
	for i := range square {
		if inside(i) {
			square[i] = 1
		}
	}
	// The square loses λ·16 sides / 16 pixels; the 84 pixels around it gain λ·16/84.
	want := make([]float32, 100)
	for i := range want {
		want[i] = 0.25 * 16 / 84
		if inside(i) {
			want[i] = 0.75
		}
	}
	for _, c := range []struct {
		name    string
		w, h    int
		lambda  float64
		p, want []float32
	}{
		{"no pixels", 0, 0, 1, nil, nil},
		{"one pixel", 1, 1, 1, []float32{0.3}, []float32{0.3}},
		{"two", 2, 1, 0.2, []float32{0, 1}, []float32{0.2, 0.8}},
		{"two, levelled", 1, 2, 3, []float32{0, 1}, []float32{0.5, 0.5}},
		{"a spike", 5, 1, 0.25, []float32{0, 0, 1, 0, 0}, []float32{0.125, 0.125, 0.5, 0.125, 0.125}},
		{"a step", 4, 1, 0.5, []float32{0, 0, 1, 1}, []float32{0.25, 0.25, 0.75, 0.75}},
		{"stairs", 3, 1, 0.1, []float32{0, 0.5, 1}, []float32{0.1, 0.5, 0.9}},
		{"a square", 10, 10, 0.25, square, want},
		{"λ of 0", 3, 1, 0, []float32{0, 1, 0}, []float32{0, 1, 0}},
		{"λ below 0", 3, 1, -1, []float32{0, 1, 0}, []float32{0, 1, 0}},
		{"λ no number", 3, 1, math.NaN(), []float32{0, 1, 0}, []float32{0, 1, 0}},
		{"λ without end", 3, 1, math.Inf(1), []float32{0, 1, 0.5}, []float32{0.5, 0.5, 0.5}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if mean, most := rms(Denoise(c.p, c.w, c.h, c.lambda), c.want); mean > tolerance || most > 0.01 {
				t.Errorf("off by %g, at most %g", mean, most)
			}
			if c.lambda > 0 && c.w > 0 {
				if _, most := rms(exact(c.p, c.w, c.h, c.lambda, false), c.want); most > 2e-5 {
					t.Errorf("solved to the end, off by %g: %v", most, exact(c.p, c.w, c.h, c.lambda, false))
				}
			}
		})
	}
}

func TestDenoiseAgainstReference(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for _, size := range [][2]int{{40, 1}, {1, 33}, {2, 2}, {17, 23}, {48, 31}} {
		w, h := size[0], size[1]
		for _, lambda := range []float64{0.01, 0.1, 0.3, 1, 4} {
			p := patches(r, w, h, 0.1)
			want, bound := reference(p, w, h, lambda, 12000)
			if bound > 5e-4 {
				t.Fatalf("the reference is off by up to %g", bound)
			}
			if mean, most := rms(exact(p, w, h, lambda, false), want); mean > bound+1e-5 || most > 2e-3 {
				t.Errorf("%d×%d, λ %g: solved to the end, off by %g, at most %g (reference %g)", w, h, lambda, mean, most, bound)
			}
			if mean, most := rms(Denoise(p, w, h, lambda), want); mean > tolerance+bound || most > 0.03 {
				t.Errorf("%d×%d, λ %g: off by %g, at most %g", w, h, lambda, mean, most)
			}
		}
	}
}

// variation is Σ |steps| over the edges.
func variation(u []float32, w, h int) (sum float64) {
	for i, v := range u {
		if i%w+1 < w {
			sum += math.Abs(float64(u[i+1] - v))
		}
		if i/w+1 < h {
			sum += math.Abs(float64(u[i+w] - v))
		}
	}
	return sum
}

// turned exchanges rows and columns, or mirrors rows.
func turned(p []float32, w, h int, transpose bool) []float32 {
	out := make([]float32, w*h)
	for i, v := range p {
		if x, y := i%w, i/w; transpose {
			out[x*h+y] = v
		} else {
			out[y*w+w-1-x] = v
		}
	}
	return out
}

func TestDenoiseProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	mean := func(p []float32) (m float64) {
		for _, v := range p {
			m += float64(v) / float64(len(p))
		}
		return m
	}
	for range 40 {
		w, h, lambda := 1+r.IntN(40), 1+r.IntN(40), math.Exp(2*r.NormFloat64()-1)
		p := patches(r, w, h, 0.2*r.Float64())
		was := slices.Clone(p)
		u := Denoise(p, w, h, lambda)
		if !slices.Equal(p, was) {
			t.Fatal("the argument was written to")
		}
		if !slices.Equal(u, Denoise(p, w, h, lambda)) {
			t.Error("twice the same is not the same")
		}
		if d := math.Abs(mean(u) - mean(p)); d > 1e-5 {
			t.Errorf("%d×%d, λ %g: the mean moved by %g", w, h, lambda, d)
		}
		if a, b := variation(u, w, h), variation(p, w, h); a > b*(1+1e-5)+1e-6 {
			t.Errorf("%d×%d, λ %g: the variation grew from %g to %g", w, h, lambda, b, a)
		}
		if slices.Min(u) < slices.Min(p)-1e-5 || slices.Max(u) > slices.Max(p)+1e-5 {
			t.Errorf("%d×%d, λ %g: the range grew", w, h, lambda)
		}
		mirrored := turned(Denoise(turned(p, w, h, false), w, h, lambda), w, h, false)
		if d, most := rms(u, mirrored); d > 1e-5 || most > 1e-3 {
			t.Errorf("%d×%d, λ %g: mirrored, off by %g, at most %g", w, h, lambda, d, most)
		}
		swapped := turned(Denoise(turned(p, w, h, true), h, w, lambda), h, w, true)
		if d, _ := rms(u, swapped); d > 2*tolerance {
			t.Errorf("%d×%d, λ %g: transposed, off by %g", w, h, lambda, d)
		}
	}
	flat := slices.Repeat([]float32{0.4}, 30*20)
	if d, _ := rms(Denoise(flat, 30, 20, 0.7), flat); d > 1e-6 {
		t.Errorf("a flat picture moved by %g", d)
	}
}

// The mask at every threshold is the best of all masks: tried one by one, and
// with the rest of the picture left out as Smooth does it.
func TestThresholdsAreBest(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	for range 40 {
		w, h, lambda := 4, 3, 0.02+0.4*r.Float64()
		prob, p := make([]uint8, w*h), make([]float32, w*h)
		for i := range prob {
			if r.IntN(3) > 0 {
				prob[i] = uint8(r.IntN(256))
			}
			p[i] = float32(prob[i]) / 255
		}
		floor := uint8(r.IntN(120))
		whole, smooth := exact(p, w, h, lambda, true), Smooth(prob, w, h, lambda, floor)
		for level := int(floor) + 1; level <= 255; level += 9 {
			cut := (float64(level) - 0.5) / 255
			best := bestMask(p, w, h, lambda, cut)
			for i := range p {
				set := best>>i&1 != 0
				if math.Abs(float64(whole[i])-cut) > 1e-4 && set != (float64(whole[i]) > cut) {
					t.Fatalf("%v, λ %g, cut %g: pixel %d has %g", p, lambda, cut, i, whole[i])
				}
				if math.Abs(float64(smooth[i])-float64(level)) > 5 && set != (int(smooth[i]) >= level) {
					t.Fatalf("%v, λ %g, floor %d, level %d: pixel %d has %d", prob, lambda, floor, level, i, smooth[i])
				}
			}
		}
	}
}

// bestMask tries all masks and returns the one of least λ·perimeter + Σ (cut − p), a bit a pixel.
func bestMask(p []float32, w, h int, lambda, cut float64) (best int) {
	least := math.Inf(1)
	for m := range 1 << (w * h) {
		cost := 0.0
		for i, v := range p {
			set := m >> i & 1
			cost += float64(set) * (cut - float64(v))
			for _, border := range []bool{i%w == 0, i%w == w-1, i < w, i >= w*(h-1)} {
				if border {
					cost += lambda * float64(set)
				}
			}
			if i%w+1 < w && m>>(i+1)&1 != set {
				cost += lambda
			}
			if i/w+1 < h && m>>(i+w)&1 != set {
				cost += lambda
			}
		}
		if cost < least {
			best, least = m, cost
		}
	}
	return best
}

func FuzzDenoise(f *testing.F) {
	f.Add([]byte{}, uint8(0), 0.5)
	f.Add([]byte{0, 255, 3, 200, 100, 0}, uint8(2), 0.1)
	f.Fuzz(func(t *testing.T, data []byte, width uint8, lambda float64) {
		defer fuzzlimit.Start()()
		w := int(width)
		if w == 0 || len(data) > 2048 {
			data = nil
		}
		h := len(data) / max(1, w)
		data = data[:w*h]
		p := make([]float32, len(data))
		for i, v := range data {
			p[i] = float32(v) / 255
		}
		for i, v := range Denoise(p, w, h, lambda) {
			if !(v >= slices.Min(p)-1e-4 && v <= slices.Max(p)+1e-4) {
				t.Fatalf("pixel %d is %g", i, v)
			}
		}
		for _, floor := range []uint8{0, 60, 255} {
			out := Smooth(data, w, h, lambda, floor)
			for i, v := range data {
				if slices.Max(data) <= floor && out[i] != v {
					t.Fatal("what is below the floor changed")
				}
			}
		}
	})
}
