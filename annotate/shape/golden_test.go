package shape

import (
	_ "embed"
	"encoding/json"
	"math"
	"slices"
	"testing"
)

// goldens are what SciPy makes of random masks: testdata/golden.py wrote them.
//
//go:embed testdata/golden.json
var goldens []byte

// golden is one mask, in a stack or a single slice, and the answers. Masks are a
// digit a pixel.
type golden struct {
	Size            [3]int
	Spacing         [3]float64
	MM              float64
	Mask            string
	Faces, Corners  []int // pixels of each part
	Squares         []float64
	Filled          string
	Dilated, Eroded string
	Median          string
}

func readGoldens(t *testing.T) (all []golden) {
	t.Helper()
	if err := json.Unmarshal(goldens, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("there are %d cases", len(all))
	}
	return all
}

func (g golden) grid() Grid {
	return Grid{W: g.Size[0], H: g.Size[1], D: g.Size[2], Spacing: g.Spacing}
}

// setOf is the set of the pixels that are 1 in a picture of digits.
func setOf(g Grid, digits string) *Set {
	s := NewSet(g)
	for z := range g.D {
		s.Add([]uint8(digits[z*g.W*g.H:(z+1)*g.W*g.H]), '1')
	}
	return s
}

// digits is a set as a picture, slice after slice.
func digits(s *Set) string {
	var out []byte
	plane := make([]bool, s.W*s.H)
	for z := range s.D {
		s.Plane(z, plane)
		for _, v := range plane {
			out = append(out, '0'+uint8(b2i(v)))
		}
	}
	return string(out)
}

func bools(digits string) []bool {
	out := make([]bool, len(digits))
	for i := range out {
		out[i] = digits[i] == '1'
	}
	return out
}

func TestAgainstSciPy(t *testing.T) {
	for k, g := range readGoldens(t) {
		s := setOf(g.grid(), g.Mask)
		if got := digits(s); got != g.Mask {
			t.Fatalf("case %d: a set of %s is %s", k, g.Mask, got)
		}
		for touch, want := range map[Touch][]int{Faces: g.Faces, Corners: g.Corners} {
			if got := s.Parts(touch).Size; !slices.Equal(got, want) {
				t.Errorf("case %d: the parts have %v pixels, want %v", k, got, want)
			}
		}
		for i, d := range Distances(bools(g.Mask), g.grid()) {
			if math.Abs(d-g.Squares[i]) > 1e-5 {
				t.Errorf("case %d: pixel %d is at %g, want %g", k, i, d, g.Squares[i])
				break
			}
		}
		if digits(FillHoles(s, 0)) != g.Filled {
			t.Errorf("case %d: holes are filled otherwise", k)
		}
	}
}

func TestMorphologyAgainstSciPy(t *testing.T) {
	for k, g := range readGoldens(t) {
		s := setOf(g.grid(), g.Mask)
		for name, c := range map[string]struct {
			do   func() (*Set, error)
			want string
		}{
			"dilated": {func() (*Set, error) { return Dilate(t.Context(), s, g.MM, nil) }, g.Dilated},
			"eroded":  {func() (*Set, error) { return Erode(t.Context(), s, g.MM, nil) }, g.Eroded},
			"median":  {func() (*Set, error) { return Median(t.Context(), s, g.MM, nil) }, g.Median},
		} {
			if got, err := c.do(); err != nil || digits(got) != c.want {
				t.Errorf("case %d: %s by %g mm it is another mask (%v)", k, name, g.MM, err)
			}
		}
	}
}
