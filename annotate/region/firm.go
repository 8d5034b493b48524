package region

import "image"

// firm is the test of pixels that are within together with their four neighbours,
// as far as these lie in the picture.
func firm(within func(x, y int) bool, picture image.Rectangle) func(x, y int) bool {
	beside := func(x, y int) bool { return !image.Pt(x, y).In(picture) || within(x, y) }
	return func(x, y int) bool {
		return within(x, y) && beside(x-1, y) && beside(x+1, y) && beside(x, y-1) && beside(x, y+1)
	}
}

// rim adds the pixels beside a run that are within.
func (s *Set) rim(r run, within func(x, y int) bool) {
	add := func(x, y int) {
		if image.Pt(x, y).In(s.box) && !s.Has(x, y) && within(x, y) {
			s.Add(y, x, x+1)
		}
	}
	add(r.x0-1, r.y)
	add(r.x1, r.y)
	for x := r.x0; x < r.x1; x++ {
		add(x, r.y-1)
		add(x, r.y+1)
	}
}
