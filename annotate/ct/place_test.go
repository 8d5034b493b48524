package ct

import "testing"

// The place of a pixel is right where slices are missing, and where one is
// shifted sideways.
func TestPlaceInUnevenSeries(t *testing.T) {
	g := tilted()
	meta := Series{Rows: 8, Columns: 8, Geometry: g}
	for i := range 4 {
		meta.Sources = append(meta.Sources, Source{PositionMM: 3 * float64(i), HasPosition: true})
	}
	check := func(name string, s *Series, i int, slice float64, shift [3]float64) {
		t.Helper()
		want := g.At(2, 5, slice)
		for k, v := range s.At(2, 5, i) {
			if !near(v, want[k]+shift[k]) {
				t.Errorf("%s: slice %d lies at %v, want %v off %v", name, i, s.At(2, 5, i), shift, want)
			}
		}
	}
	s := NewSeries(meta, nil)
	check("even", s, 3, 3, [3]float64{})
	s.Geometry.Uneven = true
	s.Sources[3].PositionMM += 6 // two are missing before it
	check("gap", s, 2, 2, [3]float64{})
	check("gap", s, 3, 5, [3]float64{})
	corner := g.At(0, 0, 5)
	corner[0] += 1.5
	s.Sources[3].Corner = &corner
	check("shifted", s, 3, 5, [3]float64{1.5})
	check("no such slice", s, 9, 9, [3]float64{})
}
