package shape

// Holes is what a set encloses: the parts, connected by sides, of all that is not
// in it that do not reach the border of the slice, nor, in a stack, the first or
// the last slice. Only holes of at most most mm² or mm³ count, where most is not
// 0.
func Holes(s *Set, most float64) *Set {
	others := s.complement()
	p := others.Parts(Faces)
	open := make([]bool, len(p.Size))
	for i, r := range others.runs {
		z, y := int(r.row)/s.H, int(r.row)%s.H
		if r.x0 == 0 || int(r.x1) == s.W || y == 0 || y == s.H-1 || s.D > 1 && (z == 0 || z == s.D-1) {
			open[p.of[i]] = true
		}
	}
	size := s.PixelSize()
	return p.Keep(func(part int) bool { return !open[part] && (most == 0 || float64(p.Size[part])*size <= most+1e-9) })
}

// FillHoles is a set with its Holes.
func FillHoles(s *Set, most float64) *Set {
	return Holes(s, most).union(s)
}
