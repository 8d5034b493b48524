package phantom

import "math"

// point is a place in an axial plane, in mm: x grows to the patient's left,
// y to the back. The origin is the middle of the picture.
type point struct{ x, y float64 }

func (p point) add(q point) point             { return point{p.x + q.x, p.y + q.y} }
func (p point) sub(q point) point             { return point{p.x - q.x, p.y - q.y} }
func (p point) scale(f float64) point         { return point{p.x * f, p.y * f} }
func (p point) lerp(q point, t float64) point { return p.add(q.sub(p).scale(t)) }
func (p point) length() float64               { return math.Sqrt(p.x*p.x + p.y*p.y) }

// halfPoints is the number of control points of half a contour.
const halfPoints = 12

// half is the left half of a contour that is roughly the same on both sides:
// control points from the front of the midline to its back.
type half [halfPoints]point

// keyframe is a half contour at one height.
type keyframe struct {
	z float64
	half
}

// at interpolates keyframes, which are sorted by height, at height z.
func at(frames []keyframe, z float64) half {
	for i := 1; i < len(frames); i++ {
		if z < frames[i].z {
			t := clamp((z-frames[i-1].z)/(frames[i].z-frames[i-1].z), 0, 1)
			return frames[i-1].half.lerp(frames[i].half, t)
		}
	}
	return frames[len(frames)-1].half
}

func (h half) lerp(o half, t float64) half {
	for i := range h {
		h[i] = h[i].lerp(o[i], t)
	}
	return h
}

// contour is the two halves of a closed contour; both are given as left halves.
type contour struct{ left, right half }

// closed is the rounded outline of the contour.
func (c contour) closed() []point {
	control := make([]point, 0, 2*halfPoints-1)
	control = append(control, c.left[:]...)
	for i := halfPoints - 1; i > 0; i-- {
		control = append(control, point{-c.right[i].x, c.right[i].y})
	}
	return smooth(control, 8)
}

// side is the rounded open contour of one side from the back to the front:
// the patient's left for sign 1, the right for -1.
func (c contour) side(sign float64) []point {
	h := c.left
	if sign < 0 {
		h = c.right
	}
	control := make([]point, 0, halfPoints)
	for i := halfPoints - 2; i >= 1; i-- {
		control = append(control, point{sign * h[i].x, h[i].y})
	}
	var out []point
	for i := 0; i+1 < len(control); i++ {
		before, after := control[max(i-1, 0)], control[min(i+2, len(control)-1)]
		for k := range 8 {
			out = append(out, catmullRom(before, control[i], control[i+1], after, float64(k)/8))
		}
	}
	return append(out, control[len(control)-1])
}

// smooth rounds a closed control polygon with a Catmull-Rom spline.
func smooth(control []point, steps int) []point {
	n := len(control)
	out := make([]point, 0, n*steps)
	for i := range control {
		a, b, c, d := control[(i+n-1)%n], control[i], control[(i+1)%n], control[(i+2)%n]
		for k := range steps {
			out = append(out, catmullRom(a, b, c, d, float64(k)/float64(steps)))
		}
	}
	return out
}

// catmullRom is the point at t in 0..1 between b and c.
func catmullRom(a, b, c, d point, t float64) point {
	spline := func(a, b, c, d float64) float64 {
		return 0.5 * (2*b + t*(c-a+t*(2*a-5*b+4*c-d+t*(3*(b-c)+d-a))))
	}
	return point{spline(a.x, b.x, c.x, d.x), spline(a.y, b.y, c.y, d.y)}
}

// normals are the unit normals of an open contour, pointing away from centre.
func normals(contour []point, centre point) []point {
	out := make([]point, len(contour))
	for i, p := range contour {
		t := contour[min(i+1, len(contour)-1)].sub(contour[max(i-1, 0)])
		n := point{-t.y, t.x}.scale(1 / max(t.length(), 1e-9))
		if n.x*(p.x-centre.x)+n.y*(p.y-centre.y) < 0 {
			n = n.scale(-1)
		}
		out[i] = n
	}
	return out
}

// inset moves a closed outline towards its inside by mm (outwards if negative).
func inset(outline []point, mm float64) []point {
	var area float64
	n := len(outline)
	for i, p := range outline {
		q := outline[(i+1)%n]
		area += p.x*q.y - q.x*p.y
	}
	out := make([]point, n)
	for i, p := range outline {
		t := outline[(i+1)%n].sub(outline[(i+n-1)%n])
		f := math.Copysign(mm, area) / max(t.length(), 1e-9)
		out[i] = point{p.x - t.y*f, p.y + t.x*f}
	}
	return out
}

// ripple moves the points of an outline in or out by up to mm, as a texture says.
func ripple(outline []point, t *texture, mm float64) []point {
	in := inset(outline, mm)
	out := make([]point, len(outline))
	for i, p := range outline {
		out[i] = p.lerp(in[i], float64(t.at(p.x, p.y)))
	}
	return out
}

// ellipse is the outline of an ellipse with half axes a and b, turned by
// angle radians from the x axis towards the y axis.
func ellipse(c point, a, b, angle float64) []point {
	const n = 48
	sin, cos := math.Sincos(angle)
	out := make([]point, n)
	for i := range out {
		s, k := math.Sincos(2 * math.Pi * float64(i) / n)
		u, v := a*k, b*s
		out[i] = point{c.x + u*cos - v*sin, c.y + u*sin + v*cos}
	}
	return out
}

func clamp(v, low, high float64) float64 { return max(low, min(high, v)) }

// ramp rises smoothly from 0 at a to 1 at b.
func ramp(a, b, v float64) float64 {
	t := clamp((v-a)/(b-a), 0, 1)
	return t * t * (3 - 2*t)
}
