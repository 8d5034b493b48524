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
	small, _ := coarsen(s, barrenScan)
	if small == nil {
		return true
	}
	t := newThorax(small)
	if t == nil {
		return true
	}
	pixels := 0
	for _, v := range t.lungs().v {
		if v != NoLung {
			pixels++
		}
	}
	return float64(pixels)*t.mm*t.mm < leastLungs
}
