package annotate

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// toolSession is a session on three slices of 7x5 pixels of 2 mm, 3 mm apart.
// Column x has 10x HU. The model proposes columns 2 to 4 of the middle slice,
// and is less sure of columns 1 and 5; a person removed (3, 2).
func toolSession() *Session {
	const w, h, n = 7, 5, 3
	meta := ct.Series{Rows: h, Columns: w, Geometry: ct.Geometry{Known: true, Spacing: [3]float64{2, 2, 3}}}
	for i := range n {
		meta.Sources = append(meta.Sources, ct.Source{File: "s.dcm", HasPosition: true, PositionMM: 3 * float64(i)})
	}
	s := NewSession(ct.NewSeries(meta, func(int) (*ct.Slice, error) {
		hu := make([]int16, w*h)
		for i := range hu {
			hu[i] = int16(10 * (i % w))
		}
		return &ct.Slice{W: w, H: h, HU: hu}, nil
	}))
	prob := make([]uint8, w*h)
	for i := range prob {
		prob[i] = []uint8{0, 100, 255, 255, 255, 100, 0}[i%w]
	}
	s.SetThreshold(0.5)
	s.Propose(1, s.BeginProposal(), Guess{Prob: prob})
	s.SetCurrent(1)
	dot(s, wipe, 3, 2)
	return s
}

func TestTools(t *testing.T) {
	before := []string{"..mmm..", "..mmm..", "..mxm..", "..mmm..", "..mmm.."}
	path := func(p ...float64) (out []Point) {
		for i := 0; i < len(p); i += 2 {
			out = append(out, Point{p[i], p[i+1]})
		}
		return out
	}
	paint, cut := Area{Label: 2}, Area{Label: 2, Cut: true}
	cases := []struct {
		name  string
		tool  Tool
		other bool
		path  []Point
		want  []string
	}{
		{"round brush", Brush{Radius: 1.2, Label: 2}, false, path(1.5, 1.5), []string{".2mmm..", "222mm..", ".2mxm..", "..mmm..", "..mmm.."}},
		{"square brush", Brush{Radius: 1.2, Label: 2, Square: true}, false, path(1.5, 1.5), []string{"222mm..", "222mm..", "222xm..", "..mmm..", "..mmm.."}},
		{"square brush on its way", Brush{Radius: 1, Label: 2, Square: true}, false, path(1.5, 0.5, 1.5, 3.5), []string{"222mm..", "222mm..", "222xm..", "222mm..", "222mm.."}},
		{"the brush's other meaning", Brush{Radius: 0.5, Label: 2}, true, path(4.5, 0.5, 5.5, 0.5), []string{"..mmxx.", "..mmm..", "..mxm..", "..mmm..", "..mmm.."}},
		{"square eraser", Eraser{Radius: 1, Square: true}, false, path(2.5, 3.5), []string{"..mmm..", "..mmm..", ".xxxm..", ".xxxm..", ".xxxm.."}},
		{"range brush", RangeBrush{Radius: 9, Label: 2, Low: 10, High: 20}, false, path(3.5, 2.5), []string{".22mm..", ".22mm..", ".22xm..", ".22mm..", ".22mm.."}},
		{"range brush in its other meaning", RangeBrush{Radius: 9, Low: 20, High: 20}, true, path(3.5, 2.5), []string{"..xmm..", "..xmm..", "..xxm..", "..xmm..", "..xmm.."}},
		{"proposal brush", ProposalBrush{Radius: 1.2}, false, path(3.5, 2.5), []string{"..mmm..", "..m1m..", "..111..", "..m1m..", "..mmm.."}},
		{"proposal brush at a lower threshold", ProposalBrush{Radius: 1.2, Threshold: 0.3}, false, path(5.5, 2.5), []string{"..mmm..", "..mmm1.", "..mx11.", "..mmm1.", "..mmm.."}},
		{"restore brush", Restore{Radius: 1.2}, false, path(3.5, 2.5), []string{"..mmm..", "..mmm..", "..mmm..", "..mmm..", "..mmm.."}},
		{"the proposal brush restores in its other meaning", ProposalBrush{Radius: 1.2}, true, path(3.5, 2.5), []string{"..mmm..", "..mmm..", "..mmm..", "..mmm..", "..mmm.."}},
		{"lasso", Lasso{Area: paint}, false, path(0, 0, 3, 0, 3, 3, 0, 3), []string{"222mm..", "222mm..", "222xm..", "..mmm..", "..mmm.."}},
		{"lasso that cuts", Lasso{Area: cut}, false, path(0, 0, 4, 0, 4, 1, 0, 1), []string{"xxxxm..", "..mmm..", "..mxm..", "..mmm..", "..mmm.."}},
		{"lasso that crosses itself", Lasso{Area: paint}, false, path(0, 0, 4, 3, 4, 0, 0, 3), []string{"2.m2m..", "2222m..", "2.m2m..", "..mmm..", "..mmm.."}},
		{"lasso that redraws", Lasso{Area: Area{Label: 1, Redraw: true}}, false, path(1, 0, 4, 0, 4, 3, 1, 3), []string{".111x..", ".111x..", ".111x..", "..xxx..", "..xxx.."}},
		{"lasso that redraws what it does not touch", Lasso{Area: Area{Label: 1, Redraw: true}}, false, path(5, 0, 7, 0, 7, 2, 5, 2), []string{"..mmm11", "..mmm11", "..mxm..", "..mmm..", "..mmm.."}},
		{"lasso that redraws another label", Lasso{Area: Area{Label: 2, Redraw: true}}, false, path(0, 0, 3, 0, 3, 3, 0, 3), []string{"222mm..", "222mm..", "222xm..", "..mmm..", "..mmm.."}},
		{"lasso that would redraw and cuts", Lasso{Area: Area{Label: 1, Redraw: true}}, true, path(0, 0, 4, 0, 4, 1, 0, 1), []string{"xxxxm..", "..mmm..", "..mxm..", "..mmm..", "..mmm.."}},
		{"rectangle that redraws", Box{Area: Area{Label: 1, Redraw: true}}, false, path(3, 2, 5, 5), []string{"..xxx..", "..xxx..", "..x11..", "..x11..", "..x11.."}},
		{"ellipse that redraws", Box{Area: Area{Label: 1, Redraw: true}, Round: true}, false, path(0, 0, 7, 3), []string{".11111.", "1111111", ".11111.", "..xxx..", "..xxx.."}},
		{"lasso of a click", Lasso{Area: paint}, false, path(2, 2), before},
		{"rectangle", Box{Area: paint}, false, path(6.9, 4.4, 4.6, 2.6), []string{"..mmm..", "..mmm..", "..mxm..", "..mmm22", "..mmm.."}},
		{"rectangle in its other meaning", Box{Area: paint}, true, path(0, 0, 4, 2), []string{"xxxxm..", "xxxxm..", "..mxm..", "..mmm..", "..mmm.."}},
		{"rectangle that cuts in its other meaning", Box{Area: cut}, true, path(0, 0, 1, 1), []string{"2.mmm..", "..mmm..", "..mxm..", "..mmm..", "..mmm.."}},
		{"rectangle beyond the slice", Box{Area: paint}, false, path(-40, -40, 2, 1), []string{"22mmm..", "..mmm..", "..mxm..", "..mmm..", "..mmm.."}},
		{"ellipse", Box{Area: paint, Round: true}, false, path(0, 0, 7, 3), []string{".22222.", "2222222", ".22222.", "..mmm..", "..mmm.."}},
		{"ellipse of a click", Box{Area: paint, Round: true}, false, path(3, 3), before},
		{"move", Move{Label: 1}, false, path(3, 3, 9, 9, 5.2, 4), []string{"..xxx..", "..xx111", "..xx111", "..xx1.1", "..xx111"}},
		{"move back to where it was", Move{Label: 1}, false, path(3, 3, 9, 9, 3.4, 2.6), before},
		{"move in its other meaning", Move{Label: 1}, true, path(0, 0, 3, 4), []string{"..mmm..", "..mmm..", "..mxm..", "..mmm..", "..mmm11"}},
		{"move of a label that is not there", Move{Label: 3}, false, path(3, 3, 5, 5), before},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := toolSession()
			base, _ := s.History().Len()
			s.SetTool(c.tool)
			press := s.Press
			if c.other {
				press = s.PressOther
			}
			press(c.path[0])
			for _, p := range c.path[1:] {
				s.Drag(p)
			}
			s.Release()
			wantPicture(t, s.Mask(1), c.want...)
			if n, _ := s.History().Len(); n > base {
				s.Undo()
			}
			wantPicture(t, s.Mask(1), before...)
			press(c.path[0])
			for _, p := range c.path[1:] {
				s.Drag(p)
			}
			s.CancelStroke()
			wantPicture(t, s.Mask(1), before...)
			if s.Foreground(0)+s.Foreground(2) != 0 {
				t.Error("another slice was written to")
			}
		})
	}
}

func TestPolygonTool(t *testing.T) {
	corners := []Point{{1, 1}, {6, 1}, {6, 4}, {1, 4}}
	full := []string{"..mmm..", ".22222.", ".22222.", ".22222.", "..mmm.."}
	cases := []struct {
		name string
		act  func(s *Session)
		want []string
	}{
		{"by a press on its beginning", func(s *Session) { s.Press(Point{1.5, 0.8}); s.Release() }, full},
		{"by the finish", (*Session).FinishStroke, full},
		{"with a point less", func(s *Session) { s.StepBack(); s.FinishStroke() }, []string{"..mmm..", "..2222.", "..m222.", "..mmm2.", "..mmm.."}},
		{"with a point that was dragged", func(s *Session) {
			s.StepBack()
			s.Press(Point{3, 3})
			s.Drag(Point{1, 4})
			s.Release()
			s.FinishStroke()
		}, full},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := toolSession()
			s.SetTool(Polygon{Area{Label: 2}})
			for _, p := range corners {
				s.Press(p)
				s.Release()
			}
			c.act(s)
			if wantPicture(t, s.Mask(1), c.want...); s.Staging() {
				t.Error("it is still open")
			}
		})
	}
}

func TestSphereFollowsTheSpacing(t *testing.T) {
	s := toolSession()
	s.SetTool(Sphere{Radius: 4.5, Label: 2})
	s.Press(Point{3.5, 2.5})
	s.Release()
	// On its own slice the radius is 4.5 mm, 2.25 pixels; 3 mm off 3.35 mm, 1.68 pixels.
	wantPicture(t, s.Mask(0), ".......", "..222..", "..222..", "..222..", ".......")
	wantPicture(t, s.Mask(1), "..222..", ".22222.", ".22222.", ".22222.", "..222..")
	wantPicture(t, s.Mask(2), ".......", "..222..", "..222..", "..222..", ".......")
	s.Undo()
	if s.Foreground(0)+s.Foreground(2) != 0 {
		t.Error("a ball is more than one edit")
	}
	s.SetTool(Sphere{Radius: 2.9, Label: 2})
	s.Press(Point{3.5, 2.5})
	s.Release()
	if s.Foreground(0)+s.Foreground(2) != 0 {
		t.Error("a ball that does not reach the next slices painted there")
	}
}

func TestRangeAround(t *testing.T) {
	hu := []int16{0, 10, 20, 30, 40, 50, 60, 0, 10, 20, 30, 40, 50, 60}
	low, high, ok := RangeAround(hu, 7, Point{3.5, 0.5}, 1, 2)
	// The disc covers 20, 30, 40 and 30 below: mean 30, SD sqrt(50).
	if want := 2 * math.Sqrt(50); !ok || low != int16(math.Floor(30-want)) || high != int16(math.Ceil(30+want)) {
		t.Errorf("the range is %d to %d, %t", low, high, ok)
	}
	if _, _, ok := RangeAround(hu, 7, Point{-9, 40}, 2, 2); ok {
		t.Error("a range of no pixels")
	}
}

// TestOutlinesAgreeWithSkimage compares the insides of polygons and ellipses
// with those that scikit-image gives: see testdata/outline.py.
func TestOutlinesAgreeWithSkimage(t *testing.T) {
	data, err := os.ReadFile("testdata/outline.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Points [][2]float64
		Rows   []string
	}
	if err := json.Unmarshal(data, &cases); err != nil || len(cases) < 60 {
		t.Fatal(len(cases), err)
	}
	for i, c := range cases {
		var p []Point
		for _, q := range c.Points {
			p = append(p, Point{q[0], q[1]})
		}
		st := newTestStroke(len(c.Rows[0]), len(c.Rows))
		ink := func(y, x0, x1 int) { st.Span(y, x0, x1, 1) }
		if len(p) == 2 {
			ellipseRows(p[0], p[1], st.Bounds(), ink)
		} else {
			polygon(p).rows(st.Bounds(), ink)
		}
		want := strings.ReplaceAll(strings.Join(c.Rows, "\n")+"\n", "#", "1")
		if got := picture(st.Mask()); got != want {
			t.Fatalf("case %d, %v:\n%swant\n%s", i, p, got, want)
		}
	}
}

// Polygons that share edges leave no pixel out and share none, also where edges
// run through the centres of pixels.
func TestPolygonsTile(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	for range 200 {
		middle := Point{float64(r.IntN(21)) / 2, float64(r.IntN(17)) / 2}
		corners := polygon{{0, 0}, {10, 0}, {10, 8}, {0, 8}}
		var hits [80]int
		for i, a := range corners {
			polygon{a, corners[(i+1)%4], middle}.rows(NewMask(10, 8).Bounds(), func(y, x0, x1 int) {
				for x := x0; x < x1; x++ {
					hits[y*10+x]++
				}
			})
		}
		for i, n := range hits {
			if n != 1 {
				t.Fatalf("around %v, pixel (%d, %d) lies in %d of the triangles", middle, i%10, i/10, n)
			}
		}
	}
}

// A circle drawn at 600 pixels a second, with 125 events a second, is one
// unbroken line of a brush of 2 pixels, also where it leaves the slice.
func TestFastCircleIsOneLine(t *testing.T) {
	for _, radius := range []float64{40, 90} {
		s := newTestSession(128, 128, 1)
		s.SetTool(Brush{Radius: 1, Label: 1})
		at := func(i int) Point {
			a := float64(i) * 600 / 125 / radius
			return Point{64 + radius*math.Cos(a), 64 + radius*math.Sin(a)}
		}
		s.Press(at(0))
		for i := 1; float64(i-1)*600/125 < 2*math.Pi*radius; i++ {
			s.Drag(at(i))
		}
		s.Release()
		m := s.Mask(0)
		want := 1
		if radius > 64 {
			want = 4 // the corners
		}
		if n := pieces(m); n != want {
			t.Errorf("a circle of radius %g is %d pieces, want %d", radius, n, want)
		}
		for i, l := range m.Label {
			if d := math.Hypot(float64(i%128)+0.5-64, float64(i/128)+0.5-64) - radius; l != 0 && math.Abs(d) > 1.8 {
				t.Fatalf("pixel (%d, %d) is %g off the circle", i%128, i/128, d)
			}
		}
	}
}
