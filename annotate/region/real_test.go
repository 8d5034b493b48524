package region

import (
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/internal/testkit"
)

// lesionOf is a lesion of a real slice, as an expert drew it.
type lesionOf struct {
	p     Plane
	mask  []uint8
	whole *Set
	core  *Set        // what lies deepest
	seed  image.Point // in it
}

// realLesions are the lesions of at least 300 pixels on some slices of two patients
// of coronacases. Without the data the test is skipped.
func realLesions(t *testing.T) (all []lesionOf) {
	t.Helper()
	dir := testkit.Data(t, "corona")
	for _, patient := range []string{"coronacases_006", "coronacases_010"} {
		files, err := filepath.Glob(filepath.Join(dir, patient, "z??[17]_infection.png"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d masks, %v", patient, len(files), err)
		}
		for _, file := range files {
			s, err := ct.ReadPicture(file[:len(file)-len("infection.png")] + "ct.png")
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, lesionsOf(Plane{HU: s.HU, W: s.W, H: s.H}, readMask(t, file))...)
		}
	}
	return all
}

func readMask(t *testing.T, file string) []uint8 {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	b := m.Bounds()
	mask := make([]uint8, b.Dx()*b.Dy())
	for i := range mask {
		if r, _, _, _ := m.At(b.Min.X+i%b.Dx(), b.Min.Y+i/b.Dx()).RGBA(); r >= 1<<15 {
			mask[i] = 1
		}
	}
	return mask
}

func lesionsOf(p Plane, mask []uint8) (all []lesionOf) {
	seen := NewSet(p.Bounds())
	for i, v := range mask {
		if v == 0 || seen.Has(i%p.W, i/p.W) {
			continue
		}
		l := lesionOf{p: p, whole: Flood(mask, p.W, p.H, image.Pt(i%p.W, i/p.W), true)}
		seen.Union(l.whole)
		if l.whole.Count() < 300 {
			continue
		}
		for less := l.whole; less.Count() > 0; less = less.stepped(true) {
			l.core = less
		}
		l.core.Spans(func(y, x0, x1 int) { l.seed = image.Pt((x0+x1)/2, y) })
		l.mask = masked(mask, p.W, l.whole)
		all = append(all, l)
	}
	return all
}

// dabs are places within the lesion, 0.7 radii apart, whose discs overlap its
// border.
func (l lesionOf) dabs(radius float64) []image.Point {
	all := []image.Point{l.seed}
	inner, _ := l.whole.shrunk(int(radius/2), l.seed)
	inner.Spans(func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			near := math.Inf(1)
			for _, q := range all {
				near = min(near, math.Hypot(float64(x-q.X), float64(y-q.Y)))
			}
			if near >= 0.7*radius {
				all = append(all, image.Pt(x, y))
			}
		}
	})
	return all
}

func (l lesionOf) dice(s *Set) float64 { return dice(s, l.mask, l.p.W, l.p.Bounds()) }

// On real lesions, without a model, one press of the wand finds about half, and
// presses of the edge brush keep to them better than a plain disc.
func TestRealLesions(t *testing.T) {
	all := realLesions(t)
	n, wand := float64(len(all)), 0.0
	for _, l := range all {
		wand += l.dice(Wand{Tolerance: 150, Denoise: true, Firm: true, Holes: 150, Radius: 55}.Find(l.p, l.seed)) / n
	}
	t.Logf("%g lesions: the wand's mean Dice is %.3f", n, wand)
	if n < 20 || wand < 0.45 {
		t.Error("the wand falls short")
	}
	for _, radius := range []float64{16, 24} {
		stuck, plain := 0.0, 0.0
		for _, l := range all {
			a, b := NewSet(l.p.Bounds()), NewSet(l.p.Bounds())
			for _, q := range l.dabs(radius) {
				x, y := float64(q.X)+0.5, float64(q.Y)+0.5
				a.Union(Stick(l.p, x, y, radius, TissueAt(l.p, x, y, radius), DefaultStep, nil))
				disc(l.p, x, y, radius, b.Add)
			}
			stuck, plain = stuck+l.dice(a)/n, plain+l.dice(b)/n
		}
		t.Logf("radius %g: the edge brush's is %.3f, a plain disc's %.3f", radius, stuck, plain)
		if stuck < plain {
			t.Error("the edge brush falls short")
		}
	}
}
