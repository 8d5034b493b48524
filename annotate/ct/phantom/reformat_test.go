package phantom

import (
	"math"
	"testing"

	"groundglass/annotate/ct"
)

// The phantom's coronal and sagittal cuts stand on their feet, the right side on
// the left and the front on the left, and hold the slices' own values in the
// patient's proportions.
func TestReformats(t *testing.T) {
	p := New(Options{Size: 96, Slices: 25, Seed: 3, Noise: -1})
	s := p.Series()
	v := ct.NewVolume(s, ct.VolumeBytes)
	for k := range s.Len() {
		slice, err := s.Slice(k)
		if err != nil {
			t.Fatal(err)
		}
		v.Set(k, v.Shrink(slice))
	}
	for _, c := range []struct {
		plane       ct.Plane
		name, sides string
	}{
		{ct.AlongRows, "coronal", "RLSI"},
		{ct.AlongColumns, "sagittal", "APSI"},
	} {
		r := ct.NewReformat(s, v, c.plane)
		left, right, top, bottom := r.Letters()
		if r.Name() != c.name || left+right+top+bottom != c.sides {
			t.Errorf("a %s cut from %s to %s, from %s to %s", r.Name(), left, right, top, bottom)
		}
		if want := height / 25 / (p.field / 96); math.Abs(r.Aspect-want) > 1e-9 || r.W != 96 || r.H != 25 {
			t.Errorf("%s: %dx%d pixels of the aspect %g, want %g", c.name, r.W, r.H, r.Aspect, want)
		}
		hu := make([]int16, r.W*r.H)
		r.HU(v, 40, hu)
		for k := range s.Len() {
			slice, _ := s.Slice(k)
			for x := range 96 {
				at := [2]int{x, 40}
				if c.plane == ct.AlongColumns {
					at = [2]int{40, x}
				}
				u, row, cut := r.Place(float64(at[0])+0.5, float64(at[1])+0.5, k)
				if got, want := hu[int(row)*r.W+int(u)], slice.HU[at[1]*96+at[0]]; got != want || int(cut) != 40 {
					t.Fatalf("%s: pixel %v of slice %d is %d HU, in the cut %d", c.name, at, k, want, got)
				}
				if s.Sources[k].PositionMM > s.Sources[s.Len()/2].PositionMM != (row < float64(r.H/2)) {
					t.Fatalf("%s: slice %d, at %g mm, is row %g of %d from the top", c.name, k, s.Sources[k].PositionMM, row, r.H)
				}
			}
		}
	}
}
