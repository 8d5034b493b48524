package ct

// At returns the patient coordinates, in mm (LPS), of a point of slice i in
// index coordinates, in which whole numbers are the centres of pixels. Unlike
// Geometry.At it holds for slices that are missing or shifted, too.
func (s *Series) At(col, row float64, i int) [3]float64 {
	if !s.Geometry.Uneven || i < 0 || i >= s.Len() {
		return s.Geometry.At(col, row, float64(i))
	}
	p := s.Geometry.At(col, row, 0)
	corner := s.corner(i)
	for k := range p {
		p[k] += corner[k] - s.Geometry.Origin[k]
	}
	return p
}

// corner is the centre of the first pixel of slice i.
func (s *Series) corner(i int) [3]float64 {
	if c := s.Sources[i].Corner; c != nil {
		return *c
	}
	g := s.Geometry
	rise := dot(g.Step, g.Normal())
	if !g.Uneven || !s.Sources[i].HasPosition || rise == 0 {
		return g.At(0, 0, float64(i))
	}
	return g.At(0, 0, (s.Sources[i].PositionMM-s.Sources[0].PositionMM)/rise)
}
