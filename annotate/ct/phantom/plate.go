package phantom

// plate is one slice in the making: the picture before the scanner blurs and
// roughens it, with what is known about every pixel.
type plate struct {
	*canvas
	p     *Phantom
	z     float64
	lung  []float32 // share of lung in every pixel
	truth []uint8   // set by lesions
	soft  []float32 // signed distance in mm from the organs of the mediastinum
	busy  cover     // the cavity: all lung lies within its rectangle
}

func newPlate(p *Phantom, size int, field, z float64) *plate {
	c := newCanvas(size, field)
	return &plate{
		canvas: c, p: p, z: z,
		lung: make([]float32, size*size), truth: make([]uint8, size*size), soft: make([]float32, size*size),
	}
}

// carve finds the lungs: the rib cage's inside without mediastinum and abdomen.
func (s *plate) carve() {
	const far = 60
	for i := range s.soft {
		s.soft[i] = far
	}
	for _, group := range [][]tube{greatVessels, gullet, airways, padding} {
		for i := range group {
			s.join(&group[i])
		}
	}
	for i := range heart {
		s.join(&heart[i])
	}
	if s.z >= lungTop {
		return
	}
	s.busy = s.fill(s.p.cavity(s.z).closed())
	for y := s.busy.y0; y < s.busy.y1; y++ {
		for i, share := range s.busy.row(y) {
			x := s.busy.x0 + i
			k := y*s.size + x
			s.lung[k] = share * (1 - edge(s.soft[k]-sheath, s.mm)) * (1 - s.belly(x, y))
		}
	}
}

// sheath is the thickness in mm of the fat around the organs of the mediastinum.
const sheath = 2.2

// belly is the share of abdomen in a pixel, blurred as breathing blurs it.
func (s *plate) belly(x, y int) float32 {
	if s.z > domes[0].top.z+2 {
		return 0
	}
	const blur = 2.5
	return float32(clamp((diaphragm(point{s.centre(x), s.centre(y)})-s.z)/blur+0.5, 0, 1))
}

// edge turns a signed distance in mm into the share of a pixel that is inside.
func edge(distance float32, mm float64) float32 {
	return max(0, min(1, 0.5-distance/float32(mm)))
}

// solid is a shape with a signed distance.
type solid interface {
	near(p place) float64
	reach(z, r float64) (low, high point, ok bool)
}

// join adds an organ to the distance field of the mediastinum, with fillets.
func (s *plate) join(o solid) {
	const fillet = 9
	s.visit(o, fillet, func(k int, d float64) {
		s.soft[k] = float32(blend(float64(s.soft[k]), d, fillet))
	})
}

// visit calls f with every pixel within r mm of the organ, and its signed distance from it.
func (s *plate) visit(o solid, r float64, f func(k int, d float64)) {
	low, high, ok := o.reach(s.z, r)
	if !ok {
		return
	}
	x0, x1 := s.span(low.x, high.x)
	y0, y1 := s.span(low.y, high.y)
	for y := y0; y < y1; y++ {
		for x := x0; x < x1; x++ {
			if d := o.near(place{s.centre(x), s.centre(y), s.z}); d < r {
				f(y*s.size+x, d)
			}
		}
	}
}

// draw paints an organ, grown by mm, with one density.
func (s *plate) draw(o solid, grow float64, hu float32) {
	s.visit(o, grow+s.mm, func(k int, d float64) {
		s.hu[k] += (hu - s.hu[k]) * edge(float32(d-grow), s.mm)
	})
}

// chest fills the rib cage with the fat that organs and lungs are then drawn into.
func (s *plate) chest() {
	for y := s.busy.y0; y < s.busy.y1; y++ {
		for i, share := range s.busy.row(y) {
			k := y*s.size + s.busy.x0 + i
			s.hu[k] += (fatHU - s.hu[k]) * share
		}
	}
}

// organs draws what lies between the lungs.
func (s *plate) organs() {
	for i := range heart {
		s.draw(&heart[i], 0, bloodHU)
	}
	for i := range greatVessels {
		s.draw(&greatVessels[i], 0, bloodHU)
	}
	for i := range gullet {
		s.draw(&gullet[i], 0, muscleHU)
	}
	for i := range airways {
		s.draw(&airways[i], 1.6, 25)
	}
	for i := range airways {
		s.draw(&airways[i], 0, airHU+8)
	}
}
