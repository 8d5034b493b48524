package segment

import (
	"slices"
	"testing"
)

// A model of lungs proposes on a body with lungs, and not on one without; a model
// of whole slices is not held back.
func TestExamineWithoutLungs(t *testing.T) {
	for _, test := range []struct{ lungs, box, proposes bool }{
		{true, true, true}, {false, true, false}, {false, false, true},
	} {
		s := drawing(256, 256)
		ellipse(s, 128, 128, 110, 80, 40)
		if test.lungs {
			ellipse(s, 78, 128, 35, 55, -850)
			ellipse(s, 178, 128, 35, 55, -850)
		}
		m := kinds(t, int64(1), func(c *Card) { c.LungBox, c.Size = test.box, 128 })
		p, err := m.Examine(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Max(p.Foreground) > 0; got != test.proposes {
			t.Errorf("%+v: proposes %v", test, got)
		}
		if !test.proposes && (slices.Max(p.Kinds[0]) > 0 || slices.Max(p.Uncertainty) > 0 || p.Doubt != 0) {
			t.Errorf("%+v: kinds, uncertainty or a doubt of %g are left", test, p.Doubt)
		}
	}
}
