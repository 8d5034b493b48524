package phantom

import "math"

// body paints skin, fat and the muscles of the chest wall.
func (s *plate) body() {
	outer := s.p.skin(s.z)
	s.shape(outer.closed(), 10)
	s.shape(inset(outer.closed(), 1.6), fatHU-4)

	muscle, inner := s.p.skin(s.z), s.p.cavity(s.z)
	for i := range muscle {
		// Breast and arm pit keep more fat where the wall is thick.
		depth := fatDepth(s.z, i)
		gap := muscle[i].sub(inner[i]).length()
		muscle[i] = muscle[i].lerp(inner[i], clamp(depth/max(gap, 1), 0, 0.85))
	}
	s.flesh(s.fill(muscle.closed()))
	if s.z < lungTop {
		s.shape(inset(inner.closed(), -11), muscleHU+4)
	}
	s.backMuscles()
}

// flesh paints muscle with streaks of fat between its bundles.
func (s *plate) flesh(v cover) {
	planes, grain := newTexture(s.p.seed^0xf1e5, 17, s.z), newTexture(s.p.seed^0x94a1, 5, s.z)
	for y := v.y0; y < v.y1; y++ {
		my := s.centre(y)
		out := s.hu[y*s.size+v.x0 : y*s.size+v.x1]
		for i, a := range v.row(y) {
			if a == 0 {
				continue
			}
			mx := s.centre(v.x0 + i)
			n, g := planes.at(mx, my*1.4), grain.at(mx, my)
			streak := float32(ramp(0.16, 0.03, math.Abs(float64(n+0.25*g))))
			hu := muscleHU + 8*g + (fatHU-muscleHU)*0.9*streak
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
