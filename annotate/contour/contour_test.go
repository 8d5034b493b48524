package contour

import (
	"image"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// mask is a picture of lines: what is not a dot is in it.
func mask(picture string) (w, h int, has func(x, y int) bool) {
	lines := strings.Fields(picture)
	return len(lines[0]), len(lines), func(x, y int) bool { return lines[y][x] != '.' }
}

func TestTrace(t *testing.T) {
	pts := func(v ...int) (r Ring) {
		for i := 0; i < len(v); i += 2 {
			r = append(r, image.Pt(v[i], v[i+1]))
		}
		return r
	}
	cases := []struct {
		name, picture string
		want          []Polygon
		keyholes      []Ring
	}{
		{name: "nothing", picture: "... ..."},
		{"one pixel", ".. .#", []Polygon{{Outer: pts(1, 1, 2, 1, 2, 2, 1, 2)}}, nil},
		{"all", "## ##", []Polygon{{Outer: pts(0, 0, 2, 0, 2, 2, 0, 2)}}, nil},
		{"corners that touch", "#. .#", []Polygon{{Outer: pts(0, 0, 1, 0, 1, 1, 0, 1)}, {Outer: pts(1, 1, 2, 1, 2, 2, 1, 2)}}, nil},
		{"a hole", "### #.# ###",
			[]Polygon{{pts(0, 0, 3, 0, 3, 3, 0, 3), []Ring{pts(1, 2, 2, 2, 2, 1, 1, 1)}}},
			[]Ring{pts(0, 0, 1, 0, 1, 1, 1, 2, 2, 2, 2, 1, 1, 1, 1, 0, 3, 0, 3, 3, 0, 3)}},
		{"a hole of two pixels that touch", "#### #.## ##.# ####",
			[]Polygon{{pts(0, 0, 4, 0, 4, 4, 0, 4), []Ring{pts(1, 2, 2, 2, 2, 3, 3, 3, 3, 2, 2, 2, 2, 1, 1, 1)}}}, nil},
		{"a hole that a corner opens", "### #.# ##.",
			[]Polygon{{Outer: pts(0, 0, 3, 0, 3, 2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 2, 2, 3, 0, 3)}}, nil},
		{"a part in a hole", "##### #...# #.#.# #...# #####",
			[]Polygon{{pts(0, 0, 5, 0, 5, 5, 0, 5), []Ring{pts(1, 4, 4, 4, 4, 1, 1, 1)}}, {Outer: pts(2, 2, 3, 2, 3, 3, 2, 3)}}, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			w, h, has := mask(c.picture)
			got := Trace(w, h, has)
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("traced %v, want %v", got, c.want)
			}
			for i, want := range c.keyholes {
				if k := got[i].Keyhole(); !reflect.DeepEqual(k, want) {
					t.Errorf("joined %v, want %v", k, want)
				}
			}
			check(t, w, h, has)
		})
	}
}

// fill counts for each pixel of a row of w pixels how often a ray to the left from
// its centre meets edges that go up and down: the winding number, and the crossings.
func fill(rings []Ring, w, h int) (winding, crossings []int) {
	winding, crossings = make([]int, w*h), make([]int, w*h)
	for _, r := range rings {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			sign := -1
			if a.Y > b.Y {
				a, b, sign = b, a, 1
			}
			for y := a.Y; y < b.Y; y++ {
				for x := a.X; x < w; x++ { // edges are upright
					winding[y*w+x] += sign
					crossings[y*w+x]++
				}
			}
		}
	}
	return winding, crossings
}

// check traces a mask and fills what it finds: as rings with holes, and as one ring
// a part.
func check(t *testing.T, w, h int, has func(x, y int) bool) {
	t.Helper()
	polygons := Trace(w, h, has)
	var rings, joined []Ring
	for _, p := range polygons {
		rings = append(append(rings, p.Outer), p.Holes...)
		joined = append(joined, p.Keyhole())
	}
	for _, r := range rings {
		checkRing(t, r)
	}
	for name, set := range map[string][]Ring{"rings": rings, "keyholes": joined} {
		winding, crossings := fill(set, w, h)
		for i := range winding {
			want := 0
			if has(i%w, i/w) {
				want = 1
			}
			if winding[i] != want || crossings[i]%2 != want {
				t.Fatalf("%s: pixel %d,%d has winding number %d and %d crossings", name, i%w, i/w, winding[i], crossings[i])
			}
		}
	}
	checkParts(t, polygons, w, h, has)
}

// checkRing tests that a ring turns at every corner, and that all of its edges are
// along rows and columns.
func checkRing(t *testing.T, r Ring) {
	t.Helper()
	for i, b := range r {
		a, c := r[(i+len(r)-1)%len(r)], r[(i+1)%len(r)]
		if in, out := b.Sub(a), c.Sub(b); in.X*out.X+in.Y*out.Y != 0 || (in.X == 0) == (in.Y == 0) {
			t.Fatalf("the ring %v does not turn at %v", r, b)
		}
	}
}

// checkParts tests that each polygon by itself is one part of the mask.
func checkParts(t *testing.T, polygons []Polygon, w, h int, has func(x, y int) bool) {
	t.Helper()
	if len(polygons) > 50 {
		return
	}
	for _, p := range polygons {
		winding, _ := fill(append([]Ring{p.Outer}, p.Holes...), w, h)
		first, n := -1, 0
		for i, v := range winding {
			if v != 0 {
				n++
				if first < 0 {
					first = i
				}
			}
		}
		if got := reached(w, h, first, has); got != n {
			t.Fatalf("the polygon at %v has %d pixels, the part of the mask there %d", p.Outer[0], n, got)
		}
	}
}

// reached counts the pixels that steps along rows and columns lead to.
func reached(w, h, from int, has func(x, y int) bool) int {
	seen := map[image.Point]bool{}
	var step func(p image.Point)
	step = func(p image.Point) {
		if seen[p] || !p.In(image.Rect(0, 0, w, h)) || !has(p.X, p.Y) {
			return
		}
		seen[p] = true
		for _, d := range []image.Point{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
			step(p.Add(d))
		}
	}
	step(image.Pt(from%w, from/w))
	return len(seen)
}

func TestRandomMasks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 7))
	for range 3000 {
		w, h := 1+r.IntN(12), 1+r.IntN(12)
		bits, share := make([]bool, w*h), r.Float64()
		for i := range bits {
			bits[i] = r.Float64() < share
		}
		check(t, w, h, func(x, y int) bool { return bits[y*w+x] })
	}
}

// Rings within rings, and a large mask of noise, with tens of thousands of parts
// and holes.
func TestLargeMasks(t *testing.T) {
	check(t, 61, 53, func(x, y int) bool { return max(max(30-x, x-30), max(26-y, y-26))%2 == 0 })
	r := rand.New(rand.NewPCG(1, 1))
	bits := make([]bool, 512*512)
	for i := range bits {
		bits[i] = r.Float64() < 0.7
	}
	polygons := Trace(512, 512, func(x, y int) bool { return bits[y*512+x] })
	holes := 0
	for _, p := range polygons {
		holes += len(p.Holes)
	}
	if len(polygons) < 1000 || holes < 10000 {
		t.Fatalf("%d parts with %d holes", len(polygons), holes)
	}
	check(t, 512, 512, func(x, y int) bool { return bits[y*512+x] })
}

func FuzzTrace(f *testing.F) {
	f.Add(uint8(5), []byte("\xff\x81\xa5\x81\xff"))
	f.Fuzz(func(t *testing.T, width uint8, bits []byte) {
		w := 1 + int(width)%40
		if h := min(40, 8*len(bits)/w); h > 0 {
			check(t, w, h, func(x, y int) bool { return bits[(y*w+x)/8]>>((y*w+x)%8)&1 == 1 })
		}
	})
}

func BenchmarkTrace(b *testing.B) {
	has := func(x, y int) bool {
		v := math.Hypot(float64(x)-256, float64(y)-256)
		return v < 200 && math.Sin(float64(x)/9)*math.Sin(float64(y)/7) > -0.6
	}
	for b.Loop() {
		for _, p := range Trace(512, 512, has) {
			p.Keyhole()
		}
	}
}
