package region

import (
	"image"
	"math/rand/v2"
	"reflect"
	"testing"
)

func TestContours(t *testing.T) {
	s := NewSet(image.Rect(0, 0, 5, 4))
	s.Add(0, 0, 3)
	s.Add(1, 0, 1)
	s.Add(1, 2, 3)
	s.Add(2, 0, 3)
	s.Add(3, 3, 4)
	want := [][]image.Point{
		{{3, 0}, {3, 3}, {0, 3}, {0, 0}},
		{{1, 2}, {2, 2}, {2, 1}, {1, 1}},
		{{4, 3}, {4, 4}, {3, 4}, {3, 3}},
	}
	got := s.Contours()
	for i := range got {
		if i < len(want) && !sameRing(got[i], want[i]) {
			t.Errorf("line %d is %v, want %v", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d lines", len(got))
	}
}

// sameRing reports whether two closed lines are the same from some corner on.
func sameRing(a, b []image.Point) bool {
	for i := range b {
		if reflect.DeepEqual(a, append(append([]image.Point{}, b[i:]...), b[:i]...)) {
			return true
		}
	}
	return false
}

// The lines enclose the set's area: holes count as negative.
func TestContoursEncloseTheArea(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 50 {
		s := NewSet(image.Rect(3, 4, 20, 17))
		for range 120 {
			x := 3 + r.IntN(17)
			s.Add(4+r.IntN(13), x, x+1)
		}
		area := 0
		for _, line := range s.Contours() {
			for i, p := range line {
				q := line[(i+1)%len(line)]
				area += p.X*q.Y - q.X*p.Y
			}
		}
		if area != 2*s.Count() {
			t.Fatalf("%d half pixels enclosed of %d pixels", area, s.Count())
		}
	}
}
