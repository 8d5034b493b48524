package ct

import (
	"math"
	"testing"
)

// tilted is a geometry of pixels 0.5 mm wide and 0.8 mm high, in slices 3 mm
// apart, stacked along the patient while the gantry leans by 20 degrees.
func tilted() Geometry {
	sin, cos := math.Sincos(20 * math.Pi / 180)
	return Geometry{
		Row: [3]float64{1, 0, 0}, Column: [3]float64{0, cos, -sin}, Origin: [3]float64{-100, -120, 40},
		Step: [3]float64{0, 0, 3 / cos}, Spacing: [3]float64{0.8, 0.5, 3}, Known: true,
	}
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestDistance(t *testing.T) {
	straight := tilted()
	straight.Column = [3]float64{0, 1, 0}
	for _, c := range []struct {
		name string
		g    Geometry
		dx   float64
		dy   float64
		want float64
	}{
		{"along a row", straight, 60, 0, 30},
		{"along a column", straight, 0, 50, 40},
		{"across", straight, 60, 50, 50},
		{"tilted", tilted(), -60, 50, 50},
		{"unknown: pixels", Geometry{Row: straight.Row, Column: straight.Column, Spacing: [3]float64{9, 9, 9}}, 3, -4, 5},
	} {
		if got := c.g.Distance(10.5, 20.25, 10.5+c.dx, 20.25+c.dy); !near(got, c.want) {
			t.Errorf("%s: %g, want %g", c.name, got, c.want)
		}
	}
	if a := tilted().PixelArea(); !near(a, 0.4) {
		t.Errorf("a pixel has %g mm2, want 0.4", a)
	}
	if a := (Geometry{Spacing: [3]float64{2, 2, 2}}).PixelArea(); a != 1 {
		t.Errorf("a pixel of unknown size counts as %g", a)
	}
}

func TestStatistics(t *testing.T) {
	s := &Slice{W: 6, H: 4, HU: []int16{
		0, 1, 2, 3, 4, 5,
		10, 11, 12, 13, 14, 15,
		20, 21, 22, 23, 24, 25,
		30, 31, 32, 33, 34, 35,
	}}
	padded := *s
	padded.Pad = make([]bool, 24)
	padded.Pad[1*6+2] = true
	for _, c := range []struct {
		name string
		s    *Slice
		r    Region
		want Statistics
		area float64
	}{
		{"four pixels", s, Region{Rectangle, 1, 1, 3, 3}, Statistics{4, 0, 16.5, math.Sqrt(25.25), 11, 22}, 4},
		{"drawn from the other corner", s, Region{Rectangle, 3, 3, 1, 1}, Statistics{4, 0, 16.5, math.Sqrt(25.25), 11, 22}, 4},
		{"centres decide", s, Region{Rectangle, 1.4, 1.5, 3.4, 2.6}, Statistics{4, 0, 16.5, math.Sqrt(25.25), 11, 22}, 2.2},
		{"padding is left out", &padded, Region{Rectangle, 1, 1, 3, 3}, Statistics{3, 1, 18, math.Sqrt((49. + 9 + 16) / 3), 11, 22}, 4},
		{"an ellipse leaves the corners out", s, Region{Ellipse, 0, 0, 4, 4}, Statistics{12, 0, 16.5, deviation(1, 2, 10, 11, 12, 13, 20, 21, 22, 23, 31, 32), 1, 32}, 4 * math.Pi},
		{"beyond the picture", s, Region{Rectangle, -5, -5, 1, 1}, Statistics{1, 0, 0, 0, 0, 0}, 36},
		{"outside", s, Region{Ellipse, -5, -5, -1, -1}, Statistics{}, 4 * math.Pi},
		{"no area", s, Region{Ellipse, 2, 2, 2, 2}, Statistics{}, 0},
	} {
		got := c.s.Statistics(c.r)
		if !near(got.SD, c.want.SD) || !near(got.Mean, c.want.Mean) {
			t.Errorf("%s: mean %g and SD %g, want %g and %g", c.name, got.Mean, got.SD, c.want.Mean, c.want.SD)
		}
		got.SD, got.Mean, c.want.SD, c.want.Mean = 0, 0, 0, 0
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if a := c.r.Area(); !near(a, c.area) {
			t.Errorf("%s: an area of %g, want %g", c.name, a, c.area)
		}
	}
}

// deviation is the standard deviation of values by its definition.
func deviation(v ...float64) float64 {
	var mean, sum float64
	for _, x := range v {
		mean += x / float64(len(v))
	}
	for _, x := range v {
		sum += (x - mean) * (x - mean)
	}
	return math.Sqrt(sum / float64(len(v)))
}
