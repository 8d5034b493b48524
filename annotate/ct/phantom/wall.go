package phantom

import "math"

// body paints skin, fat and the muscles of the chest wall.
func (s *plate) body() {
	outer := s.p.skin(s.z)
	s.shape(outer.closed(), 10)
	s.shape(inset(outer.closed(), 1.6), fatHU-4)

	muscle, inner := s.p.skin(s.z), s.p.cavity(s.z)
	slim(&muscle.left, &inner.left, s.z)
	slim(&muscle.right, &inner.right, s.z)
	s.flesh(s.fill(ripple(muscle.closed(), newTexture(s.p.seed^0x51b, 26, s.z), 4)))
	if s.z < lungTop {
		s.shape(ripple(inset(inner.closed(), -10), newTexture(s.p.seed^0x51c, 14, s.z), 2), muscleHU+4)
	}
	s.backMuscles()
}

// slim takes the fat under the skin away from the outline of the body.
func slim(body, inner *half, z float64) {
	for i := range body {
		gap := body[i].sub(inner[i]).length()
		body[i] = body[i].lerp(inner[i], clamp(fatDepth(z, i)/max(gap, 1), 0, 0.85))
	}
}

// flesh paints muscle in layers around the chest, with fat between its bundles.
func (s *plate) flesh(v cover) {
	seed := s.p.seed
	planes, gaps := newTexture(seed^0xf1e5, 11, s.z), newTexture(seed^0x6a95, 19, s.z)
	grain, pockets := newTexture(seed^0x94a1, 4, s.z), newTexture(seed^0x90c6, 17, s.z)
	for y := v.y0; y < v.y1; y++ {
		my := s.centre(y)
		out := s.hu[y*s.size+v.x0 : y*s.size+v.x1]
		for i, a := range v.row(y) {
			if a == 0 {
				continue
			}
			mx := s.centre(v.x0 + i)
			around, outwards := 21*math.Atan2(mx, my+42), point{mx, my + 42}.length()
			n, g := planes.at(around, outwards-100), grain.at(mx, my)
			streak := ramp(0.13, 0.02, math.Abs(float64(n+0.12*g))) * ramp(-0.25, 0.35, float64(gaps.at(mx, my)))
			pocket := ramp(0.22, 0.45, float64(pockets.at(around, outwards-100)+0.2*g))
			hu := muscleHU + 9*g + (fatHU-muscleHU)*float32(max(0.85*streak, pocket))
			out[i] += (hu - out[i]) * a
		}
	}
}

// backMuscles paints the bundles on both sides of the spine.
func (s *plate) backMuscles() {
	for _, side := range []float64{-1, 1} {
		s.shape(ellipse(point{side * 27, 41}, 21, 12.5, side*0.15), muscleHU+6)
		s.shape(ellipse(point{side * 12, 40}, 7.5, 11, 0), muscleHU+2)
	}
}

// couch paints the table: a curved board of foam in a shell, and a pad on it.
func (s *plate) couch() {
	board := func(top, bottom, curve, low float64) []point {
		var out []point
		for x := -240.0; x <= 240; x += 10 {
			out = append(out, point{x, top - curve*x*x})
		}
		for x := 240.0; x >= -240; x -= 10 {
			out = append(out, point{x, bottom - low*x*x})
		}
		return out
	}
	s.shape(board(77, 83, 0.00085, 0.00088), -930)
	s.shape(board(84, 124, 0.00095, 0.0017), -60)
	s.shape(board(86.2, 121.6, 0.00095, 0.00168), -905)
	s.shape(ellipse(point{0, 113}, 26, 5, 0), -250)
	s.shape(ellipse(point{0, 113}, 23, 3, 0), -960)
}
