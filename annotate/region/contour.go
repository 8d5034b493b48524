package region

import "image"

// Contours are the closed lines between the set's pixels and the others, along
// the pixels' edges: their corners in order, the set on the right hand where y
// goes down. Pixels that touch by a corner alone have lines of their own.
func (s *Set) Contours() (all [][]image.Point) {
	seen := map[image.Point]bool{} // pixels whose upper edge is done
	s.Spans(func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			if at := image.Pt(x, y); !s.Has(x, y-1) && !seen[at] {
				all = append(all, s.contour(at, seen))
			}
		}
	})
	return all
}

// contour follows the line that goes by a pixel's upper edge, from left to right.
func (s *Set) contour(pixel image.Point, seen map[image.Point]bool) (line []image.Point) {
	const right, down, left, up = 0, 1, 2, 3
	along := [4]image.Point{right: {1, 0}, down: {0, 1}, left: {-1, 0}, up: {0, -1}}
	// The two pixels beyond a corner that one comes to in a direction: on the right
	// hand, and on the left.
	beyond := [4][2]image.Point{right: {{0, 0}, {0, -1}}, down: {{-1, 0}, {0, 0}}, left: {{-1, -1}, {-1, 0}}, up: {{0, -1}, {-1, -1}}}
	has := func(p image.Point) bool { return s.Has(p.X, p.Y) }
	at, d := pixel, right
	for {
		if d == right {
			if seen[at] {
				return line
			}
			seen[at] = true
		}
		at = at.Add(along[d])
		was := d
		switch {
		case !has(at.Add(beyond[d][0])):
			d = (d + 1) % 4
		case has(at.Add(beyond[d][1])):
			d = (d + 3) % 4
		}
		if d != was {
			line = append(line, at)
		}
	}
}
