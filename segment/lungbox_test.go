package segment

import (
	"image"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
)

// tally is how well boxes hold masks.
type tally struct {
	slices, all, in int
	worst           float64
	worstAt         string
}

func (s *tally) add(file string, all, in int) {
	if all == 0 {
		return
	}
	share := float64(in) / float64(all)
	if s.slices == 0 || share < s.worst {
		s.worst, s.worstAt = share, file
	}
	s.slices, s.all, s.in = s.slices+1, s.all+all, s.in+in
}

func (s *tally) share() float64 { return float64(s.in) / float64(max(1, s.all)) }

// Boxes hold the lungs and all ground glass of real patients, however the
// pictures are windowed.
func TestLungBoxHoldsLungs(t *testing.T) {
	folder := dataFolder(t)
	views := []struct {
		name  string
		every int
		view  func(hu int) int
	}{
		{"as stored", 1, func(hu int) int { return hu }},
		{"100 HU darker", 4, func(hu int) int { return hu - 100 }},
		{"100 HU brighter", 4, func(hu int) int { return hu + 100 }},
		{"clipped to a narrow window", 4, func(hu int) int { return min(-200, max(-1000, hu)) }},
	}
	for _, set := range []struct {
		images, ending, infection string
		crop                      bool
	}{
		{"corona/*/*_ct.png", "_ct.png", "_infection.png", false},
		{"radiopaedia/*/*_ct.png", "_ct.png", "_infection.png", true},
		{"medseg/*_ct.png", "_ct.png", "_classes.png", true},
	} {
		files, err := filepath.Glob(filepath.Join(folder, set.images))
		if err != nil || len(files) == 0 {
			t.Fatalf("no pictures %s: %v", set.images, err)
		}
		for _, v := range views {
			t.Run(strings.Trim(filepath.Dir(set.images), "/*")+" "+v.name, func(t *testing.T) {
				var infection, lungs tally
				var areas []float64
				for i := 0; i < len(files); i += v.every {
					stem := strings.TrimSuffix(files[i], set.ending)
					s := seen(picture(t, files[i]), v.view)
					box := LungBox(s)
					if set.crop && box.Dx()*box.Dy()*100 < s.W*s.H*98 {
						t.Errorf("%s: a picture of %dx%d that is cut to the lungs is cut again to %v", files[i], s.W, s.H, box)
					}
					all, in, _ := maskPicture(t, stem+set.infection).inside(s.W, box)
					infection.add(files[i], all, in)
					all, in, tight := maskPicture(t, stem+"_lung.png").inside(s.W, box)
					lungs.add(files[i], all, in)
					if all > 0 {
						areas = append(areas, float64(box.Dx()*box.Dy())/float64(tight.Dx()*tight.Dy()))
					}
				}
				t.Logf("infection: %d slices, %.3f %% inside, worst %.2f %% (%s)", infection.slices, 100*infection.share(), 100*infection.worst, filepath.Base(infection.worstAt))
				if infection.share() < 0.999 || infection.worst < 0.97 {
					t.Errorf("boxes cut off infection")
				}
				if len(areas) == 0 {
					return
				}
				slices.Sort(areas)
				median := areas[len(areas)/2]
				t.Logf("lungs: %d slices, %.3f %% inside, worst %.2f %% (%s); box area to tight area: median %.3f, largest %.2f",
					lungs.slices, 100*lungs.share(), 100*lungs.worst, filepath.Base(lungs.worstAt), median, areas[len(areas)-1])
				if lungs.share() < 0.995 {
					t.Errorf("boxes cut off lungs")
				}
				if median > 1.25 {
					t.Errorf("boxes are too large")
				}
			})
		}
	}
}

// seen is a copy of a slice with other values.
func seen(s *ct.Slice, view func(hu int) int) *ct.Slice {
	out := &ct.Slice{HU: make([]int16, len(s.HU)), W: s.W, H: s.H}
	for i, hu := range s.HU {
		out.HU[i] = int16(view(int(hu)))
	}
	return out
}

// drawing is a slice of air in which discs and rectangles can be drawn.
func drawing(w, h int) *ct.Slice {
	s := &ct.Slice{HU: make([]int16, w*h), W: w, H: h}
	for i := range s.HU {
		s.HU[i] = -1000
	}
	return s
}

// ellipse fills an ellipse with a value.
func ellipse(s *ct.Slice, cx, cy, rx, ry float64, hu int16) {
	for y := range s.H {
		for x := range s.W {
			dx, dy := (float64(x)+0.5-cx)/rx, (float64(y)+0.5-cy)/ry
			if dx*dx+dy*dy <= 1 {
				s.HU[y*s.W+x] = hu
			}
		}
	}
}

// chest is a drawn body with two lungs, of a size in pixels.
func chest(size int, left, right int16) *ct.Slice {
	s, u := drawing(size, size), float64(size)
	ellipse(s, 0.5*u, 0.5*u, 0.42*u, 0.3*u, 40)
	ellipse(s, 0.33*u, 0.5*u, 0.13*u, 0.2*u, left)
	ellipse(s, 0.67*u, 0.5*u, 0.13*u, 0.2*u, right)
	return s
}

func TestLungBoxOnDrawings(t *testing.T) {
	lungs := image.Rect(20*5, 30*5, 80*5, 70*5) // of a chest of 500 pixels
	table := chest(500, -850, -850)
	for x := 20; x < 480; x++ {
		for y := 430 - x*(500-x)/6000; y < 434-x*(500-x)/6000; y++ { // touches the back, encloses air
			table.HU[(y+10)*500+x] = -100
		}
	}
	for _, c := range []struct {
		name   string
		s      *ct.Slice
		inside image.Rectangle
		least  image.Rectangle
	}{
		{"two lungs", chest(500, -850, -850), image.Rect(85, 135, 415, 365), lungs},
		{"on a table", table, image.Rect(85, 135, 415, 365), lungs},
		{"one lung filled", chest(500, -850, 20), image.Rect(75, 135, 425, 365), image.Rect(100, 150, 383, 350)},
		{"no lungs", chest(500, 40, 40), image.Rect(35, 95, 465, 405), image.Rect(45, 105, 455, 395)},
		{"nothing", drawing(500, 500), image.Rect(0, 0, 500, 500), image.Rect(0, 0, 500, 500)},
		{"too small", drawing(9, 7), image.Rect(0, 0, 9, 7), image.Rect(0, 0, 9, 7)},
	} {
		box := LungBox(c.s)
		if !box.In(c.inside) || !c.least.In(box) {
			t.Errorf("%s: box %v, want it within %v and around %v", c.name, box, c.inside, c.least)
		}
	}
}

// The box follows the picture's scale and does not jump with its place.
func TestLungBoxIsStable(t *testing.T) {
	reference := LungBox(chest(512, -850, -850))
	for _, size := range []int{128, 200, 333, 768, 1024} {
		box := LungBox(chest(size, -850, -850))
		for _, d := range []int{box.Min.X*512/size - reference.Min.X, box.Max.Y*512/size - reference.Max.Y} {
			if d < -8 || d > 8 {
				t.Errorf("size %d: box %v differs from %v of size 512", size, box, reference)
			}
		}
	}
}

// Whatever the values and the size, the box is a part of the slice.
func TestLungBoxStaysInside(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 400 {
		s := drawing(1+random.IntN(300), 1+random.IntN(300))
		for range random.IntN(6) {
			ellipse(s, random.Float64()*float64(s.W), random.Float64()*float64(s.H),
				random.Float64()*200, random.Float64()*200, int16(random.IntN(4000)-2000))
		}
		for i := 0; i < len(s.HU); i += 1 + random.IntN(50) {
			s.HU[i] = int16(random.IntN(1 << 16))
		}
		if box := LungBox(s); box.Empty() || !box.In(image.Rect(0, 0, s.W, s.H)) {
			t.Fatalf("box %v of a slice of %dx%d", box, s.W, s.H)
		}
	}
}

func BenchmarkLungBox(b *testing.B) {
	s := chest(512, -850, -850)
	for b.Loop() {
		LungBox(s)
	}
}
