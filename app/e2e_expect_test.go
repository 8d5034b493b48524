package main

import (
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"
)

// proposal is a slice's proposed mask, 0 and 255.
type proposal struct {
	name string
	mask *image.Gray
}

// compare checks the exported masks, pixel by pixel, against what the strokes and the sliders must give. Pixels on
// the very edge of a stroke, to rounding, may go either way.
func (k *desk) compare(dir string, slices []proposal) {
	k.t.Helper()
	human := 0
	for i, s := range slices {
		got := readGray(k.t, filepath.Join(dir, s.name+"_mask.png"))
		if got.Rect != s.mask.Rect {
			k.t.Fatalf("slice %d is exported with %v, not %v", i, got.Rect, s.mask.Rect)
		}
		if _, err := os.Stat(filepath.Join(dir, s.name+"_image.png")); err != nil {
			k.t.Error(err)
		}
		wrong := 0
		for at, v := range got.Pix {
			want, byHuman, sure := k.expect(i, at%got.Stride, at/got.Stride, s.mask.Pix[at] != 0)
			if byHuman {
				human++
			}
			if sure && (v == 255) != want || v != 0 && v != 255 {
				wrong++
			}
		}
		if wrong > 0 {
			k.t.Errorf("slice %d: %d pixels of the exported mask are not what was painted and proposed", i, wrong)
		}
	}
	if human < 1000 {
		k.t.Errorf("only %d pixels were set by hand: the strokes missed the slices", human)
	}
}

// expect is what a pixel must be: as the last stroke over it left it, else as it is proposed.
func (k *desk) expect(slice, x, y int, proposed bool) (labelled, byHuman, sure bool) {
	labelled, sure = proposed, true
	for _, s := range k.strokes {
		if s.slice != slice {
			continue
		}
		switch edge := s.distance(point{float64(x) + 0.5, float64(y) + 0.5}) - s.radius; {
		case math.Abs(edge) < 1e-6:
			sure = false
		case edge < 0:
			labelled, byHuman, sure = !s.erase, true, true
		}
	}
	return labelled, byHuman, sure
}

// distance is the distance of a point from the stroke's line.
func (s stroke) distance(p point) float64 {
	least := math.Inf(1)
	for i := range s.points {
		a, b := s.points[max(0, i-1)], s.points[i]
		dx, dy := b.x-a.x, b.y-a.y
		t := 0.
		if l := dx*dx + dy*dy; l > 0 {
			t = max(0, min(1, ((p.x-a.x)*dx+(p.y-a.y)*dy)/l))
		}
		least = min(least, math.Hypot(p.x-a.x-t*dx, p.y-a.y-t*dy))
	}
	return least
}

// leaks tells whether one gets from a point to the picture's border by steps along rows and columns over empty pixels.
func leaks(m *image.Gray, from point) bool {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	seen := make([]bool, w*h)
	todo := []int{int(from.y)*w + int(from.x)}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[at] || m.Pix[at] != 0 {
			continue
		}
		seen[at] = true
		x, y := at%w, at/w
		if x == 0 || y == 0 || x == w-1 || y == h-1 {
			return true
		}
		todo = append(todo, at-1, at+1, at-w, at+w)
	}
	return false
}

func readGray(t *testing.T, path string) *image.Gray {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	g, ok := m.(*image.Gray)
	if !ok {
		t.Fatalf("%s is no picture of 8 bits: %T", path, m)
	}
	return g
}
