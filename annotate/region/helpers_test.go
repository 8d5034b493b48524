package region

import (
	"image"
	"strings"
	"testing"

	"groundglass/annotate/ct/phantom"
)

// levels are the HU that a letter of a drawn plane stands for.
var levels = map[byte]int16{'.': -850, 'g': -650, 'h': -600, 'v': 40, '#': 40}

// drawn is a plane of a letter a pixel.
func drawn(rows ...string) Plane {
	p := Plane{W: len(rows[0]), H: len(rows)}
	for _, r := range rows {
		for i := range r {
			p.HU = append(p.HU, levels[r[i]])
		}
	}
	return p
}

// picture draws a set: X where it has a pixel, else '.'.
func picture(s *Set, w, h int) []string {
	rows := make([]string, h)
	for y := range rows {
		var b strings.Builder
		for x := range w {
			if s.Has(x, y) {
				b.WriteByte('X')
			} else {
				b.WriteByte('.')
			}
		}
		rows[y] = b.String()
	}
	return rows
}

func wantPicture(t *testing.T, s *Set, want ...string) {
	t.Helper()
	got := strings.Join(picture(s, len(want[0]), len(want)), "\n")
	if want := strings.Join(want, "\n"); got != want {
		t.Errorf("found\n%s\nwant\n%s", got, want)
	}
}

// demo is a slice of the demo phantom, and its lesions' mask.
func demo(t testing.TB, z int) (Plane, []uint8) {
	t.Helper()
	p := phantom.New(phantom.Demo())
	s, err := p.Series().Slice(z)
	if err != nil {
		t.Fatal(err)
	}
	return Plane{HU: s.HU, W: s.W, H: s.H}, p.Truth(z)
}

// dice is how well a set agrees with a mask within a box.
func dice(s *Set, truth []uint8, w int, box image.Rectangle) float64 {
	both, sum := 0.0, float64(s.Count())
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			if truth[y*w+x] != 0 {
				sum++
				if s.Has(x, y) {
					both += 2
				}
			}
		}
	}
	return both / sum
}

// onSlice is a limit's Allow by a test of voxels.
func onSlice(in func(x, y, z int) bool) func(z int) func(x, y int) bool {
	return func(z int) func(x, y int) bool { return func(x, y int) bool { return in(x, y, z) } }
}
