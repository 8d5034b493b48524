package train

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Augment is how far an example is changed at random. Every amount is the
// largest; what happens is uniform up to it, and 0 turns a change off.
type Augment struct {
	Flip      bool    `json:"flip"`      // left-right, every second time
	Rotation  float64 `json:"rotation"`  // degrees
	Scale     float64 `json:"scale"`     // 0.1: 0.9 to 1.1, each axis by itself
	Shift     float64 `json:"shift"`     // share of the side
	Intensity float64 `json:"intensity"` // added to 0..1, and contrast times 1 +- this
	Gamma     float64 `json:"gamma"`     // exponent 2^-gamma to 2^gamma
	Noise     float64 `json:"noise"`     // standard deviation, 0..1
	Shading   float64 `json:"shading"`   // density added to air, 0..1: a slope and a bowl, as gravity and breathing make
	Kernel    float64 `json:"kernel"`    // smooths by up to this share of a 3x3 binomial blur, or sharpens by half of it
}

// warp maps an output pixel to the example's grid: (x,y) -> (ax*x+bx*y+cx, ...).
type warp struct{ ax, bx, cx, ay, by, cy float64 }

func spread(r *rand.Rand, amount float64) float64 { return (2*r.Float64() - 1) * amount }

// draw makes a random warp from size x size outputs to a side x side example.
func (a Augment) draw(r *rand.Rand, side, size int) warp {
	angle := spread(r, a.Rotation) * math.Pi / 180
	sx, sy := math.Exp(spread(r, a.Scale)), math.Exp(spread(r, a.Scale))
	dx, dy := spread(r, a.Shift), spread(r, a.Shift)
	if flip := r.IntN(2) == 1; a.Flip && flip {
		sx = -sx
	}
	sin, cos := math.Sincos(angle)
	k := float64(side) / float64(size)
	w := warp{ax: k * sx * cos, bx: -k * sy * sin, ay: k * sx * sin, by: k * sy * cos}
	// the output's centre goes to the example's centre, shifted
	half := float64(size) / 2
	w.cx = float64(side)*(0.5+dx) - (w.ax+w.bx)*half
	w.cy = float64(side)*(0.5+dy) - (w.ay+w.by)*half
	return w
}

// place writes the warped example: its image into x (size*size, 0..1), and for
// each class where it is into is (0 or 1) and how far that is known into known
// (0..1). The example's border pixels continue outwards in the image; outside of
// it there is nothing of any class.
func (w warp) place(e *example, side int, x []float32, is, known [][]float32, size int) {
	w.each(side, size, func(i int, px, py float64, _ bool) { x[i] = bilinear(e.image, side, px, py) / 255 })
	for k, t := range e.truths {
		fill(is[k], 0)
		fill(known[k], 1)
		if t.is != nil {
			w.each(side, size, func(i int, px, py float64, inside bool) {
				if inside && bilinear(t.is, side, px, py) >= 127.5 {
					is[k][i] = 1
				}
			})
		}
		if t.known != nil {
			w.each(side, size, func(i int, px, py float64, _ bool) {
				known[k][i] = bilinear(t.known, side, px, py) / 255
			})
		}
	}
}

// each calls do with every output pixel and where it lies in the example.
func (w warp) each(side, size int, do func(i int, px, py float64, inside bool)) {
	last := float64(side) - 0.5
	for row := range size {
		for col := range size {
			u, v := float64(col)+0.5, float64(row)+0.5
			px, py := w.ax*u+w.bx*v+w.cx-0.5, w.ay*u+w.by*v+w.cy-0.5
			do(row*size+col, px, py, px >= -0.5 && py >= -0.5 && px <= last && py <= last)
		}
	}
}

func fill(v []float32, x float32) {
	for i := range v {
		v[i] = x
	}
}

func bilinear(p []uint8, side int, x, y float64) float32 {
	last := float64(side - 1)
	x, y = min(max(x, 0), last), min(max(y, 0), last)
	x0, y0 := int(x), int(y)
	x1, y1 := min(x0+1, side-1), min(y0+1, side-1)
	fx, fy := float32(x-float64(x0)), float32(y-float64(y0))
	top := float32(p[y0*side+x0])*(1-fx) + float32(p[y0*side+x1])*fx
	bottom := float32(p[y1*side+x0])*(1-fx) + float32(p[y1*side+x1])*fx
	return top*(1-fy) + bottom*fy
}

// recolour changes shading, sharpness, brightness, contrast and gamma of a size x size
// picture, and adds noise; the result stays in 0..1.
func (a Augment) recolour(r *rand.Rand, x []float32, size int) {
	if a.Kernel > 0 {
		soften(x, size, float32(a.Kernel*(1.5*r.Float64()-0.5)))
	}
	if a.Shading > 0 {
		a.shade(r, x, size)
	}
	gain, offset := float32(1+spread(r, a.Intensity)), float32(spread(r, a.Intensity))
	gamma := math.Exp2(spread(r, a.Gamma))
	sigma := float32(r.Float64() * a.Noise)
	for i, v := range x {
		v = min(max((v-0.5)*gain+0.5+offset, 0), 1)
		if a.Gamma > 0 {
			v = float32(math.Pow(float64(v), gamma))
		}
		if a.Noise > 0 {
			v += sigma * float32(r.NormFloat64())
		}
		x[i] = min(max(v, 0), 1)
	}
}

// shade adds a slope and a bowl to a size x size picture, the more the darker a
// pixel is: what hangs low in the lungs, or was breathed out, is denser without
// being sick.
func (a Augment) shade(r *rand.Rand, x []float32, size int) {
	down, across, bowl := spread(r, a.Shading), spread(r, a.Shading)/2, spread(r, a.Shading)/2
	for i, v := range x {
		u, w := 2*float64(i%size)/float64(size)-1, 2*float64(i/size)/float64(size)-1
		x[i] = v + (1-v)*float32(down*w+across*u+bowl*(1-u*u-w*w))
	}
}

// soften moves a size x size picture towards its 3x3 binomial blur, or away from
// it where amount is negative, as smooth and sharp reconstruction kernels do.
func soften(x []float32, size int, amount float32) {
	rows := slices.Clone(x)
	for i := range x {
		left, right := max(i%size-1, 0), min(i%size+1, size-1)
		row := i - i%size
		rows[i] = (x[row+left] + 2*x[i] + x[row+right]) / 4
	}
	for i := range x {
		up, down := i, i
		if i >= size {
			up = i - size
		}
		if i+size < len(x) {
			down = i + size
		}
		blurred := (rows[up] + 2*rows[i] + rows[down]) / 4
		x[i] += amount * (blurred - x[i])
	}
}
