package connect

import (
	"image"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// draw reads a mask from rows of characters: '#' is set.
func draw(rows string) (mask []uint8, w, h int) {
	lines := strings.Fields(rows)
	for _, l := range lines {
		w = len(l)
		for _, c := range l {
			mask = append(mask, map[bool]uint8{true: 1}[c == '#'])
		}
	}
	return mask, w, len(lines)
}

// show is the reverse of draw.
func show(mask []uint8, w int) string {
	var b strings.Builder
	for i, v := range mask {
		if i%w == 0 {
			b.WriteByte('\n')
		}
		b.WriteByte(".#"[min(v, 1)])
	}
	return b.String()
}

func TestComponents(t *testing.T) {
	mask, w, h := draw("#.#..# ###.#. ....#. ##...#")
	for _, c := range []struct {
		name  string
		touch Connectivity
		want  []Component
	}{
		{"8", Eight, []Component{{5, image.Rect(0, 0, 3, 2)}, {4, image.Rect(4, 0, 6, 4)}, {2, image.Rect(0, 3, 2, 4)}}},
		{"4", Four, []Component{{5, image.Rect(0, 0, 3, 2)}, {1, image.Rect(5, 0, 6, 1)}, {2, image.Rect(4, 1, 5, 3)},
			{2, image.Rect(0, 3, 2, 4)}, {1, image.Rect(5, 3, 6, 4)}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if parts, _ := Components(mask, w, h, c.touch); !slices.Equal(parts, c.want) {
				t.Errorf("got %v, want %v", parts, c.want)
			}
		})
	}
}

func TestClean(t *testing.T) {
	const ring = "####.. #..#.. #.##.# ####.. ....##"
	for _, c := range []struct {
		name, mask, want string
		do               func(m []uint8, w, h int) []uint8
	}{
		{"fill any", ring, "####.. ####.. ####.# ####.. ....##",
			func(m []uint8, w, h int) []uint8 { return Fill(m, w, h, -1, Eight) }},
		{"fill nothing", ring, ring, func(m []uint8, w, h int) []uint8 { return Fill(m, w, h, 0, Eight) }},
		{"fill up to 2", ring, ring, func(m []uint8, w, h int) []uint8 { return Fill(m, w, h, 2, Eight) }},
		{"fill up to 3", ring, "####.. ####.. ####.# ####.. ....##",
			func(m []uint8, w, h int) []uint8 { return Fill(m, w, h, 3, Eight) }},
		{"a hole that opens at a corner, 8", ".#. #.# .#.", ".#. ### .#.",
			func(m []uint8, w, h int) []uint8 { return Fill(m, w, h, -1, Eight) }},
		{"a hole that opens at a corner, 4", ".#. #.# .#.", ".#. #.# .#.",
			func(m []uint8, w, h int) []uint8 { return Fill(m, w, h, -1, Four) }},
		{"a bay is no hole", "### #.. ###", "### #.. ###",
			func(m []uint8, w, h int) []uint8 { return Fill(m, w, h, -1, Eight) }},
		{"drop below 3", ring, "####.. #..#.. #.##.. ####.. ....##",
			func(m []uint8, w, h int) []uint8 { return DropSmall(m, w, h, 3, Eight) }},
		{"drop below 3, 4", ring, "####.. #..#.. #.##.. ####.. ......",
			func(m []uint8, w, h int) []uint8 { return DropSmall(m, w, h, 3, Four) }},
		{"keep one of two equal", "#.# .#. ... #.# .#.", "#.# .#. ... ... ...",
			func(m []uint8, w, h int) []uint8 { return KeepLargest(m, w, h, 1, Eight) }},
		{"keep none", "#.#", "...", func(m []uint8, w, h int) []uint8 { return KeepLargest(m, w, h, 0, Eight) }},
		{"keep more than there are", "#.#", "#.#", func(m []uint8, w, h int) []uint8 { return KeepLargest(m, w, h, 9, Four) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, w, h := draw(c.mask)
			was := slices.Clone(m)
			want, _, _ := draw(c.want)
			if got := c.do(m, w, h); !slices.Equal(got, want) {
				t.Errorf("got%s\nwant%s", show(got, w), show(want, w))
			}
			if !slices.Equal(m, was) {
				t.Error("the argument was written to")
			}
		})
	}
}

// flood is the plain way: per pixel, the index of the first pixel that it is connected with, or -1.
func flood(m []uint8, w, h int, c Connectivity) []int {
	first := slices.Repeat([]int{-1}, w*h)
	for start := range first {
		if m[start] == 0 || first[start] >= 0 {
			continue
		}
		first[start] = start
		for queue := []int{start}; len(queue) > 0; {
			i := queue[0]
			queue = queue[1:]
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					x, y := i%w+dx, i/w+dy
					if x < 0 || y < 0 || x >= w || y >= h || c == Four && dx*dy != 0 {
						continue
					}
					if j := y*w + x; m[j] != 0 && first[j] < 0 {
						first[j] = start
						queue = append(queue, j)
					}
				}
			}
		}
	}
	return first
}

// checkComponents compares Components with flood.
func checkComponents(t *testing.T, m []uint8, w, h int, c Connectivity) {
	t.Helper()
	parts, number := Components(m, w, h, c)
	first := flood(m, w, h, c)
	sizes, seen := make([]int, len(parts)), map[int]int32{}
	for i, f := range first {
		if f < 0 {
			if number[i] != 0 {
				t.Fatalf("pixel %d is not set and of part %d:%s", i, number[i], show(m, w))
			}
			continue
		}
		if f == i {
			seen[f] = int32(len(seen) + 1)
		}
		if number[i] != seen[f] {
			t.Fatalf("pixel %d is of part %d, want %d:%s", i, number[i], seen[f], show(m, w))
		}
		sizes[number[i]-1]++
		if !image.Pt(i%w, i/w).In(parts[number[i]-1].Box) {
			t.Fatalf("pixel %d is outside its part's box", i)
		}
	}
	for i, p := range parts {
		if sizes[i] != p.Size {
			t.Fatalf("part %d has %d pixels, said %d", i, sizes[i], p.Size)
		}
	}
}

func TestComponentsAgainstFlood(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		w, h := r.IntN(24), r.IntN(24)
		m := make([]uint8, w*h)
		for share, i := r.Float64(), 0; i < len(m); i++ {
			if r.Float64() < share {
				m[i] = uint8(1 + r.IntN(255))
			}
		}
		checkComponents(t, m, w, h, Eight)
		checkComponents(t, m, w, h, Four)
	}
}

func FuzzComponents(f *testing.F) {
	f.Add([]byte{}, uint8(0))
	f.Add([]byte{1, 0, 1, 1, 1, 1, 0, 1, 0}, uint8(3))
	f.Fuzz(func(t *testing.T, m []byte, width uint8) {
		defer fuzzlimit.Start()()
		w := int(width)
		if w == 0 || len(m) > 4096 {
			m = nil
		}
		h := len(m) / max(1, w)
		m = m[:w*h]
		for _, c := range []Connectivity{Eight, Four} {
			checkComponents(t, m, w, h, c)
			filled := Fill(m, w, h, -1, c)
			if again := Fill(filled, w, h, -1, c); !slices.Equal(again, filled) {
				t.Fatal("filled twice is not filled once")
			}
			a, _ := Components(DropSmall(m, w, h, 3, c), w, h, c)
			if slices.ContainsFunc(a, func(p Component) bool { return p.Size < 3 }) {
				t.Fatal("a small part is left")
			}
			all, _ := Components(m, w, h, c)
			if b, _ := Components(KeepLargest(m, w, h, 2, c), w, h, c); len(b) != min(2, len(all)) {
				t.Fatalf("%d parts are left of %d", len(b), len(all))
			}
		}
	})
}
