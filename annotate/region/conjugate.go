package region

import (
	"context"
	"math"
)

// The system counts as solved when the residual is walkAccuracy of the
// right-hand side, or after walkRounds.
const (
	walkAccuracy = 1e-3
	walkRounds   = 2000
)

// solve finds x by conjugate gradients, preconditioned by an incomplete Cholesky
// factor without fill-in, modified to keep row sums (Gustafsson 1978).
func (s *system) solve(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n := len(s.x)
	all := make([]float64, 4*n)
	r, z, p, q := all[:n], all[n:2*n], all[2*n:3*n], all[3*n:]
	factor := s.factor()
	s.times(s.x, q)
	for i := range r {
		if s.free[i] {
			r[i] = s.b[i] - q[i]
		}
	}
	enough := walkAccuracy * walkAccuracy * dot(s.b, s.b)
	s.precondition(factor, r, z)
	copy(p, z)
	rz := dot(r, z)
	for round := 0; round < walkRounds && dot(r, r) > enough; round++ {
		if round%16 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		s.times(p, q)
		a := rz / dot(p, q)
		if math.IsNaN(a) || math.IsInf(a, 0) {
			break
		}
		for i, v := range p {
			s.x[i] += a * v
			r[i] -= a * q[i]
		}
		s.precondition(factor, r, z)
		was := rz
		rz = dot(r, z)
		b := rz / was
		for i, v := range z {
			p[i] = v + b*p[i]
		}
	}
	return nil
}

// times sets out to the system's matrix times v, of which the known pixels do
// not count; it is 0 there.
func (s *system) times(v, out []float64) {
	for y := range s.h {
		for i := (y+1)*s.stride + 1; i < (y+2)*s.stride-1; i++ {
			out[i] = s.diag[i]*v[i] - s.right[i]*v[i+1] - s.right[i-1]*v[i-1] - s.down[i]*v[i+s.stride] - s.down[i-s.stride]*v[i-s.stride]
		}
	}
}

// modified is how much of what the factor leaves out is kept in its diagonal.
const modified = 0.97

// factor is the inverse of the incomplete factor's diagonal; 0 where there is no
// pixel to solve for.
func (s *system) factor() []float64 {
	f := make([]float64, len(s.x))
	for y := range s.h {
		for i := (y+1)*s.stride + 1; i < (y+2)*s.stride-1; i++ {
			if !s.free[i] || s.diag[i] == 0 {
				continue
			}
			l, u := i-1, i-s.stride
			d := s.diag[i] - f[l]*s.right[l]*(s.right[l]+modified*s.down[l]) - f[u]*s.down[u]*(s.down[u]+modified*s.right[u])
			if d < 1e-3*s.diag[i] {
				d = s.diag[i]
			}
			f[i] = 1 / d
		}
	}
	return f
}

// precondition sets z to the factored matrix's answer for r.
func (s *system) precondition(f, r, z []float64) {
	for y := range s.h {
		for i := (y+1)*s.stride + 1; i < (y+2)*s.stride-1; i++ {
			z[i] = f[i] * (r[i] + s.right[i-1]*z[i-1] + s.down[i-s.stride]*z[i-s.stride])
		}
	}
	for y := s.h - 1; y >= 0; y-- {
		for i := (y+2)*s.stride - 2; i > (y+1)*s.stride; i-- {
			z[i] += f[i] * (s.right[i]*z[i+1] + s.down[i]*z[i+s.stride])
		}
	}
}

func dot(a, b []float64) (sum float64) {
	for i, v := range a {
		sum += v * b[i]
	}
	return sum
}
