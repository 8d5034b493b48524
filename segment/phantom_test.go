package segment

import (
	"testing"

	"groundglass/annotate/ct/phantom"
)

// The box holds the lungs of every slice of the demo case.
func TestLungBoxOnPhantom(t *testing.T) {
	p := phantom.New(phantom.Demo())
	s := p.Series()
	var lungs, lesions tally
	for i := range s.Len() {
		slice, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		box := LungBox(slice)
		all, in, tight := mask(p.Lungs(i)).inside(slice.W, box)
		lungs.add("", all, in)
		if all > 0 && all-in > all/50 {
			t.Errorf("slice %d: box %v holds %d of the lungs' %d pixels, which lie in %v", i, box, in, all, tight)
		}
		truth := p.Truth(i)
		ill := make(mask, len(truth))
		for k, v := range truth {
			ill[k] = v != 0
		}
		all, in, _ = ill.inside(slice.W, box)
		lesions.add("", all, in)
	}
	t.Logf("lungs %.3f %% inside in %d slices, lesions %.3f %% in %d", 100*lungs.share(), lungs.slices, 100*lesions.share(), lesions.slices)
	if lungs.slices == 0 || lesions.slices == 0 {
		t.Fatal("the phantom is empty")
	}
	if lesions.share() < 0.9999 {
		t.Error("boxes cut off lesions")
	}
}
