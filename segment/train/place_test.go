package train

import (
	"strings"
	"testing"
)

func TestPlaces(t *testing.T) {
	p := &Place{Number: "z([0-9]+)_", MM: 1.5}
	if at := p.of("case/z012_ct.png"); at == nil || *at != 18 {
		t.Errorf("the place is %v", at)
	}
	for _, file := range []string{"case/k012_ct.png", "z012_/ct.png"} {
		if at := p.of(file); at != nil {
			t.Errorf("%s has the place %g", file, *at)
		}
	}
	if at := (*Place)(nil).of("z012_ct.png"); at != nil {
		t.Errorf("nothing tells the place %g", *at)
	}
	for _, c := range []struct {
		place Place
		says  string
	}{
		{Place{"z(", 1}, "place.number"}, {Place{"z[0-9]+", 1}, "one group"}, {Place{"(z)([0-9]+)", 1}, "one group"}, {Place{"z([0-9]+)", 0}, "place.mm"},
	} {
		if err := c.place.check(); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%+v: %v", c.place, err)
		}
	}
}

// Pictures follow each other where both have a place, in the same patient of the same source.
func TestStacks(t *testing.T) {
	one, other, at := &Source{}, &Source{}, new(float64)
	all := []pair{
		{source: one, patient: "a", place: at}, {source: one, patient: "a", place: at}, {source: one, patient: "b", place: at},
		{source: one, patient: "b"}, {source: one, patient: "b"}, {source: one, patient: "b", place: at}, {source: other, patient: "b", place: at},
	}
	var sizes []int
	for _, s := range stacks(all) {
		sizes = append(sizes, len(s))
	}
	if want := []int{2, 1, 1, 1, 1, 1}; len(sizes) != len(want) || sizes[0] != 2 {
		t.Errorf("stacks of %v pictures, not %v", sizes, want)
	}
}
