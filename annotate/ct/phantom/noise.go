package phantom

import (
	"math"
	"math/rand/v2"
)

// texture is smooth random structure on a plane, cut at one height out of a
// volume of value noise: lattice values in -1..1, interpolated smoothly.
type texture struct {
	n      int
	period float64 // distance of lattice points in mm
	value  []float32
}

// newTexture cuts the noise named by seed, with lattice points period mm apart, at height z.
func newTexture(seed uint64, period, z float64) *texture {
	n := int(frame/period) + 3
	t := &texture{n: n, period: period, value: make([]float32, n*n)}
	floor := math.Floor(z / period)
	f := float32(ramp(0, 1, z/period-floor))
	layer := uint64(int64(floor))
	for i := range t.value {
		a, b := lattice(seed, uint64(i), layer), lattice(seed, uint64(i), layer+1)
		t.value[i] = a + (b-a)*f
	}
	return t
}

// lattice is a hash of a lattice point as a number in -1..1 (the finalizer of MurmurHash3).
func lattice(seed, i, layer uint64) float32 {
	h := seed ^ i*0x9e3779b97f4a7c15 ^ layer*0xc2b2ae3d27d4eb4f
	h = (h ^ h>>33) * 0xff51afd7ed558ccd
	h = (h ^ h>>33) * 0xc4ceb9fe1a85ec53
	return float32(h>>40)/(1<<23) - 1
}

// at is the texture's value, in -1..1, at a place in mm.
func (t *texture) at(x, y float64) float32 {
	u, v := float32((x+frame/2)/t.period), float32((y+frame/2)/t.period)
	i, j := int(u), int(v)
	if i < 0 || j < 0 || i >= t.n-1 || j >= t.n-1 {
		return 0
	}
	fx, fy := u-float32(i), v-float32(j)
	fx, fy = fx*fx*(3-2*fx), fy*fy*(3-2*fy)
	k := j*t.n + i
	top := t.value[k] + (t.value[k+1]-t.value[k])*fx
	low := t.value[k+t.n] + (t.value[k+t.n+1]-t.value[k+t.n])*fx
	return top + (low-top)*fy
}

// bell fills out with independent, nearly normal numbers of variance 1: sums
// of four uniform 16-bit numbers, so that no machine's math library matters.
func bell(r *rand.PCG, out []float32) {
	const mean, deviation = 2 * 65535, 37837.2
	for i := range out {
		v := r.Uint64()
		sum := int(v&0xffff) + int(v>>16&0xffff) + int(v>>32&0xffff) + int(v>>48)
		out[i] = float32(sum-mean) / deviation
	}
}
