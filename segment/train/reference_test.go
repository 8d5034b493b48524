package train

import (
	"fmt"
	"math"
)

// reference is a plain float64 forward pass of the training graph, written
// from the definition and sharing nothing with the graph's builder but the
// layout of the parameters.
type reference struct {
	net    Network
	layout layout
	batch  int
	keep   [][]byte
	theta  []float64
	drops  int

	kind      string
	weights   []float64  // of the loss's elements
	variation []float64  // weights of the pictures' total variation
	counts    [3]float64 // of the last loss
}

type refMap struct {
	v       []float64 // [batch, c, h, w]
	c, h, w int
}

func (m refMap) at(n, c int) []float64 { a := m.h * m.w; return m.v[(n*m.c+c)*a:][:a] }

func (r *reference) newMap(c, h, w int) refMap {
	return refMap{make([]float64, r.batch*c*h*w), c, h, w}
}

func (r *reference) param(name string) []float64 {
	p := r.layout.params[r.layout.byName[name]]
	return r.theta[p.off : p.off+p.len]
}

// loss returns loss, its part without total variation, and total variation for
// images [B,1,S,S] and targets [B,C,S,S].
func (r *reference) loss(images, targets []float64, size int, lambda float64) (loss, fit, tv float64) {
	r.drops = 0
	x := refMap{images, 1, size, size}
	var skips []refMap
	for l := range r.net.Levels {
		x = r.block(r.block(x, fmt.Sprintf("enc%d_1", l)), fmt.Sprintf("enc%d_2", l))
		skips = append(skips, x)
		x = r.dropout(r.pool(x))
	}
	x = r.block(r.block(x, "mid_1"), "mid_2")
	for l := r.net.Levels - 1; l >= 0; l-- {
		x = r.dropout(r.concat(r.upConv(x, fmt.Sprintf("up%d", l)), skips[l]))
		x = r.block(r.block(x, fmt.Sprintf("dec%d_1", l)), fmt.Sprintf("dec%d_2", l))
	}
	return r.headLoss(x, targets, lambda)
}

func (r *reference) headLoss(x refMap, targets []float64, lambda float64) (loss, fit, tv float64) {
	w, b := r.param("head_w"), r.param("head_b")
	area, classes := x.h*x.w, len(b)
	var bce float64
	both, sum := make([]float64, classes), make([]float64, classes)
	r.counts = [3]float64{}
	for n := range r.batch {
		for k := range classes {
			p := make([]float64, area)
			for i := range p {
				l := b[k]
				for c := range x.c {
					l += w[k*x.c+c] * x.at(n, c)[i]
				}
				p[i] = 1 / (1 + math.Exp(-l))
				y, weight := targets[(n*classes+k)*area+i], r.weights[(n*classes+k)*area+i]
				bce -= weight * (y*math.Log(p[i]) + (1-y)*math.Log(1-p[i]))
				both[k] += weight * y * p[i]
				sum[k] += weight * (y + p[i])
				if k == Foreground && weight > 0 {
					r.count(p[i] >= 0.5, y > 0)
				}
			}
			if k >= Foreground {
				tv += r.variation[n] * variation64(p, x.w)
			}
		}
	}
	if r.kind != lossDice {
		fit += bce / float64(r.batch*2*area)
	}
	if r.kind != lossBCE {
		for k := Foreground; k < classes; k++ {
			fit += (1 - (2*both[k]+diceSmooth)/(sum[k]+diceSmooth)) / float64(classes-Foreground)
		}
	}
	tv /= float64(r.batch * area)
	return fit + lambda*tv, fit, tv
}

func (r *reference) count(proposed, is bool) {
	for i, yes := range [3]bool{proposed && is, proposed, is} {
		if yes {
			r.counts[i]++
		}
	}
}

func variation64(p []float64, w int) (tv float64) {
	for i := range p {
		if i%w+1 < w {
			tv += math.Abs(p[i+1] - p[i])
		}
		if i+w < len(p) {
			tv += math.Abs(p[i+w] - p[i])
		}
	}
	return tv
}

// block is convolution, batch normalisation and ReLU.
func (r *reference) block(x refMap, name string) refMap {
	w, gamma, beta := r.param(name+"_w"), r.param(name+"_gamma"), r.param(name+"_beta")
	y := r.newMap(len(gamma), x.h, x.w)
	for n := range r.batch {
		for co := range y.c {
			for ci := range x.c {
				correlate(y.at(n, co), x.at(n, ci), w[(co*x.c+ci)*9:][:9], x.h, x.w)
			}
		}
	}
	count := float64(r.batch * x.h * x.w)
	for c := range y.c {
		var mean, variance float64
		for n := range r.batch {
			for _, v := range y.at(n, c) {
				mean += v / count
			}
		}
		for n := range r.batch {
			for _, v := range y.at(n, c) {
				variance += (v - mean) * (v - mean) / count
			}
		}
		for n := range r.batch {
			plane := y.at(n, c)
			for i, v := range plane {
				plane[i] = math.Max(0, (v-mean)/math.Sqrt(variance+batchNormEpsilon)*gamma[c]+beta[c])
			}
		}
	}
	return y
}

// correlate adds the 3x3 correlation of x with k, zeros around x, to y.
func correlate(y, x, k []float64, h, w int) {
	for row := range h {
		for col := range w {
			for dr := -1; dr <= 1; dr++ {
				for dc := -1; dc <= 1; dc++ {
					if i, j := row+dr, col+dc; i >= 0 && i < h && j >= 0 && j < w {
						y[row*w+col] += k[(dr+1)*3+dc+1] * x[i*w+j]
					}
				}
			}
		}
	}
}

func (r *reference) pool(x refMap) refMap {
	y := r.newMap(x.c, x.h/2, x.w/2)
	for n := range r.batch {
		for c := range x.c {
			from, to := x.at(n, c), y.at(n, c)
			for i := range to {
				k := i/y.w*2*x.w + i%y.w*2
				to[i] = max(from[k], from[k+1], from[k+x.w], from[k+x.w+1])
			}
		}
	}
	return y
}

func (r *reference) concat(a, b refMap) refMap {
	y := r.newMap(a.c+b.c, a.h, a.w)
	for n := range r.batch {
		for c := range a.c {
			copy(y.at(n, c), a.at(n, c))
		}
		for c := range b.c {
			copy(y.at(n, a.c+c), b.at(n, c))
		}
	}
	return y
}

func (r *reference) dropout(x refMap) refMap {
	y := r.newMap(x.c, x.h, x.w)
	for i, keep := range r.keep[r.drops] {
		if keep == 1 {
			y.v[i] = x.v[i] / (1 - r.net.Dropout)
		}
	}
	r.drops++
	return y
}

// upConv scatters each input pixel over a 3x3 patch of the doubled grid.
func (r *reference) upConv(x refMap, name string) refMap {
	w, b := r.param(name+"_w"), r.param(name+"_b")
	y := r.newMap(len(b), 2*x.h, 2*x.w)
	for n := range r.batch {
		for co := range y.c {
			to := y.at(n, co)
			for i := range to {
				to[i] = b[co]
			}
			for ci := range x.c {
				k := w[(ci*y.c+co)*9:][:9]
				for i, v := range x.at(n, ci) {
					for tap, weight := range k {
						row, col := 2*(i/x.w)+tap/3-1, 2*(i%x.w)+tap%3-1
						if row >= 0 && row < y.h && col >= 0 && col < y.w {
							to[row*y.w+col] += weight * v
						}
					}
				}
			}
		}
	}
	return y
}
