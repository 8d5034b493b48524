package annotate

import (
	"math"
	"math/rand/v2"
	"testing"
)

// inCapsule is the definition that capsule must meet, computed another way:
// the distance from the pixel's centre to the segment by cases.
func inCapsule(a, b Point, r float64, x, y int) bool {
	for _, p := range []Point{a, b} {
		if int(math.Floor(p.X)) == x && int(math.Floor(p.Y)) == y {
			return true
		}
	}
	cx, cy := float64(x)+0.5, float64(y)+0.5
	d := min(math.Hypot(cx-a.X, cy-a.Y), math.Hypot(cx-b.X, cy-b.Y))
	length := math.Hypot(b.X-a.X, b.Y-a.Y)
	if length > 0 {
		along := ((cx-a.X)*(b.X-a.X) + (cy-a.Y)*(b.Y-a.Y)) / length
		if along >= 0 && along <= length {
			d = math.Abs((cx-a.X)*(b.Y-a.Y)-(cy-a.Y)*(b.X-a.X)) / length
		}
	}
	return d <= max(r, minRadius)
}

func TestCapsuleIsExact(t *testing.T) {
	const w, h = 40, 30
	r := rand.New(rand.NewPCG(1, 2))
	place := func() Point { return Point{r.Float64()*60 - 10, r.Float64()*50 - 10} }
	for n := range 4000 {
		a, b, radius := place(), place(), r.Float64()*r.Float64()*12
		switch n % 8 {
		case 0:
			b = a
		case 1:
			b.Y = a.Y
		case 2:
			b.X = a.X
		case 3: // corners and centres of pixels, where rounding would show
			a, b = Point{math.Round(a.X), math.Round(a.Y)}, Point{math.Round(b.X) + 0.5, math.Round(b.Y) + 0.5}
			radius = math.Round(radius*2) / 2
		case 4:
			b = Point{a.X + r.Float64()*1e-7, a.Y + r.Float64()*20}
		}
		s := newTestStroke(w, h)
		capsule(s, a, b, radius, 1)
		for y := range h {
			for x := range w {
				got, want := s.Mask().Label[y*w+x] == 1, inCapsule(a, b, radius, x, y)
				if got != want && !onEdge(a, b, radius, x, y) {
					t.Fatalf("capsule %v-%v radius %v: pixel (%d, %d) is %v", a, b, radius, x, y, got)
				}
			}
		}
	}
}

// onEdge reports whether the pixel's centre is so near to the outline that two
// correct computations may differ.
func onEdge(a, b Point, r float64, x, y int) bool {
	return inCapsule(a, b, r-1e-9, x, y) != inCapsule(a, b, r+1e-9, x, y)
}

func TestPressPaintsThePixelUnderThePointer(t *testing.T) {
	for _, p := range []Point{{3, 3}, {3.01, 3.99}, {3.5, 3.5}, {3.99, 3.99}} {
		s := newTestStroke(8, 8)
		Brush{Radius: 0, Label: 2}.Press(s, p)
		if s.Mask().Label[3*8+3] != 2 {
			t.Errorf("press at %v left the pixel under it alone:\n%s", p, picture(s.Mask()))
		}
	}
}

func TestSmallDiscs(t *testing.T) {
	at := Point{2.5, 2.5}
	for _, c := range []struct {
		radius float64
		rows   []string
	}{
		{0.5, []string{".....", ".....", "..1..", ".....", "....."}},
		{1, []string{".....", "..1..", ".111.", "..1..", "....."}},
		{1.5, []string{".....", ".111.", ".111.", ".111.", "....."}},
		{2, []string{"..1..", ".111.", "11111", ".111.", "..1.."}},
	} {
		s := newTestStroke(5, 5)
		Brush{Radius: c.radius, Label: 1}.Press(s, at)
		wantPicture(t, s.Mask(), c.rows...)
	}
}

func TestThinLinesAreConnected(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		s := newTestStroke(64, 64)
		b := Brush{Radius: 0.5, Label: 1}
		p := Point{r.Float64() * 64, r.Float64() * 64}
		b.Press(s, p)
		reach := math.Pow(10, r.Float64()*2-0.5) // slow and fast pointers
		for range 12 {
			q := Point{min(max(p.X+r.NormFloat64()*reach, 0), 63.9), min(max(p.Y+r.NormFloat64()*reach, 0), 63.9)}
			b.Drag(s, p, q)
			p = q
		}
		if n := pieces(s.Mask()); n != 1 {
			t.Fatalf("a one-pixel line fell into %d pieces:\n%s", n, picture(s.Mask()))
		}
	}
}

// A circle at 600 pixels a second, sampled 60 times a second, with a brush of
// two pixels.
func TestFastCircleIsConnected(t *testing.T) {
	s := newTestStroke(512, 512)
	b := Brush{Radius: 1, Label: 1}
	at := func(i int) Point {
		a := float64(i) * 10 / 180
		return Point{256 + 180*math.Cos(a), 256 + 180*math.Sin(a)}
	}
	b.Press(s, at(0))
	for i := 1; i <= 114; i++ {
		b.Drag(s, at(i-1), at(i))
	}
	if n := pieces(s.Mask()); n != 1 {
		t.Errorf("the circle fell into %d pieces", n)
	}
	if s.Mask().Label[256*512+256] != 0 {
		t.Error("the circle's middle is filled")
	}
}

func TestStrokesFarOutsideDoNoHarm(t *testing.T) {
	for _, p := range []Point{{-1e8, 4}, {4, 1e8}, {-9e8, -9e8}, {1e8, 4.5}} {
		s := newTestStroke(9, 9)
		Brush{Radius: 1, Label: 1}.Drag(s, Point{4.5, 4.5}, p)
		if s.Mask().Label[4*9+4] != 1 {
			t.Errorf("drag to %v lost its start", p)
		}
		Brush{Radius: 1e9, Label: 2}.Press(s, Point{4, 4})
		if n := s.sheet.foreground(&rules{setting: setting{threshold: 0.3}}, s.Mask); n != 81 {
			t.Errorf("a brush larger than the slice painted %d of 81 pixels", n)
		}
	}
}
