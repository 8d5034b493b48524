package phantom

import (
	"math"
	"math/rand/v2"
)

const (
	pointSpread = 0.52 // standard deviation in mm
	minHU       = -1024
	maxHU       = 3071 // with minHU the range of 12 bits
)

// scan turns the painted slice into what a scanner reconstructs: blurred,
// rough, in whole HU. The noise of slice i is its own.
func (s *plate) scan(i int) []int16 {
	variance := pointSpread * pointSpread / (s.mm * s.mm)
	passes := int(math.Ceil(variance / 0.5))
	scratch := make([]float32, len(s.hu))
	for range passes {
		soften(s.hu, scratch, s.size, float32(variance/float64(2*passes)))
	}
	noise := s.grain(i, scratch)
	out := make([]int16, len(s.hu))
	for y := range s.size {
		my := s.centre(y) + 45
		for x := range s.size {
			k := y*s.size + x
			mx := s.centre(x)
			// Most photons are lost on the way through the middle.
			level := float32(0.55 + 0.75/(1+(mx*mx+my*my)/12000))
			v := s.hu[k] + noise[k]*level
			out[k] = int16(math.Round(clamp(float64(v), minHU, maxHU)))
		}
	}
	return out
}

// grain makes the noise of slice i, in HU: white noise, band-limited as a sharp
// reconstruction kernel does. Shoulders make more of it.
func (s *plate) grain(i int, scratch []float32) []float32 {
	noise := make([]float32, len(s.hu))
	for y := range s.size {
		bell(rand.NewPCG(s.p.seed^0x9017e, uint64(i)<<32|uint64(y)), noise[y*s.size:(y+1)*s.size])
	}
	soften(noise, scratch, s.size, 0.17)
	wide := make([]float32, len(noise))
	copy(wide, noise)
	soften(wide, scratch, s.size, 0.25)
	soften(wide, scratch, s.size, 0.25)
	level := float32(s.p.noise * (1 + 0.45*ramp(205, 260, s.z)))
	const gain = 2.6 // brings the band's standard deviation back to 1
	for k := range noise {
		noise[k] = (noise[k] - 0.72*wide[k]) * gain * level
	}
	return noise
}

// soften blurs a square picture with the kernel (k, 1-2k, k) along rows and
// columns; edges repeat.
func soften(v, scratch []float32, size int, k float32) {
	for y := range size {
		row, out := v[y*size:(y+1)*size], scratch[y*size:(y+1)*size]
		for x, m := range row {
			a, b := row[max(x-1, 0)], row[min(x+1, size-1)]
			out[x] = m + k*(a+b-2*m)
		}
	}
	for y := range size {
		up, mid, low := scratch[max(y-1, 0)*size:], scratch[y*size:], scratch[min(y+1, size-1)*size:]
		out := v[y*size : (y+1)*size]
		for x := range out {
			m := mid[x]
			out[x] = m + k*(up[x]+low[x]-2*m)
		}
	}
}
