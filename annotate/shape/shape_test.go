package shape

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

// drawn is a set drawn with '#', a slice for each picture of rows.
func drawn(spacing [3]float64, pictures ...string) *Set {
	rows := strings.Fields(pictures[0])
	s := NewSet(Grid{W: len(rows[0]), H: len(rows), D: len(pictures), Spacing: spacing})
	for _, p := range pictures {
		s.Add([]uint8(strings.Join(strings.Fields(p), "")), '#')
	}
	return s
}

var even = [3]float64{1, 1, 1}

func wantSet(t *testing.T, got *Set, pictures ...string) {
	t.Helper()
	if want := drawn(got.Spacing, pictures...); digits(got) != digits(want) {
		t.Errorf("the set is\n%s\nwant\n%s", lines(got), lines(want))
	}
}

func lines(s *Set) string {
	var b strings.Builder
	for i, c := range digits(s) {
		if i > 0 && i%s.W == 0 {
			b.WriteByte('\n')
		}
		b.WriteByte(".#"[c-'0'])
	}
	return b.String()
}

func must(t *testing.T) func(*Set, error) *Set {
	return func(s *Set, err error) *Set {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

func TestIslands(t *testing.T) {
	flat := drawn([3]float64{0.5, 2, 5}, "##..# ....# ###.#")
	wantSet(t, KeepLargest(flat, Faces), "....# ....# ....#")
	wantSet(t, RemoveIslands(flat, 3, Faces), "....# ....# ###.#")
	wantSet(t, RemoveIslands(flat, 3.01, Faces), "..... ..... .....")

	diagonal := drawn(even, "#.. .#. ...")
	wantSet(t, KeepLargest(diagonal, Faces), "#.. ... ...")
	wantSet(t, KeepLargest(diagonal, Corners), "#.. .#. ...")
	wantSet(t, KeepLargest(drawn(even, "...", "...", "..."), Faces), "...", "...", "...")

	// In a stack, what hangs together over slices is one island, of mm³.
	stack := drawn([3]float64{1, 1, 2}, "#..# ....", "#... ....", "#... ...#")
	wantSet(t, RemoveIslands(stack, 6, Faces), "#... ....", "#... ....", "#... ....")
}

func TestHolesAreEnclosed(t *testing.T) {
	ring := "##### #...# #.#.# #...# #####"
	filled := "##### ##### ##### ##### #####"
	wantSet(t, Holes(drawn(even, ring), 0), "..... .###. .#.#. .###. .....")
	wantSet(t, Holes(drawn(even, ring), 7), "..... ..... ..... ..... .....")
	wantSet(t, Holes(drawn(even, ring), 8), "..... .###. .#.#. .###. .....")
	wantSet(t, Holes(drawn(even, "##. #.# .##"), 0), "... .#. ...")
	// A tube is open at its ends, and closed by lids.
	none := strings.Repeat("..... ", 5)
	wantSet(t, Holes(drawn(even, ring, ring, ring), 0), none, none, none)
	wantSet(t, Holes(drawn(even, filled, ring, filled), 0), none, "..... .###. .#.#. .###. .....", none)
}

func TestReachIsWhatHangsTogetherWithTheSeed(t *testing.T) {
	s := drawn(even, "##.#.#", "##.#.#", "#..#..")
	seed := drawn(even, "#...#.", "......", "......")
	wantSet(t, Reach(s, seed, Faces), "##....", "##....", "#.....")
}

func TestDilateAndErodeByMillimetres(t *testing.T) {
	dot := drawn([3]float64{1, 2, 2}, "....... ....... ...#... ....... .......")
	wantSet(t, must(t)(Dilate(t.Context(), dot, 2, nil)), "....... ...#... .#####. ...#... .......")
	three := "####### ####### ####### ####### #######"
	wantSet(t, must(t)(Erode(t.Context(), drawn(even, three), 3, nil)), three)
	thin := drawn(even, "....... .#####. .#####. .#####. .......")
	wantSet(t, must(t)(Erode(t.Context(), thin, 1, nil)), "....... ....... ..###.. ....... .......")
	wantSet(t, must(t)(Dilate(t.Context(), drawn(even, "...", "...", "..."), 5, nil)), "...", "...", "...")
}

// disc is a set of one slice: a disc of a radius.
func disc(g Grid, x, y, r float64) []bool {
	out := make([]bool, g.W*g.H)
	for i := range out {
		out[i] = math.Hypot((float64(i%g.W)-x)*g.Spacing[0], (float64(i/g.W)-y)*g.Spacing[1]) <= r
	}
	return out
}

func stack(g Grid, planes ...[]bool) *Set {
	s := NewSet(g)
	for _, p := range planes {
		s.AddBits(p, s.bounds())
	}
	return s
}

// Total variation takes 2 weight / r of a disc of radius r: see SmoothTV.
func TestSmoothTVDropsDiscsByTheirRadius(t *testing.T) {
	g := Grid{W: 64, H: 64, D: 1, Spacing: [3]float64{0.7, 0.7, 5}}
	for _, c := range []struct {
		radius, mm float64
		stays      bool
	}{{4, 3, true}, {4, 5.5, false}, {8, 6, true}, {8, 10.5, false}} {
		s := stack(g, disc(g, 32, 30, c.radius))
		got := must(t)(SmoothTV(t.Context(), s, c.mm, nil))
		share := float64(got.Len()) / float64(s.Len())
		if c.stays && (share < 0.85 || share > 1.05) || !c.stays && share > 0 {
			t.Errorf("of a disc of %g mm, %g mm leave %.2f", c.radius, c.mm, share)
		}
	}
	s := stack(g, disc(g, 32, 30, 6))
	if got := must(t)(SmoothTV(t.Context(), s, 0, nil)); digits(got) != digits(s) {
		t.Error("smoothed by nothing, it is another set")
	}
}

func TestSplit(t *testing.T) {
	g := Grid{W: 60, H: 30, D: 3, Spacing: [3]float64{1, 1, 1}}
	both := disc(g, 15, 15, 10)
	for i, v := range disc(g, 33, 15, 9) {
		both[i] = both[i] || v
	}
	for i, v := range disc(g, 54, 8, 3) {
		both[i] = both[i] || v
	}
	s := stack(g.slice(), both)
	for _, c := range []struct {
		waist float64
		n     int
		want  []float64 // radii
	}{{0, 9, []float64{13.4, 3}}, {2, 9, []float64{10, 9, 3}}, {2, 2, []float64{10, 9}}, {8, 9, []float64{13.4, 3}}} {
		pieces, err := Split(t.Context(), s, c.waist, c.n, nil)
		if err != nil || len(pieces) != len(c.want) {
			t.Fatalf("by a waist of %g there are %d pieces (%v)", c.waist, len(pieces), err)
		}
		for i, p := range pieces {
			if r := math.Sqrt(float64(p.Len()) / math.Pi); math.Abs(r-c.want[i]) > 0.5 {
				t.Errorf("by a waist of %g, piece %d is as large as a disc of %.1f", c.waist, i, r)
			}
		}
	}
	// In a stack the same, and every pixel is in one piece.
	solid := stack(g, both, both, both)
	pieces, err := Split(t.Context(), solid, 2, 9, nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, p := range pieces {
		n += p.Len()
	}
	if n != solid.Len() {
		t.Errorf("the pieces have %d pixels of %d", n, solid.Len())
	}
	full := stack(Grid{W: 3, H: 2, D: 1, Spacing: even}, bools("111111"))
	if pieces, _ := Split(t.Context(), full, 1, 9, nil); len(pieces) != 1 || pieces[0].Len() != 6 {
		t.Errorf("a slice that is full is in %d pieces", len(pieces))
	}
}

func TestInterpolate(t *testing.T) {
	g := Grid{W: 50, H: 40, D: 7, Spacing: [3]float64{0.8, 0.8, 3}}
	empty := make([]bool, g.W*g.H)
	for _, c := range []struct {
		name            string
		method          Method
		from, to        []bool
		middle          []bool // slice 3
		quarter, threeQ float64
	}{
		{"grows", ByDistance, disc(g, 20, 20, 4), disc(g, 20, 20, 12), disc(g, 20, 20, 8), 6, 10},
		{"grows", ByMorphology, disc(g, 20, 20, 4), disc(g, 20, 20, 12), disc(g, 20, 20, 8), 6, 10},
		{"moves", ByDistance, disc(g, 16, 20, 9), disc(g, 26, 20, 9), nil, 8.5, 8.5},
		{"moves far", ByMorphology, disc(g, 14, 20, 5), disc(g, 36, 16, 5), disc(g, 25, 18, 5), 5, 5},
		{"is far", ByDistance, disc(g, 8, 20, 4), disc(g, 40, 16, 4), empty, 0, 0},
		{"vanishes", ByMorphology, disc(g, 20, 20, 10), empty, empty, 5, 0},
	} {
		s := stack(g, empty, c.from, empty, empty, empty, c.to, empty)
		got := must(t)(Interpolate(t.Context(), s, []int{1, 5}, c.method, nil))
		plane := make([]bool, g.W*g.H)
		for z := range g.D {
			got.Plane(z, plane)
			n, off := 0, 0
			for i, v := range plane {
				n += int(b2i(v))
				if z == 3 && c.middle != nil && v != c.middle[i] {
					off++
				}
			}
			r := math.Sqrt(float64(n) * g.slice().PixelSize() / math.Pi)
			switch {
			case z == 2 && math.Abs(r-c.quarter) > 0.8, z == 4 && math.Abs(r-c.threeQ) > 0.8, z < 2 && n > 0, z > 4 && n > 0:
				t.Errorf("%s (method %d): slice %d is as large as a disc of %.1f mm", c.name, c.method, z, r)
			case off > 14:
				t.Errorf("%s (method %d): %d pixels of the middle slice are wrong", c.name, c.method, off)
			}
		}
	}
}

func TestCancelledWorkEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s := drawn(even, "##.", "##.", "##.")
	_, split := Split(ctx, s, 1, 2, nil)
	for name, err := range map[string]error{
		"dilate": second(Dilate(ctx, s, 1, nil)), "erode": second(Erode(ctx, s, 1, nil)), "median": second(Median(ctx, s, 1, nil)),
		"smooth": second(SmoothTV(ctx, s, 1, nil)), "interpolate": second(Interpolate(ctx, s, []int{0, 2}, ByDistance, nil)), "split": split,
	} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func second(_ *Set, err error) error { return err }
