package phantom

import (
	"slices"
	"testing"
)

func TestSameOptionsSamePixels(t *testing.T) {
	o := Options{Size: 96, Slices: 6, Seed: 3}
	a, b := New(o), New(o)
	for _, i := range []int{4, 1, 4} {
		x, err := a.slice(i)
		if err != nil {
			t.Fatal(err)
		}
		y, _ := b.Series().Slice(i)
		if !slices.Equal(x.HU, y.HU) {
			t.Errorf("slice %d differs between two phantoms of the same options", i)
		}
	}
	o.Seed++
	other, _ := New(o).slice(4)
	if same, _ := a.slice(4); slices.Equal(same.HU, other.HU) {
		t.Error("another seed gave the same patient")
	}
}
