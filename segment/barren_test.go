package segment

import (
	"slices"
	"testing"

	"groundglass/annotate/ct"
)

// trunk is a body of 256 pixels, with lungs or without, and without its first rows.
func trunk(lungs bool, cut int) *ct.Slice {
	s := drawing(256, 256)
	middle := 128 - float64(cut)
	ellipse(s, 128, middle, 110, 80, 40)
	if lungs {
		ellipse(s, 78, middle, 35, 55, -850)
		ellipse(s, 178, middle, 35, 55, -850)
	}
	return s
}

// Of a chest, slices above and below the lungs surely have nothing. Of a series without
// any lung that is found, or of a slice whose lungs the picture's edge cuts open, nothing
// can be told.
func TestDoubtWithoutLungs(t *testing.T) {
	m := kinds(t, int64(1), func(c *Card) { c.LungBox, c.Size = true, 128 })
	chest, belly, cut := trunk(true, 0), trunk(false, 0), trunk(true, 120)
	for _, test := range []struct {
		name   string
		slices []*ct.Slice
		none   []bool
		sure   []bool
	}{
		{"a chest", []*ct.Slice{belly, chest, chest, belly}, []bool{true, false, false, true}, []bool{true, true, true, true}},
		{"with the lungs at its end", []*ct.Slice{belly, belly, belly, chest}, []bool{true, true, true, false}, []bool{true, true, true, true}},
		{"no lung", []*ct.Slice{belly, belly}, []bool{true, true}, []bool{false, false}},
		{"one slice", []*ct.Slice{belly}, []bool{true}, []bool{false}},
		{"lungs cut open", []*ct.Slice{cut, cut, cut}, []bool{true, true, true}, []bool{false, false, false}},
		{"some of them", []*ct.Slice{chest, cut, belly}, []bool{false, true, true}, []bool{true, false, true}},
	} {
		meta := ct.Series{UID: "test", Rows: 256, Columns: 256, Sources: make([]ct.Source, len(test.slices))}
		s := ct.NewSeries(meta, func(i int) (*ct.Slice, error) { return test.slices[i], nil })
		seen := 0
		err := m.ProposeSeries(t.Context(), s, nil, func(i int, p Proposal) {
			seen++
			if p.NoLung != test.none[i] || (p.Doubt < 1) != test.sure[i] {
				t.Errorf("%s, slice %d: no lung %v, doubt %g", test.name, i+1, p.NoLung, p.Doubt)
			}
		}, nil)
		if err != nil || seen != len(test.slices) {
			t.Errorf("%s: %d slices, %v", test.name, seen, err)
		}
	}
}

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
