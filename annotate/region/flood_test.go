package region

import (
	"image"
	"testing"
)

func TestFlood(t *testing.T) {
	const w, h = 5, 4
	mask := []uint8{
		0, 1, 0, 0, 0,
		1, 0, 1, 0, 2,
		0, 1, 0, 2, 0,
		0, 0, 0, 0, 0,
	}
	for _, c := range []struct {
		name     string
		seed     image.Point
		diagonal bool
		want     []string
	}{
		{"a hole", image.Pt(1, 1), false, []string{".....", ".X...", ".....", "....."}},
		{"a hole leaks by its corners", image.Pt(1, 1), true, []string{"X.XXX", ".X.X.", "X.X.X", "XXXXX"}},
		{"the corner of another label", image.Pt(3, 2), true, []string{".....", "....X", "...X.", "....."}},
		{"one pixel of it by edges", image.Pt(3, 2), false, []string{".....", ".....", "...X.", "....."}},
		{"outside", image.Pt(-1, 2), true, []string{".....", ".....", ".....", "....."}},
	} {
		t.Run(c.name, func(t *testing.T) { wantPicture(t, Flood(mask, w, h, c.seed, c.diagonal), c.want...) })
	}
}

func TestFillHoles(t *testing.T) {
	s := NewSet(image.Rect(0, 0, 8, 5))
	for y, row := range []string{
		"XXXX.XXX",
		"X..X.X.X",
		"XXXX.XX.",
		"X.X..X.X",
		"XXX..XXX",
	} {
		for x := range row {
			if row[x] == 'X' {
				s.Add(y, x, x+1)
			}
		}
	}
	s.FillHoles(1)
	wantPicture(t, s,
		"XXXX.XXX",
		"X..X.XXX",
		"XXXX.XX.",
		"XXX..XXX",
		"XXX..XXX")
}

func TestSetClips(t *testing.T) {
	s := NewSet(image.Rect(-70, 2, 70, 4))
	s.Add(2, -100, 100)
	s.Add(3, 5, 6)
	s.Add(9, 0, 1)
	if n := s.Count(); n != 141 {
		t.Errorf("%d pixels", n)
	}
	if b := s.Bounds(); b != image.Rect(-70, 2, 70, 4) {
		t.Errorf("bounds %v", b)
	}
	spans := 0
	s.Spans(func(y, x0, x1 int) { spans++ })
	if spans != 2 || s.Has(70, 2) || s.Has(4, 3) || !s.Has(5, 3) {
		t.Errorf("%d spans; wrong pixels", spans)
	}
}
