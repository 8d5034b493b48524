package segment

import (
	"slices"

	"groundglass/annotate/ct"
)

// barren tells whether a slice shows no lung. Of necks and bellies a network that
// has seen lungs hardly more than lungs makes what it likes; of 761 slices with
// expert masks (corona and radiopaedia) none without lung by LungMask had a
// lesion.
func barren(s *ct.Slice) bool {
	return !slices.ContainsFunc(LungMask(s), func(v uint8) bool { return v != NoLung })
}
