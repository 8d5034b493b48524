package region

import (
	"image"

	"groundglass/annotate/contour"
)

// Contours are the closed lines between the set's pixels and the others, along
// the pixels' edges: their corners in order, the set on the right hand where y
// goes down. Pixels that touch by a corner alone have lines of their own.
func (s *Set) Contours() (all [][]image.Point) {
	box := s.Bounds()
	add := func(r contour.Ring) {
		for i := range r {
			r[i] = r[i].Add(box.Min)
		}
		all = append(all, r)
	}
	for _, p := range contour.Trace(box.Dx(), box.Dy(), func(x, y int) bool { return s.Has(box.Min.X+x, box.Min.Y+y) }) {
		add(p.Outer)
		for _, hole := range p.Holes {
			add(hole)
		}
	}
	return all
}
