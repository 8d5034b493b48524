package shape

import (
	"context"
	"image"
	"math"
	"slices"
)

// smoothSteps is how often SmoothTV goes on: the difference that remains moves no
// border by a pixel.
const smoothSteps = 60

// SmoothTV is a set smoothed slice by slice so that its border is short: what is
// above one half of the picture that is near the set and of little total
// variation (Rudin, Osher, Fatemi 1992; Chan, Esedoglu, Nikolova 2006). A disc of
// less than mm radius vanishes, a gap of less is closed, and borders bent less
// stay.
func SmoothTV(ctx context.Context, s *Set, mm float64, progress Progress) (*Set, error) {
	pixel := math.Sqrt(s.Spacing[0] * s.Spacing[1])
	weight := mm / pixel / 4 // a disc of radius r has 1 - 2 weight / r left
	out, plane := NewSet(s.Grid), make([]bool, s.W*s.H)
	for z := range s.D {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if s.Plane(z, plane); weight > 0 {
			for _, box := range s.apart(z, int(mm/pixel)+2) {
				shortenIn(plane, s.W, box, weight)
			}
		}
		out.AddBits(plane, s.bounds())
		progress.tell(z+1, s.D)
	}
	return out, nil
}

// apart are rectangles that do not meet and hold the parts of slice z, each with
// a margin of pixels: what is in one has no effect on another.
func (s *Set) apart(z, margin int) (boxes []image.Rectangle) {
	flat := NewSet(s.slice())
	for y := range s.H {
		for _, r := range s.runs[s.first[z*s.H+y]:s.first[z*s.H+y+1]] {
			flat.append(run{int32(y), r.x0, r.x1})
		}
		flat.first = append(flat.first, int32(len(flat.runs)))
	}
	for _, b := range flat.Parts(Corners).blocks() {
		box := b.box.Inset(-margin).Intersect(s.bounds())
		for i := 0; i < len(boxes); i++ {
			if boxes[i].Overlaps(box) {
				box = box.Union(boxes[i])
				boxes = slices.Delete(boxes, i, i+1)
				i = -1 // the larger one may meet those before
			}
		}
		boxes = append(boxes, box)
	}
	return boxes
}

// shortenIn smooths a rectangle of a slice of w columns.
func shortenIn(plane []bool, w int, box image.Rectangle, weight float64) {
	bits := make([]bool, 0, box.Dx()*box.Dy())
	for y := box.Min.Y; y < box.Max.Y; y++ {
		bits = append(bits, plane[y*w+box.Min.X:y*w+box.Max.X]...)
	}
	shorten(bits, box.Dx(), box.Dy(), weight)
	for y := box.Min.Y; y < box.Max.Y; y++ {
		copy(plane[y*w+box.Min.X:y*w+box.Max.X], bits[(y-box.Min.Y)*box.Dx():])
	}
}

// dual is the dual variable of total variation: a vector a pixel.
type dual struct{ x, y []float64 }

// shorten smooths one slice by the fast gradient projection of the dual problem
// (Beck, Teboulle 2009, "Fast gradient-based algorithms for constrained total
// variation image denoising problems").
func shorten(bits []bool, w, h int, weight float64) {
	n := len(bits)
	f, u := make([]float64, n), make([]float64, n)
	for i, v := range bits {
		f[i] = float64(b2i(v))
	}
	p, q := dual{make([]float64, n), make([]float64, n)}, dual{make([]float64, n), make([]float64, n)}
	t := 1.0
	for range smoothSteps {
		q.primal(u, f, w, h, weight)
		next := (1 + math.Sqrt(1+4*t*t)) / 2
		p.climb(&q, u, w, h, 1/(8*weight), (t-1)/next)
		t = next
	}
	p.primal(u, f, w, h, weight)
	for i, v := range u {
		bits[i] = v > 0.5
	}
}

// primal writes f plus weight times the divergence of d to u.
func (d *dual) primal(u, f []float64, w, h int, weight float64) {
	for y := range h {
		for x := range w {
			i := y*w + x
			div := d.x[i] + d.y[i]
			if x > 0 {
				div -= d.x[i-1]
			}
			if y > 0 {
				div -= d.y[i-w]
			}
			u[i] = f[i] + weight*div
		}
	}
}

// climb steps from q along the gradient of u, back onto vectors of length 1 at
// most, and moves q beyond by the momentum.
func (d *dual) climb(q *dual, u []float64, w, h int, step, momentum float64) {
	for y := range h {
		for x := range w {
			i := y*w + x
			var gx, gy float64
			if x < w-1 {
				gx = u[i+1] - u[i]
			}
			if y < h-1 {
				gy = u[i+w] - u[i]
			}
			px, py := q.x[i]+step*gx, q.y[i]+step*gy
			if l := px*px + py*py; l > 1 {
				l = math.Sqrt(l)
				px, py = px/l, py/l
			}
			q.x[i], q.y[i] = px+momentum*(px-d.x[i]), py+momentum*(py-d.y[i])
			d.x[i], d.y[i] = px, py
		}
	}
}
