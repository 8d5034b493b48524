package segment

import (
	"image"
	"strings"
	"testing"

	"groundglass/segment/connect"
)

// drawn reads a mask from lines in which # is set.
func drawn(lines ...string) (mask, int, int) {
	m := mask{}
	for _, c := range strings.Join(lines, "") {
		m = append(m, c == '#')
	}
	return m, len(lines[0]), len(lines)
}

func TestMaskOpen(t *testing.T) {
	m, w, h := drawn(
		"##......",
		"##..###.",
		"....###.",
		"#######.",
		".....#..",
		"........")
	want, _, _ := drawn(
		"##......", // the corner goes on beyond the picture
		"##..###.",
		"....###.",
		"....###.",
		"........",
		"........")
	for i, v := range m.open(w, h) {
		if v != want[i] {
			t.Errorf("pixel %d,%d is %v", i%w, i/w, v)
		}
	}
}

func TestMaskRegions(t *testing.T) {
	m, w, h := drawn(
		"##..#",
		"#...#",
		".##.#",
		"#...#")
	parts, number := m.regions(w, h)
	want := []connect.Component{
		{Size: 3, Box: image.Rect(0, 0, 2, 2)}, {Size: 4, Box: image.Rect(4, 0, 5, 4)},
		{Size: 2, Box: image.Rect(1, 2, 3, 3)}, {Size: 1, Box: image.Rect(0, 3, 1, 4)},
	}
	if len(parts) != len(want) {
		t.Fatalf("%d regions, want %d", len(parts), len(want))
	}
	for i, r := range parts {
		if r != want[i] {
			t.Errorf("region %d is %+v, want %+v", i, r, want[i])
		}
	}
	if number[0] != 1 || number[4] != 2 || number[2] != 0 || largest(parts) != 1 {
		t.Errorf("numbers %v, largest %d", number, largest(parts))
	}
	if s := m.sides(w, h); s != [4]float64{3. / 5, 1, 2. / 5, 3. / 4} {
		t.Errorf("sides %v", s)
	}
}
