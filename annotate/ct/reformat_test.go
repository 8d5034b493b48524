package ct

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"
)

// stackOf is a series of n slices of w x h pixels whose value is 100 times the
// slice plus 10 times the row plus the column, at given positions on the normal
// where there are any.
func stackOf(g Geometry, w, h, n int, at ...float64) *Series {
	meta := Series{Rows: h, Columns: w, Geometry: g}
	for k := range n {
		src := Source{PositionMM: float64(k) * g.Spacing[2], HasPosition: true}
		if at != nil {
			src.PositionMM = at[k]
		}
		meta.Sources = append(meta.Sources, src)
	}
	return NewSeries(meta, func(k int) (*Slice, error) {
		s := &Slice{HU: make([]int16, w*h), W: w, H: h}
		for i := range s.HU {
			s.HU[i] = int16(100*k + 10*(i/w) + i%w)
		}
		return s, nil
	})
}

// axial is a series' usual geometry, its pixels 0.5 mm wide and 0.8 mm high,
// its slices 3 mm apart.
func axial() Geometry {
	return Geometry{Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0}, Step: [3]float64{0, 0, 3}, Spacing: [3]float64{0.8, 0.5, 3}, Known: true}
}

func filled(t *testing.T, s *Series, limit int) *Volume {
	t.Helper()
	v := NewVolume(s, limit)
	for k := range s.Len() {
		slice, err := s.Slice(k)
		if err != nil {
			t.Fatal(err)
		}
		v.Set(k, v.Shrink(slice))
	}
	return v
}

func TestReformatsLookAsRadiologyHasThem(t *testing.T) {
	flipped := axial()
	flipped.Row, flipped.Column = [3]float64{-1, 0, 0}, [3]float64{0, -1, 0}
	down := axial()
	down.Step[2] = -3
	prone := axial()
	prone.Row, prone.Column, prone.Step = [3]float64{-1, 0, 0}, [3]float64{0, 1, 0}, [3]float64{0, 0, -3}
	for _, c := range []struct {
		name string
		g    Geometry
	}{{"usual", axial()}, {"turned by half", flipped}, {"from head to feet", down}, {"mirrored", prone}} {
		s := stackOf(c.g, 6, 5, 4)
		v := filled(t, s, VolumeBytes)
		for _, p := range []struct {
			plane  Plane
			name   string
			sides  string
			aspect float64
			width  int
		}{{AlongRows, "coronal", "RLSI", 6, 6}, {AlongColumns, "sagittal", "APSI", 3.75, 5}} {
			r := NewReformat(s, v, p.plane)
			l1, l2, l3, l4 := r.Letters()
			if r.Name() != p.name || l1+l2+l3+l4 != p.sides || !near(r.Aspect, p.aspect) || r.W != p.width || r.H != 4 {
				t.Errorf("%s: %s %s%s%s%s of %dx%d, aspect %g", c.name, r.Name(), l1, l2, l3, l4, r.W, r.H, r.Aspect)
			}
			shows(t, c.name+" "+p.name, s, v, r)
		}
	}
}

// shows checks that every pixel of every cut is the one of the slice that Slice
// names, and that it lies on the side that the letters say.
func shows(t *testing.T, name string, s *Series, v *Volume, r *Reformat) {
	t.Helper()
	out := make([]int16, r.W*r.H)
	for cut := range r.Depth {
		r.HU(v, cut, out)
		for i, got := range out {
			u, row := float64(i%r.W)+0.5, float64(i/r.W)+0.5
			x, y, k := r.Slice(u, row, float64(cut)+0.5)
			slice, _ := s.Slice(k)
			if want := slice.HU[int(y)*slice.W+int(x)]; got != want {
				t.Fatalf("%s, cut %d: (%g, %g) is %d, want %d from (%g, %g) of slice %d", name, cut, u, row, got, want, x, y, k)
			}
			if u2, v2, d2 := r.Place(x, y, k); !near(u2, u) || !near(v2, row) || !near(d2, float64(cut)+0.5) {
				t.Fatalf("%s: (%g, %g, %d) came back as (%g, %g, %g)", name, u, row, cut, u2, v2, d2)
			}
		}
	}
	x0, y0, top := r.Slice(0.5, 0.5, 0.5)
	x1, y1, bottom := r.Slice(float64(r.W)-0.5, float64(r.H)-0.5, 0.5)
	a, b := s.At(x0, y0, top), s.At(x1, y1, bottom)
	if a[2] <= b[2] {
		t.Errorf("%s: the feet are on top", name)
	}
	if r.Name() == "coronal" && a[0] >= b[0] || r.Name() == "sagittal" && a[1] >= b[1] {
		t.Errorf("%s: left is %v and right %v", name, a, b)
	}
}

// A cut is true to scale: distances in it are those in the patient, for slices
// that are straight, tilted, missing, or anywhere.
func TestReformatsAreUndistorted(t *testing.T) {
	uneven := axial()
	uneven.Uneven = true
	slanted := tilted()
	slanted.Uneven = true
	for _, c := range []struct {
		name string
		s    *Series
	}{
		{"straight", stackOf(axial(), 40, 30, 9)},
		{"tilted", stackOf(tilted(), 40, 30, 9)},
		{"varying", stackOf(uneven, 40, 30, 6, 0, 1, 3.5, 4.5, 9, 10)},
		{"tilted and varying", stackOf(slanted, 40, 30, 5, 0, 3, 6, 15, 18)},
	} {
		for _, limit := range []int{VolumeBytes, 5000} {
			v := NewVolume(c.s, limit)
			for _, p := range []Plane{AlongRows, AlongColumns} {
				r := NewReformat(c.s, v, p)
				g := c.s.Geometry
				width, depth := g.Spacing[1]*float64(v.Factor), g.Spacing[0]*float64(v.Factor)
				if p == AlongColumns {
					width, depth = depth, width
				}
				if !near(r.Aspect*width, r.Row) {
					t.Errorf("%s: an aspect of %g for pixels of %g x %g mm", c.name, r.Aspect, width, r.Row)
				}
				rnd := rand.New(rand.NewPCG(1, uint64(limit)))
				point := func() (at [3]float64, u, w, d float64) {
					x, y, k := 40*rnd.Float64(), 30*rnd.Float64(), rnd.IntN(c.s.Len())
					u, w, d = r.Place(x, y, k)
					return c.s.At(x-0.5, y-0.5, k), u, w, d
				}
				for range 50 {
					a, u0, w0, d0 := point()
					b, u1, w1, d1 := point()
					want := length([3]float64{a[0] - b[0], a[1] - b[1], a[2] - b[2]})
					got := length([3]float64{(u0 - u1) * width, (w0 - w1) * r.Row, (d0 - d1) * depth})
					if math.Abs(got-want) > 1e-6 {
						t.Fatalf("%s by %d: %v and %v are %g mm apart, in the cut %g", c.name, v.Factor, a, b, want, got)
					}
				}
			}
		}
	}
}

// Where slices are missing nothing is shown, and the others keep their places.
func TestGapsStayEmpty(t *testing.T) {
	g := axial()
	g.Uneven = true
	s := stackOf(g, 4, 4, 4, 0, 3, 6, 18)
	v := filled(t, s, VolumeBytes)
	r := NewReformat(s, v, AlongRows)
	out := make([]int16, r.W*r.H)
	r.HU(v, 1, out)
	var got []int16
	for row := range r.H {
		got = append(got, out[row*r.W])
	}
	want := []int16{310, Air, Air, Air, 210, 110, 10}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("%v, want %v", got, want)
		}
	}
}

// A volume stays within its bytes, keeps means of values, and loses no label.
func TestVolumeIsBounded(t *testing.T) {
	s := stackOf(axial(), 50, 31, 40)
	v := filled(t, s, 20_000)
	if n := v.W * v.H * voxelBytes * s.Len(); n > 20_000 || v.Factor != 4 {
		t.Fatalf("cells of %d pixels take %d bytes", v.Factor, n)
	}
	if got := v.hu[2][0]; got != 216 { // 200 + 10*1.5 + 1.5
		t.Errorf("the first cell is %d", got)
	}
	r := NewReformat(s, v, AlongRows)
	labels := make([]uint8, 50*31)
	labels[30*50+49] = 2
	changed := image.Rect(49, 30, 50, 31)
	v.SetLabels(7, labels, changed)
	out := make([]uint8, r.W*r.H)
	part := r.Shows(7, v.Cells(changed), 30/4)
	r.Labels(v, 30/4, out, part)
	whole := make([]uint8, r.W*r.H)
	r.Labels(v, 30/4, whole, image.Rect(0, 0, r.W, r.H))
	n := 0
	for i := range whole {
		n += int(whole[i])
		if out[i] != whole[i] {
			t.Fatal("the changed part differs from the whole")
		}
	}
	if n != 2 || part.Dx() != 1 || part.Dy() != 1 {
		t.Errorf("the label shows %d times in %v", n/2, part)
	}
	if !r.Shows(7, v.Cells(changed), 3).Empty() {
		t.Error("a cut that does not meet the change is to be drawn")
	}
	labels[30*50+49] = 0
	v.SetLabels(7, labels, changed)
	r.Labels(v, 30/4, whole, image.Rect(0, 0, r.W, r.H))
	for _, l := range whole {
		if l != 0 {
			t.Fatal("a label that was removed is still there")
		}
	}
}

// Pictures have no sides and no millimetres; nonsense in a geometry does no harm.
func TestReformatsOfAnything(t *testing.T) {
	odd := axial()
	odd.Step, odd.Uneven = [3]float64{}, true
	far := axial()
	far.Step = [3]float64{1e7, 0, 3}
	nan := axial()
	nan.Step[2] = math.NaN()
	for _, g := range []Geometry{unknownGeometry(), odd, far, nan} {
		for _, n := range []int{1, 2, 7} {
			s := stackOf(g, 6, 5, n)
			v := filled(t, s, VolumeBytes)
			for _, p := range []Plane{AlongRows, AlongColumns} {
				r := NewReformat(s, v, p)
				if r.W*r.H > 6*6*maxReformatRows || !(r.Aspect > 0) {
					t.Fatalf("%v: %dx%d, aspect %g", g, r.W, r.H, r.Aspect)
				}
				r.HU(v, 0, make([]int16, r.W*r.H))
			}
		}
	}
}
