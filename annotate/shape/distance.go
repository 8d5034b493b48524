package shape

import "math"

// Distances returns, for each pixel of a grid (row-major, slice after slice), the
// square of its distance in mm, centre to centre, to the nearest pixel for which
// set holds; +Inf where there is none. It is exact (Felzenszwalb, Huttenlocher
// 2012, "Distance transforms of sampled functions").
func Distances(set []bool, g Grid) []float64 {
	d := make([]float64, len(set))
	for row := 0; row < len(d); row += g.W {
		nearestInRow(set[row:row+g.W], d[row:row+g.W], g.Spacing[0])
	}
	p := newParabolas(max(g.H, g.D))
	area := g.W * g.H
	for z := range g.D {
		for x := range g.W {
			p.pass(d[z*area+x:], g.H, g.W, g.Spacing[1])
		}
	}
	if g.D > 1 {
		for i := range area {
			p.pass(d[i:], g.D, area, g.Spacing[2])
		}
	}
	return d
}

// nearestInRow writes the squared distances within one row.
func nearestInRow(set []bool, out []float64, step float64) {
	last := math.Inf(-1)
	for x := range set {
		if set[x] {
			last = float64(x)
		}
		out[x] = float64(x) - last
	}
	last = math.Inf(1)
	for x := len(set) - 1; x >= 0; x-- {
		if set[x] {
			last = float64(x)
		}
		mm := min(out[x], last-float64(x)) * step
		out[x] = mm * mm
	}
}

// parabolas is the lower envelope of parabolas, one rooted at each sample.
type parabolas struct {
	f    []float64 // the samples
	at   []int     // which samples are the envelope
	from []float64 // where each begins, in mm
}

func newParabolas(n int) *parabolas {
	return &parabolas{make([]float64, n), make([]int, n), make([]float64, n+1)}
}

// pass replaces n samples, stride apart and step mm from each other, by the
// smallest of sample plus squared distance to it.
func (p *parabolas) pass(d []float64, n, stride int, step float64) {
	k := -1
	for q := range n {
		p.f[q] = d[q*stride]
		if math.IsInf(p.f[q], 1) {
			continue
		}
		from := math.Inf(-1)
		for k >= 0 {
			if from = p.meet(p.at[k], q, step); from > p.from[k] {
				break
			}
			from = math.Inf(-1)
			k--
		}
		k++
		p.at[k], p.from[k] = q, from
	}
	if k < 0 {
		return
	}
	p.from[k+1] = math.Inf(1)
	for q, j := 0, 0; q < n; q++ {
		for p.from[j+1] < float64(q)*step {
			j++
		}
		mm := float64(q-p.at[j]) * step
		d[q*stride] = p.f[p.at[j]] + mm*mm
	}
}

// meet is where the parabolas of samples a < b meet, in mm.
func (p *parabolas) meet(a, b int, step float64) float64 {
	x, y := float64(a)*step, float64(b)*step
	return (p.f[b] + y*y - p.f[a] - x*x) / (2 * (y - x))
}
