package labels

import (
	"errors"
	"math"

	"groundglass/annotate/ct"
)

// shapes draws outlines on a slice, one after the other: a pixel is within one where its
// centre is.
type shapes struct {
	in *intake
	i  int // the slice
	by By
	n  int // outlines so far
	outline
	plane []uint8
}

func (in *intake) newShapes(i int, by By) *shapes {
	w, h := in.canvas.w, in.canvas.h
	return &shapes{
		in: in, i: i, by: by, outline: outline{w: w, h: h, bits: make([]uint8, w*h), flips: make([]uint8, w*h)}, plane: make([]uint8, w*h),
	}
}

// draw lays a label within an outline, whose points are in pixels with whole numbers at
// their corners, and returns on how many pixels. It moves the points.
func (s *shapes) draw(corners []point, label uint8) (n int, err error) {
	if len(corners) < 3 {
		return 0, errors.New("an outline has fewer than three points")
	}
	centred := corners
	for k, p := range corners {
		if !(math.Abs(p.x) <= farOutside && math.Abs(p.y) <= farOutside) {
			return 0, errors.New("an outline lies far outside the image")
		}
		centred[k] = point{p.x - 0.5, p.y - 0.5}
	}
	if err := s.in.work.spend(s.steps(centred)); err != nil {
		return 0, err
	}
	s.add(centred)
	// Centres on the outline are marked up to onEdge from the rows that it crosses.
	y, end := s.rows(centred)
	low, high := max(0, y-1)*s.w, min(s.h, end+1)*s.w
	for p, b := range s.bits[low:high] {
		if b != 0 {
			s.plane[low+p] = label
			n++
		}
	}
	s.in.paint(s.i, s.plane, low, high)
	clear(s.bits[low:high])
	clear(s.plane[low:high])
	s.n++
	return n, nil
}

// end reports what was drawn.
func (s *shapes) end() { s.in.drawn(s.i, ct.Count(s.n, "outline"), s.by) }

// drawn reports that slice i has what was painted on it, which may be nothing.
func (in *intake) drawn(i int, part string, by By) {
	in.lay(i, make([]uint8, in.canvas.w*in.canvas.h), part, by)
	pixels := 0
	for _, v := range in.canvas.plane(i) {
		pixels += min(1, int(v))
	}
	in.report.Matches[len(in.report.Matches)-1].Pixels = pixels
}
