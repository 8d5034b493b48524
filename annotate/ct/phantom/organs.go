package phantom

import "math"

// Typical densities in HU, without contrast medium.
const (
	airHU    = -1000
	fatHU    = -98
	muscleHU = 48
	bloodHU  = 42
	liverHU  = 60
	lungHU   = -880
)

// place is a point in the patient: x left, y back, z up, in mm.
type place struct{ x, y, z float64 }

func (p place) lerp(q place, t float64) place {
	return place{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t, p.z + (q.z-p.z)*t}
}

// to is the way from p to q.
func (p place) to(q place) place { return place{q.x - p.x, q.y - p.y, q.z - p.z} }

func (p place) times(f float64) place { return place{p.x * f, p.y * f, p.z * f} }

func (p place) distance(q place) float64 {
	x, y, z := p.x-q.x, p.y-q.y, p.z-q.z
	return math.Sqrt(x*x + y*y + z*z)
}

// tube is a straight pipe with round ends whose radius changes from a to b.
type tube struct {
	a  place
	ra float64
	b  place
	rb float64
}

// near is the signed distance in mm of a place from the tube's wall: negative inside.
func (t *tube) near(p place) float64 {
	dx, dy, dz := t.b.x-t.a.x, t.b.y-t.a.y, t.b.z-t.a.z
	px, py, pz := p.x-t.a.x, p.y-t.a.y, p.z-t.a.z
	along := clamp((px*dx+py*dy+pz*dz)/max(dx*dx+dy*dy+dz*dz, 1e-9), 0, 1)
	px, py, pz = px-along*dx, py-along*dy, pz-along*dz
	return math.Sqrt(px*px+py*py+pz*pz) - t.ra - (t.rb-t.ra)*along
}

// reach is the rectangle around the tube, grown by r, or false where it misses height z.
func (t *tube) reach(z, r float64) (low, high point, ok bool) {
	w := max(t.ra, t.rb) + r
	if z < min(t.a.z, t.b.z)-w || z > max(t.a.z, t.b.z)+w {
		return low, high, false
	}
	return point{min(t.a.x, t.b.x) - w, min(t.a.y, t.b.y) - w}, point{max(t.a.x, t.b.x) + w, max(t.a.y, t.b.y) + w}, true
}

// blob is an ellipsoid, turned in the axial plane.
type blob struct {
	c        place
	a, b, h  float64 // half axes: across, deep, high
	sin, cos float64 // of the angle by which a is turned from x towards y
}

// turned makes a blob of the given half axes.
func turned(c place, a, b, h, angle float64) blob {
	sin, cos := math.Sincos(angle)
	return blob{c, a, b, h, sin, cos}
}

// near is roughly the signed distance in mm from the blob's surface.
func (e *blob) near(p place) float64 {
	x, y := p.x-e.c.x, p.y-e.c.y
	u, v, w := (x*e.cos+y*e.sin)/e.a, (y*e.cos-x*e.sin)/e.b, (p.z-e.c.z)/e.h
	return (math.Sqrt(u*u+v*v+w*w) - 1) * min(e.a, e.b, e.h)
}

// reach is the rectangle around the blob, grown by r, or false where it misses height z.
func (e *blob) reach(z, r float64) (low, high point, ok bool) {
	if math.Abs(z-e.c.z) > e.h+r {
		return low, high, false
	}
	w := max(e.a, e.b) * (1 + r/min(e.a, e.b, e.h))
	return point{e.c.x - w, e.c.y - w}, point{e.c.x + w, e.c.y + w}, true
}

// heart is the heart's chambers and wall.
var heart = []blob{
	turned(place{14, -78, 118}, 58, 45, 50, 0.5),  // ventricles
	turned(place{-20, -66, 128}, 34, 36, 40, 0.2), // right atrium
	turned(place{0, -46, 148}, 38, 22, 24, 0),     // left atrium
	turned(place{10, -92, 150}, 30, 24, 34, 0.3),  // outflow
}

// vessels of the mediastinum, all filled with blood.
var greatVessels = []tube{
	{place{-10, -80, 145}, 15, place{-16, -86, 185}, 16}, // ascending aorta
	{place{-16, -86, 185}, 16, place{-12, -80, 212}, 15},
	{place{-12, -80, 212}, 14, place{4, -58, 219}, 13}, // arch
	{place{4, -58, 219}, 13, place{19, -30, 210}, 12.5},
	{place{19, -30, 210}, 12.5, place{21, -18, 188}, 12}, // descending aorta
	{place{21, -18, 188}, 12, place{17, -20, 110}, 11.5},
	{place{17, -20, 110}, 11.5, place{8, -30, -10}, 10.5},
	{place{-31, -74, 150}, 10, place{-32, -72, 225}, 8.5}, // superior vena cava
	{place{-32, -72, 225}, 8, place{-26, -64, 262}, 7},
	{place{-30, -70, 236}, 7, place{22, -78, 246}, 6},    // left brachiocephalic vein
	{place{18, -92, 150}, 14, place{16, -84, 180}, 13.5}, // pulmonary trunk
	{place{14, -82, 181}, 12, place{-38, -56, 176}, 9.5}, // right pulmonary artery
	{place{18, -82, 182}, 11.5, place{44, -48, 186}, 9},  // left pulmonary artery
	{place{-26, -44, 150}, 7, place{-44, -50, 146}, 5.5}, // pulmonary veins
	{place{26, -44, 152}, 7, place{44, -50, 150}, 5.5},
	{place{-14, -74, 212}, 6.5, place{-20, -60, 280}, 6}, // brachiocephalic artery
	{place{2, -60, 222}, 4.5, place{12, -52, 300}, 4},    // left carotid
	{place{15, -40, 220}, 5.5, place{24, -38, 280}, 5},   // left subclavian
	{place{-22, -58, 280}, 5, place{-24, -52, 310}, 5},
	{place{-9, -28, 30}, 3, place{-8, -24, 210}, 3},     // azygos vein
	{place{-34, -60, 20}, 12, place{-24, -62, 105}, 12}, // inferior vena cava
}

// gullet is the oesophagus.
var gullet = []tube{
	{place{8, -33, 310}, 7.5, place{5, -31, 190}, 7},
	{place{5, -31, 190}, 7, place{3, -34, 130}, 7},
	{place{3, -34, 130}, 7.5, place{16, -44, 60}, 8},
}

// padding is fat and small structures that hold the mediastinum together.
var padding = []tube{
	{place{0, -116, 112}, 5, place{0, -108, 215}, 7},
	{place{0, -100, 190}, 9, place{0, -84, 250}, 13},
	{place{0, -60, 200}, 20, place{0, -52, 300}, 20},
	{place{0, -24, -10}, 10, place{0, -26, 310}, 11},
	{place{-6, -46, 160}, 14, place{0, -48, 205}, 14},
	{place{12, -128, 96}, 10, place{-18, -122, 100}, 10},
}

// airways are the windpipe and the main bronchi, down to the lobes.
var airways = []tube{
	{place{0, -46, 312}, 8.6, place{-1, -50, 215}, 8.8},
	{place{-1, -50, 215}, 8.8, place{-1, -44, 193}, 9.4},
	{place{-2, -44, 192}, 7.4, place{-30, -38, 172}, 6.4}, // right main bronchus
	{place{0, -44, 192}, 7, place{38, -36, 166}, 5.6},     // left main bronchus
	{place{-30, -38, 172}, 5.2, place{-42, -34, 146}, 4.4},
	{place{-27, -39, 176}, 4.8, place{-52, -46, 186}, 3.4},
	{place{38, -36, 166}, 4.4, place{52, -50, 172}, 3.2},
	{place{38, -36, 166}, 4.6, place{46, -28, 140}, 4},
}

// dome is half of the diaphragm.
type dome struct {
	top   place
	a, b  float64
	depth float64
}

var domes = [3]dome{
	{place{-56, -64, 112}, 72, 97, 92}, // right, over the liver
	{place{60, -60, 98}, 70, 94, 80},   // left
	{place{6, -86, 84}, 58, 60, 34},    // middle, under the heart
}

// height of the dome over a place in mm.
func (d *dome) height(p point) float64 {
	u, v := (p.x-d.top.x)/d.a, (p.y-d.top.y)/d.b
	q := u*u + v*v
	return d.top.z - d.depth*q*(0.55+0.45*q)
}

// diaphragm is the height of the diaphragm over a place in mm.
func diaphragm(p point) float64 {
	return max(domes[0].height(p), domes[1].height(p), domes[2].height(p))
}

// blend joins two signed distances with a smooth fillet about k mm wide.
func blend(a, b, k float64) float64 {
	h := max(k-math.Abs(a-b), 0) / k
	return min(a, b) - h*h*k/4
}
