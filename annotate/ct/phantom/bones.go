package phantom

import "math"

// bones paints ribs, spine, breastbone, shoulder blades and collarbones.
func (s *plate) bones() {
	for _, side := range []float64{-1, 1} {
		s.ribs(side)
		s.shoulder(side)
	}
	s.spine()
	s.breastbone()
}

const (
	ribGap  = 23.5 // between ribs at the spine, in mm
	ribDrop = 66.0 // from the spine to the front end
	ribHalf = 6.2  // half of a rib's height
)

// ribs paints the stretches of ribs that the slice cuts on one side. Ribs fall
// towards the front, so that a slice cuts each of them once, obliquely.
func (s *plate) ribs(side float64) {
	if s.z >= lungTop {
		return
	}
	contour := s.p.cavity(s.z).side(side)
	out := normals(contour, point{0, -40})
	var total float64
	along := make([]float64, len(contour))
	for i := 1; i < len(contour); i++ {
		total += contour[i].sub(contour[i-1]).length()
		along[i] = total
	}
	for k := -2; k < 14; k++ {
		s.rib(contour, out, along, total, ribGap*float64(k)+s.p.ribPhase+2*side)
	}
}

// rib paints one rib whose head is at height head.
func (s *plate) rib(contour, out []point, along []float64, total, head float64) {
	const gristle = 0.88 // where along the contour bone turns into cartilage
	var mid, normal []point
	var half []float64
	bony := true
	flush := func() {
		if len(mid) > 2 {
			s.ribPiece(mid, normal, half, bony)
		}
		mid, normal, half = nil, nil, nil
	}
	for i, p := range contour {
		u := along[i] / total
		h := (s.z - (head - ribDrop*math.Sin(1.75*min(u, 0.9)))) / ribHalf
		if hard := u < gristle; hard != bony {
			flush()
			bony = hard
		}
		if h*h >= 1 {
			flush()
			continue
		}
		w := 3.6 * math.Sqrt(1-h*h)
		mid, normal, half = append(mid, p.add(out[i].scale(5.6))), append(normal, out[i]), append(half, w)
	}
	flush()
}

func (s *plate) ribPiece(mid, normal []point, half []float64, bony bool) {
	band := func(w float64) []point {
		var outline []point
		for i, p := range mid {
			outline = append(outline, p.add(normal[i].scale(max(half[i]+w, 0.05))))
		}
		for i := len(mid) - 1; i >= 0; i-- {
			outline = append(outline, mid[i].sub(normal[i].scale(max(half[i]+w, 0.05))))
		}
		return outline
	}
	if !bony {
		s.shape(band(0), 105)
		return
	}
	s.shape(band(0), 620)
	s.shape(band(-1.3), 190)
}

// spine paints a vertebra or a disc, the canal and the arch behind it.
func (s *plate) spine() {
	const period = 25.0
	phase := math.Mod(s.z+s.p.spinePhase+4*period, period) / period
	body := smooth([]point{
		{0, -21}, {8.5, -20}, {14.5, -14}, {15.5, -6}, {13, 2}, {7, 5}, {0, 3.8},
		{-7, 5}, {-13, 2}, {-15.5, -6}, {-14.5, -14}, {-8.5, -20},
	}, 6)
	s.arch(phase)
	switch {
	case phase < 0.17:
		s.shape(inset(body, 0.6), 85)
	case phase < 0.23 || phase > 0.94:
		s.shape(body, 420)
	default:
		s.bone(body, 1.2, 430, 175)
		s.marrow(inset(body, 1.6))
	}
	s.shape(ellipse(point{0, 13.4}, 9.6, 8.2, 0), 8)
	s.shape(ellipse(point{0, 13.2}, 5, 4.2, 0), 38)
}

// marrow roughens a vertebra's inside with its trabeculae.
func (s *plate) marrow(outline []point) {
	v, grain := s.fill(outline), newTexture(s.p.seed^0xb0ae, 1.7, s.z)
	for y := v.y0; y < v.y1; y++ {
		for i, a := range v.row(y) {
			s.hu[y*s.size+v.x0+i] += a * 60 * grain.at(s.centre(v.x0+i), s.centre(y))
		}
	}
}

// arch paints the bony ring around the canal and its processes.
func (s *plate) arch(phase float64) {
	for _, side := range []float64{-1, 1} {
		if phase > 0.45 && phase < 0.92 {
			s.bone(capsule(point{side * 12, 4}, point{side * 13.5, 18}, 3.6), 1.2, 560, 210)
			s.bone(capsule(point{side * 14, 18}, point{side * 31, 26}, 3.5), 1.1, 520, 180)
		}
		if phase > 0.2 {
			s.bone(capsule(point{side * 13, 19}, point{side * 2, 27}, 3.4), 1.2, 560, 230)
		} else {
			s.bone(ellipse(point{side * 13, 19}, 6, 4.4, side*0.5), 1.2, 540, 240)
		}
	}
	end := 40 + 12*ramp(0.3, 0.9, phase)
	s.bone(capsule(point{0, 28}, point{0, end}, 2.8), 1.1, 520, 200)
}

// breastbone paints the sternum in front of the cavity.
func (s *plate) breastbone() {
	if s.z < 106 || s.z > 238 {
		return
	}
	wide := 17 + 10*ramp(196, 218, s.z)
	tall := 5.6 * math.Sqrt(clamp((s.z-100)/14, 0, 1)*clamp((244-s.z)/8, 0, 1))
	y := s.p.cavity(s.z).left[0].y - 7
	s.bone(ellipse(point{0, y}, wide, tall, 0), 1.2, 400, 130)
}

// shoulder paints shoulder blade and collarbone of one side.
func (s *plate) shoulder(side float64) {
	if s.z > 172 {
		t := (s.z - 172) / (height - 172)
		size := math.Sqrt(clamp((s.z-172)/40, 0, 1))
		inner := point{side * (86 - 10*t), 42 - 10*t}
		outer := inner.lerp(point{side * (140 + 6*t), 6 - 10*t}, size)
		middle := inner.lerp(outer, 0.5).add(point{side * 4, 5})
		s.bone(capsule(inner, middle, 2.6), 1.1, 560, 240)
		s.bone(capsule(middle, outer, 3.4+2.5*t), 1.1, 560, 200)
		if t > 0.3 {
			s.bone(capsule(middle, middle.add(point{side * 16, 14}), 3), 1.1, 540, 220)
		}
	}
	collar := tube{place{side * 20, -102, 236}, 8, place{side * 130, -54, 282}, 6}
	s.draw(&collar, 0, 560)
	s.draw(&collar, -1.6, 180)
}

// capsule is the outline of a straight bar with round ends.
func capsule(a, b point, r float64) []point {
	const n = 10
	d := b.sub(a)
	turn := math.Atan2(d.y, d.x)
	var out []point
	for i := range 2*n + 2 {
		c, step := b, float64(i)
		if i > n {
			c, step = a, float64(i-1)
		}
		sin, cos := math.Sincos(turn - math.Pi/2 + math.Pi*step/n)
		out = append(out, c.add(point{r * cos, r * sin}))
	}
	return out
}
