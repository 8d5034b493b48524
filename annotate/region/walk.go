package region

import (
	"context"
	"image"
	"math"
)

// Hints are what a person marked: pixels that belong to the region, and pixels
// that do not. A pixel in both does not.
type Hints struct{ Inside, Outside *Set }

// Walk says how a random walker weighs what it passes: a step weighs exp(-d²),
// where d is the difference in HU, or in the model's probability, in units of a
// strong border's.
type Walk struct {
	HU      float64 // a strong border; not positive: DefaultWalk's
	Denoise bool    // compare HU under a Gaussian of 1.2 pixels
	Prob    []uint8 // the model's map of the plane, 0..255; nil: none
	Border  float64 // a strong border of Prob, as a share of 1; 0: its borders do not count
	Trust   float64 // how strongly Prob itself draws each pixel, beside the 1 of a neighbour alike; 0: not at all
}

// DefaultWalk was chosen on the phantom's lesions.
var DefaultWalk = Walk{HU: 20, Denoise: true, Border: 0.5, Trust: 0.001}

// walkLeast is what a step weighs at least, so that no pixel is cut off.
const walkLeast = 1e-6

// Chances are the chances that a walker from each pixel of a box meets an inside
// hint before an outside one, row-major.
type Chances struct {
	Box image.Rectangle
	P   []float32
}

// Region is the pixels whose chance is more than a half and that hang together
// with a hint inside, but for what only a narrow place leads to, as the rim along
// the pleura. The hints are in it in any case.
func (c Chances) Region(h Hints) *Set {
	s := NewSet(c.Box)
	in := func(x, y int) bool { return c.P[(y-c.Box.Min.Y)*c.Box.Dx()+x-c.Box.Min.X] > 0.5 }
	var seeds, found []run
	h.Inside.Spans(func(y, x0, x1 int) { seeds = append(seeds, run{y, x0, x1}) })
	f := filler{set: s, in: firm(in, c.Box), runs: func(y, x0, x1 int) { found = append(found, run{y, x0, x1}) }}
	f.flood(seeds)
	for _, r := range found {
		s.rim(r, in)
	}
	for _, r := range seeds {
		for x := r.x0; x < r.x1; x++ {
			if image.Pt(x, r.y).In(c.Box) && in(x, r.y) {
				s.Add(r.y, x, x+1)
			}
		}
	}
	return s
}

// Solve finds the chances within a box of a plane (Grady 2006, "Random walks for
// image segmentation", with the prior of Grady 2005). The box's border counts as
// hinted outside where it is not the plane's own and not hinted inside. Start is
// an earlier answer near the one sought, which saves time; nil for none. It takes
// some 60 bytes a pixel of the box. Without a hint inside nothing is found. The
// error is the context's.
func (w Walk) Solve(ctx context.Context, p Plane, box image.Rectangle, h Hints, start *Chances) (Chances, error) {
	if box = box.Intersect(p.Bounds()); box.Empty() {
		return Chances{}, ctx.Err()
	}
	s := newSystem(box)
	s.hint(p.Bounds(), h)
	s.weigh(p, w)
	if w.Trust > 0 && len(w.Prob) >= p.W*p.H {
		s.draw(p.W, w.Prob, w.Trust)
	}
	s.begin(start)
	if err := s.solve(ctx); err != nil {
		return Chances{}, err
	}
	out := Chances{Box: box, P: make([]float32, box.Dx()*box.Dy())}
	for y := range s.h {
		for x := range s.w {
			out.P[y*s.w+x] = float32(s.x[s.index(x, y)])
		}
	}
	return out, nil
}

// system is the linear system of a box with a margin of one pixel, to which no
// step leads. A hinted pixel's chance is known and stays out of the system.
type system struct {
	box         image.Rectangle
	w, h        int
	stride      int
	right, down []float64 // weight of the step to the neighbour, both free
	diag        []float64 // sum of the weights, and the prior's; 0 where known or in the margin
	b           []float64 // right-hand side
	x           []float64 // chances
	free        []bool
}

func newSystem(box image.Rectangle) *system {
	s := &system{box: box, w: box.Dx(), h: box.Dy(), stride: box.Dx() + 2}
	n := s.stride * (s.h + 2)
	all := make([]float64, 5*n)
	s.right, s.down, s.diag, s.b, s.x = all[:n], all[n:2*n], all[2*n:3*n], all[3*n:4*n], all[4*n:]
	s.free = make([]bool, n)
	return s
}

func (s *system) index(x, y int) int { return (y+1)*s.stride + x + 1 }

// hint notes the chances that are known.
func (s *system) hint(plane image.Rectangle, h Hints) {
	for y := range s.h {
		for x := range s.w {
			i, at := s.index(x, y), image.Pt(x, y).Add(s.box.Min)
			inside := h.Inside.Has(at.X, at.Y)
			edge := x == 0 && at.X > plane.Min.X || y == 0 && at.Y > plane.Min.Y ||
				x == s.w-1 && at.X < plane.Max.X-1 || y == s.h-1 && at.Y < plane.Max.Y-1
			switch {
			case h.Outside.Has(at.X, at.Y) || edge && !inside:
			case inside:
				s.x[i] = 1
			default:
				s.free[i] = true
			}
		}
	}
}

// weigh sets the weights of all steps.
func (s *system) weigh(p Plane, w Walk) {
	if !(w.HU > 0) {
		w.HU = DefaultWalk.HU
	}
	if len(w.Prob) < p.W*p.H {
		w.Border = 0
	}
	at := func(i int) float64 { return clamp(p.HU[i]) }
	if w.Denoise {
		at = s.denoised(p)
	}
	weight := func(a, b int) float64 {
		d := (at(a) - at(b)) / w.HU
		e := d * d
		if w.Border > 0 {
			d := (float64(w.Prob[a]) - float64(w.Prob[b])) / (255 * w.Border)
			e += d * d
		}
		return math.Exp(-e) + walkLeast
	}
	for y := range s.h {
		for x := range s.w {
			i, at := s.index(x, y), (y+s.box.Min.Y)*p.W+x+s.box.Min.X
			if x+1 < s.w {
				s.link(i, i+1, s.right, weight(at, at+1))
			}
			if y+1 < s.h {
				s.link(i, i+s.stride, s.down, weight(at, at+p.W))
			}
		}
	}
}

// link joins pixels i and j by a weight, which steps keeps for i.
func (s *system) link(i, j int, steps []float64, weight float64) {
	switch {
	case s.free[i] && s.free[j]:
		steps[i] = weight
		s.diag[i] += weight
		s.diag[j] += weight
	case s.free[i]:
		s.diag[i] += weight
		s.b[i] += weight * s.x[j]
	case s.free[j]:
		s.diag[j] += weight
		s.b[j] += weight * s.x[i]
	}
}

// draw adds the prior.
func (s *system) draw(width int, prob []uint8, trust float64) {
	for y := range s.h {
		for x := range s.w {
			if i := s.index(x, y); s.free[i] {
				s.diag[i] += trust
				s.b[i] += trust * float64(prob[(y+s.box.Min.Y)*width+x+s.box.Min.X]) / 255
			}
		}
	}
}

// begin takes chances to start from.
func (s *system) begin(start *Chances) {
	if start == nil || start.Box.Empty() {
		return
	}
	for y := range s.h {
		for x := range s.w {
			i, at := s.index(x, y), image.Pt(x, y).Add(s.box.Min)
			if s.free[i] && at.In(start.Box) {
				at = at.Sub(start.Box.Min)
				s.x[i] = float64(start.P[at.Y*start.Box.Dx()+at.X])
			}
		}
	}
}

// denoised is a plane's smoothed HU by index in the plane.
func (s *system) denoised(p Plane) func(i int) float64 {
	soft := smoothed(p, s.box)
	return func(i int) float64 {
		x, y := i%p.W-s.box.Min.X, i/p.W-s.box.Min.Y
		return float64(soft.v[s.index(x, y)])
	}
}
