package segment

import "groundglass/annotate/ct"

const (
	barrenScan = 320 // slices longer or wider than this are searched for lungs at half their size, or less
	leastLungs = 700 // mm², about what is seen of both lungs: less may be bowel or windpipe
)

// barren tells whether a slice shows no lung, or too little to look at. Of necks
// and bellies a network that has seen lungs hardly more than lungs makes what it
// likes. Of 761 slices with expert masks (corona and radiopaedia) those with a
// lesion had 2,300 mm² of lung and more.
func barren(s *ct.Slice) bool {
	none, _ := lungless(s)
	return none
}

// lungless is barren, and tells whether what is missed may be lung that the picture's
// edge cuts open, so that it is taken for the air around the body.
func lungless(s *ct.Slice) (none, cut bool) {
	small, _ := coarsen(s, barrenScan)
	if small == nil {
		return true, false
	}
	t := newThorax(small)
	if t == nil {
		return true, false
	}
	pixels := 0
	for _, v := range t.lungs().v {
		if v != NoLung {
			pixels++
		}
	}
	if float64(pixels)*t.mm*t.mm >= leastLungs {
		return false, false
	}
	return true, float64(t.open)*t.mm*t.mm >= leastLungs
}

// openAir is the size in pixels of the air that lies between a body and the picture's edge,
// closed in by both: it reaches the edge, and no corner.
func (body plane) openAir() (pixels int) {
	around := body.where(func(i int) bool { return body.v[i] == 0 })
	parts, number := around.parts()
	for _, i := range []int{0, body.w - 1, (body.h - 1) * body.w, body.h*body.w - 1} {
		if n := number[i]; n > 0 {
			parts[n-1].Size = 0
		}
	}
	for _, c := range parts {
		if b := c.Box; b.Min.X == 0 || b.Min.Y == 0 || b.Max.X == body.w || b.Max.Y == body.h {
			pixels += c.Size
		}
	}
	return pixels
}
