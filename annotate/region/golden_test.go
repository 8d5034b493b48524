package region

import (
	"context"
	"encoding/json"
	"image"
	"math"
	"os"
	"slices"
	"testing"
)

// golden is testdata/golden.json, which golden.py made with scikit-image and
// scipy.
type golden struct {
	Plane struct {
		W, H int
		HU   []int16
	}
	Volume struct {
		W, H, Slices int
		HU           []int16
	}
	Wands []struct {
		Seed      [2]int
		Tolerance int
		Diagonal  bool
		Pixels    []int
	}
	Grows []struct {
		Seed      [3]int
		Low, High int
		Diagonal  bool
		Pixels    []int
	}
	Walks []struct {
		HU              float64
		Inside, Outside [][2]int
		Chances         []float64
	}
}

func readGolden(t *testing.T) (g golden) {
	t.Helper()
	b, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// indices lists a set's pixels, row-major in a plane of this width.
func indices(s *Set, width int) []int {
	all := []int{}
	s.Spans(func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			all = append(all, y*width+x)
		}
	})
	return all
}

func TestWandAsScikitImage(t *testing.T) {
	g := readGolden(t)
	p := Plane{HU: g.Plane.HU, W: g.Plane.W, H: g.Plane.H}
	for _, w := range g.Wands {
		got := indices(Wand{Tolerance: w.Tolerance, Diagonal: w.Diagonal}.Find(p, image.Pt(w.Seed[0], w.Seed[1])), p.W)
		if !slices.Equal(got, w.Pixels) {
			t.Errorf("tolerance %d, diagonal %t: %d pixels, want %d", w.Tolerance, w.Diagonal, len(got), len(w.Pixels))
		}
	}
}

func TestGrowAsScipy(t *testing.T) {
	g := readGolden(t)
	area := g.Volume.W * g.Volume.H
	v := Volume{W: g.Volume.W, H: g.Volume.H, Slices: g.Volume.Slices}
	v.HU = func(z int) ([]int16, error) { return g.Volume.HU[z*area:][:area], nil }
	for _, w := range g.Grows {
		found, err := NewGrower(v, Voxel{w.Seed[0], w.Seed[1], w.Seed[2]}, Limits{Low: w.Low, High: w.High, Diagonal: w.Diagonal}).Grow(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		got := []int{}
		for z := range v.Slices {
			for _, i := range indices(found.Slices[z], v.W) {
				got = append(got, z*area+i)
			}
		}
		if !slices.Equal(got, w.Pixels) || found.Voxels != len(w.Pixels) {
			t.Errorf("%v within %d..%d, diagonal %t: %d voxels, said to be %d, want %d",
				w.Seed, w.Low, w.High, w.Diagonal, len(got), found.Voxels, len(w.Pixels))
		}
	}
}

func TestWalkAsScikitImage(t *testing.T) {
	g := readGolden(t)
	p := Plane{HU: g.Plane.HU, W: g.Plane.W, H: g.Plane.H}
	for _, w := range g.Walks {
		h := Hints{Inside: points(p, w.Inside), Outside: points(p, w.Outside)}
		c, err := Walk{HU: w.HU}.Solve(context.Background(), p, p.Bounds(), h, nil)
		if err != nil {
			t.Fatal(err)
		}
		worst := 0.0
		for i, want := range w.Chances {
			worst = max(worst, math.Abs(float64(c.P[i])-want))
		}
		if worst > 0.02 {
			t.Errorf("%g HU: a chance is %.3f off", w.HU, worst)
		}
	}
}

func points(p Plane, all [][2]int) *Set {
	s := NewSet(p.Bounds())
	for _, at := range all {
		s.Add(at[1], at[0], at[0]+1)
	}
	return s
}
