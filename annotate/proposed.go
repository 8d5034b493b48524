package annotate

import "image"

// Proposed writes, for the pixels of slice i within r, the labels that the model
// proposes at the present setting, whatever a person did there; 0 is none. The
// labels are row-major, of the slice's size.
func (s *Session) Proposed(i int, r image.Rectangle, labels []uint8) {
	m := s.Sketch(i)
	if m == nil || len(labels) != s.w*s.h {
		return
	}
	h := &s.sheets[i]
	r = r.Intersect(s.bounds())
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for p, end := y*s.w+r.Min.X, y*s.w+r.Max.X; p < end; p++ {
			labels[p] = m.Label[p]
			if m.Origin[p].Human() {
				labels[p], _ = h.proposes(p)
			}
		}
	}
}
