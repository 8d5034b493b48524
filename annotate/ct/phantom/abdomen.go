package phantom

// abdomen fills what lies below the diaphragm: liver, stomach, spleen, fat.
func (s *plate) abdomen() {
	if s.z > domes[0].top.z+2 {
		return
	}
	v := s.fill(s.p.cavity(s.z).closed())
	inside := make([]float32, s.size*s.size)
	for y := v.y0; y < v.y1; y++ {
		for i, share := range v.row(y) {
			inside[y*s.size+v.x0+i] = share * s.belly(v.x0+i, y)
		}
	}
	grain := newTexture(s.p.seed^0x11fe, 3, s.z)
	s.within(inside, v, func(x, y float64) float32 {
		p := place{x, y, s.z}
		hu := float32(fatHU)
		put := func(o solid, value float32) {
			hu += (value - hu) * edge(float32(o.near(p)), 1)
		}
		put(&spleen, 52)
		put(&stomach, 22)
		put(&gas, airHU+15)
		put(&liver, liverHU+7*grain.at(x, y))
		put(&leftLobe, liverHU+7*grain.at(x, y))
		// The diaphragm itself is a thin muscle under the lung.
		if under := diaphragm(point{x, y}) - s.z; under < 5 {
			hu += (muscleHU - hu) * float32(ramp(5, 2, under))
		}
		return hu
	})
}

var (
	liver    = turned(place{-58, -58, 10}, 66, 92, 112, 0)
	leftLobe = turned(place{4, -100, 40}, 52, 34, 52, 0.25)
	spleen   = turned(place{86, -8, 28}, 26, 42, 56, -0.45)
	stomach  = turned(place{52, -70, 24}, 42, 44, 62, 0.3)
	gas      = turned(place{50, -98, 40}, 26, 13, 34, 0.1)
)

// within paints pixels of v by their place, where inside says how much of them counts.
func (s *plate) within(inside []float32, v cover, hu func(x, y float64) float32) {
	for y := v.y0; y < v.y1; y++ {
		for x := v.x0; x < v.x1; x++ {
			if k := y*s.size + x; inside[k] > 0 {
				s.hu[k] += (hu(s.centre(x), s.centre(y)) - s.hu[k]) * inside[k]
			}
		}
	}
}
