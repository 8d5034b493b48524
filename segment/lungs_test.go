package segment

import (
	"image"
	"math/rand/v2"
	"slices"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/phantom"
)

// torso is a chest drawn 400 pixels wide: air within and around it, with the
// lungs that are to be found.
type torso struct {
	*ct.Slice
	truth []uint8
	focus []int // the pixels that the drawing is about
}

// newTorso is a healthy one.
func newTorso() *torso {
	t := &torso{Slice: chest(400, -850, -850), truth: make([]uint8, 400*400)}
	for i, hu := range t.HU {
		if hu == -850 {
			t.truth[i] = RightLung
			if i%400 >= 200 {
				t.truth[i] = LeftLung
			}
		}
	}
	return t
}

// paint fills an ellipse where a pixel is of a lung, or of none, as asked.
func (t *torso) paint(lung bool, cx, cy, rx, ry float64, hu int16) {
	over := drawing(t.W, t.H)
	ellipse(over, cx, cy, rx, ry, 1)
	for i, v := range over.HU {
		if v == 1 && lung == (t.truth[i] != NoLung) {
			t.HU[i] = hu
			t.focus = append(t.focus, i)
		}
	}
}

// hollow makes an ellipse be of no lung, dense as hu.
func (t *torso) hollow(cx, cy, rx, ry float64, hu int16) {
	over := drawing(t.W, t.H)
	ellipse(over, cx, cy, rx, ry, 1)
	for i, v := range over.HU {
		if v == 1 {
			t.HU[i], t.truth[i] = hu, NoLung
			t.focus = append(t.focus, i)
		}
	}
}

// touch widens both lungs until they meet in a fold two pixels wide.
func (t *torso) touch() {
	for y := 150; y < 190; y++ {
		for x := 150; x < 250; x++ {
			i := y*t.W + x
			t.HU[i], t.truth[i] = -850, RightLung
			t.focus = append(t.focus, i)
			if x >= 205 {
				t.truth[i] = LeftLung
			}
			if x == 205 || x == 206 {
				t.HU[i] = -650
			}
		}
	}
}

// sideDice is the Dice of one side.
func sideDice(got, truth []uint8, side uint8) float64 {
	both, sum := 0, 0
	for i := range truth {
		a, b := got[i] == side, truth[i] == side
		both, sum = both+one(a && b), sum+one(a)+one(b)
	}
	if sum == 0 {
		return 1
	}
	return 2 * float64(both) / float64(sum)
}

// inFocus is the share of the focus in which a mask is right; 1 without any.
func (t *torso) inFocus(got []uint8) float64 {
	if len(t.focus) == 0 {
		return 1
	}
	n := 0
	for _, i := range t.focus {
		n += one(got[i] == t.truth[i])
	}
	return float64(n) / float64(len(t.focus))
}

func TestLungMaskOnDrawings(t *testing.T) {
	for _, c := range []struct {
		name  string
		focus float64 // the least share of the focus that is right
		draw  func(t *torso)
	}{
		{"healthy", 1, func(t *torso) {}},
		{"vessels and ground glass", 0.99, func(t *torso) {
			for k := range 12 {
				t.paint(true, 110+float64(k)*4, 150+float64(k)*9, 3, 3, 60)
				t.paint(true, 290-float64(k)*4, 150+float64(k)*9, 3, 3, 60)
			}
			t.paint(true, 140, 230, 25, 25, -350)
		}},
		{"consolidation at the back", 0.85, func(t *torso) { t.paint(true, 132, 290, 45, 45, 40) }},
		{"consolidation at the side", 0.9, func(t *torso) { t.paint(true, 318, 210, 14, 24, 40) }},
		{"windpipe", 0.97, func(t *torso) { t.hollow(200, 190, 9, 9, -1000) }},
		{"windpipe open to a lung", 0.8, func(t *torso) {
			t.hollow(192, 200, 9, 9, -1000)
			t.paint(false, 182, 200, 3, 2, -850)
		}},
		{"gas in the stomach", 0.97, func(t *torso) { t.hollow(230, 110, 15, 8, -1000) }},
		{"dome", 0.97, func(t *torso) { t.hollow(132, 200, 26, 26, 60) }},
		{"touching lungs", 0.98, func(t *torso) { t.touch() }},
		{"foam in a table that touches the back", 1, func(t *torso) {
			for x := 96; x <= 304; x++ {
				for y := 318 + (x-200)*(x-200)/400; y <= 346; y++ {
					t.HU[y*t.W+x] = -880
					if y < 320+(x-200)*(x-200)/400 || y >= 345 {
						t.HU[y*t.W+x] = 40
					}
				}
			}
		}},
		{"emphysema", 1, func(t *torso) {
			for i := range t.HU {
				if t.truth[i] != NoLung {
					t.HU[i] = -965 + int16(i*7919%21)
				}
			}
		}},
		{"one lung filled", 0.97, func(t *torso) {
			t.paint(true, 132, 200, 60, 90, 40)
			for i, v := range t.truth {
				if v == RightLung {
					t.truth[i] = NoLung
				}
			}
		}},
	} {
		drawn := newTorso()
		c.draw(drawn)
		views := []struct {
			name string
			s    *ct.Slice
		}{
			{"as drawn", drawn.Slice},
			{"100 HU darker", seen(drawn.Slice, func(hu int) int { return hu - 100 })},
			{"in 8 bits", seen(drawn.Slice, func(hu int) int { return min(150, max(-1350, hu/6*6)) })},
		}
		for _, v := range views {
			got := LungMask(v.s)
			right, left := sideDice(got, drawn.truth, RightLung), sideDice(got, drawn.truth, LeftLung)
			if focus := drawn.inFocus(got); right < 0.975 || left < 0.975 || focus < c.focus {
				t.Errorf("%s, %s: Dice of the right lung %.3f, of the left %.3f; in focus %.3f are right", c.name, v.name, right, left, focus)
			}
		}
	}
}

// A picture that is cut to the lungs does as well, also with air in its corners.
func TestLungMaskOfCutPicture(t *testing.T) {
	drawn := newTorso()
	drawn.paint(true, 132, 280, 30, 22, 40)
	box := image.Rect(74, 112, 326, 288)
	cut := &ct.Slice{HU: cutOut(drawn.HU, 400, box), W: box.Dx(), H: box.Dy()}
	for k := range 12 {
		for j := range 12 - k {
			cut.HU[k*cut.W+j] = -1000
		}
	}
	for k := range 50 {
		for j := range 12 - k/5 {
			cut.HU[k*cut.W+cut.W-1-j] = -1000
		}
	}
	truth := plane{400, 400, drawn.truth}.part(box).v
	got := LungMask(cut)
	if got[0] != NoLung || got[cut.W-1] != NoLung {
		t.Error("a corner is lung")
	}
	for _, side := range []uint8{RightLung, LeftLung} {
		if d := sideDice(got, truth, side); d < 0.97 {
			t.Errorf("side %d: Dice %.3f", side, d)
		}
	}
}

// What has no lungs has an empty mask.
func TestLungMaskOfNothing(t *testing.T) {
	gas := chest(400, 40, 40)
	ellipse(gas, 200, 200, 9, 9, -1000)
	ellipse(gas, 260, 120, 25, 12, -1000)
	noise := drawing(300, 200)
	for i := range noise.HU {
		noise.HU[i] = int16(i * 7919 % 50)
	}
	for _, c := range []struct {
		name string
		s    *ct.Slice
	}{
		{"air", drawing(200, 200)}, {"tissue", noise}, {"no pixels", &ct.Slice{}}, {"one pixel", drawing(1, 1)},
		{"a line", drawing(512, 1)}, {"a narrow strip", drawing(3000, 20)}, {"gas only", gas},
		{"a body without air", chest(400, 40, 40)},
	} {
		got := LungMask(c.s)
		if len(got) != c.s.W*c.s.H || slices.Max(append(got, NoLung)) != NoLung {
			t.Errorf("%s: there is a lung", c.name)
		}
	}
}

// Slices of any size give the same lungs.
func TestLungMaskOfSizes(t *testing.T) {
	for _, size := range []int{96, 256, 512, 1000, 1500} {
		s := chest(size, -850, -850)
		truth := make([]uint8, len(s.HU))
		for i, hu := range s.HU {
			truth[i] = uint8(one(hu == -850)) * uint8(1+one(i%size >= size/2))
		}
		got := LungMask(s)
		for _, side := range []uint8{RightLung, LeftLung} {
			if d := sideDice(got, truth, side); d < 0.96 {
				t.Errorf("size %d, side %d: Dice %.3f", size, side, d)
			}
		}
	}
}

// Whatever the slice, the mask has three values, spares padding, and is the
// same when it is found again.
func TestLungMaskOfRandomSlices(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 150 {
		s := drawing(1+random.IntN(200), 1+random.IntN(200))
		for range random.IntN(8) {
			ellipse(s, random.Float64()*float64(s.W), random.Float64()*float64(s.H),
				random.Float64()*120, random.Float64()*120, int16(random.IntN(2400)-1400))
		}
		for i := 0; i < len(s.HU); i += 1 + random.IntN(50) {
			s.HU[i] = int16(random.IntN(1 << 16))
		}
		s.Pad = make([]bool, len(s.HU))
		for i := range s.Pad {
			dx, dy := i%s.W-s.W/2, i/s.W-s.H/2
			s.Pad[i] = dx*dx+dy*dy > s.W*s.W/5
		}
		got := LungMask(s)
		for i, v := range got {
			if v > LeftLung || v != NoLung && s.Pad[i] {
				t.Fatalf("pixel %d of %dx%d is %d, padding %v", i, s.W, s.H, v, s.Pad[i])
			}
		}
		if !slices.Equal(got, LungMask(s)) {
			t.Fatal("the same slice has another mask")
		}
	}
}

// The phantom's lungs are found, each on its side; turned from left to right,
// they change sides and nothing else.
func TestLungMaskOnPhantom(t *testing.T) {
	p := phantom.New(phantom.Options{Size: 256, Slices: 14, Seed: 11})
	s := p.Series()
	var all overlap
	var astray, turnedAstray, lung int
	for i := range s.Len() {
		slice, err := s.Slice(i)
		if err != nil {
			t.Fatal(err)
		}
		got, truth := LungMask(slice), p.Lungs(i)
		all.add(compare(got, truth))
		back := turned(LungMask(&ct.Slice{HU: turned(slice.HU, 256, 256, true, false), W: 256, H: 256}), 256, 256, true, false)
		for k, v := range got {
			if truth[k] {
				lung++
				astray += one(v == LeftLung && k%256 < 118 || v == RightLung && k%256 > 138)
			}
			turnedAstray += one([3]uint8{NoLung, LeftLung, RightLung}[v] != back[k])
		}
	}
	t.Logf("Dice %.4f, %d of %d pixels on the wrong side, %d differ when turned", all.dice(), astray, lung, turnedAstray)
	if all.dice() < 0.98 || astray*1000 > lung || turnedAstray*1000 > lung {
		t.Error("the lungs are not the phantom's")
	}
}
